import type { Inspection } from "../../protocol/explanation.js";
import type { Sidecar } from "../../protocol/sidecar.js";

/** What was inferred about a model, in the words of a sidecar: a start to correct. */
export function inferredSidecar({ inputs, outputs }: Pick<Inspection, "inputs" | "outputs">, samples: string | undefined): Sidecar {
  const known = inputs.filter(({ role }) => role !== "unknown");
  const labelled = outputs.filter(({ role, labels }) => role !== "unknown" || labels !== undefined);
  return {
    inputs: Object.fromEntries(known.map(({ name, role }) => [name, { role }])),
    outputs: Object.fromEntries(
      labelled.map(({ name, role, labels }) => [name, { ...(role === "unknown" ? {} : { role }), ...(labels === undefined ? {} : { labels }) }]),
    ),
    ...(samples === undefined ? {} : { samples }),
  };
}
