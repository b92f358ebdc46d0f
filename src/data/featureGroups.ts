import { closest } from "../base/closest.js";
import { ExplainError } from "../base/diagnostic.js";
import type { FeatureGroup } from "../protocol/explanation.js";

/**
 * The groups that a sidecar names, by the places of their features. `input` is named in errors.
 * @throws SIDECAR_INVALID for a feature that the input does not have, or that is in two groups
 */
export function featureGroups(input: string, labels: readonly string[], groups: Readonly<Record<string, readonly string[]>>): readonly FeatureGroup[] {
  const places = new Map(labels.map((label, i) => [label, i]));
  const taken = new Map<string, string>();
  return Object.entries(groups).map(([name, features]) => ({
    name,
    members: features.map((feature) => {
      const place = places.get(feature);
      if (place === undefined) {
        const near = closest(feature, labels);
        throw wrong(
          `The group "${name}" names the feature "${feature}", which the input "${input}" does not have.`,
          near === undefined ? "" : `Did you mean "${near}"? `,
        );
      }
      const other = taken.get(feature);
      if (other !== undefined)
        throw wrong(`The feature "${feature}" of the input "${input}" is in the groups "${other}" and "${name}".`, "A feature can be in one group. ");
      taken.set(feature, name);
      return place;
    }),
  }));
}

function wrong(message: string, what: string): ExplainError {
  return new ExplainError("SIDECAR_INVALID", message, { hint: `${what}The sidecar says so under "inputs", "groups".` });
}
