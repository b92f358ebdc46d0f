import type { Edits } from "../protocol/edits.js";
import type { Explanation, FeatureRange, Result } from "../protocol/explanation.js";
import type { EditableInput, ExplanationView, InputView, WhatIfView } from "../protocol/viewModel.js";
import { formatSigned } from "./format.js";
import { formerPicture } from "./formerPicture.js";
import { editableCategories } from "./groupedFeatures.js";
import { pixelsOf, type Roles } from "./inputs.js";
import { pictureLayout, type PictureLayout } from "./pictureLayout.js";
import { predictionView } from "./prediction.js";
import { t } from "../protocol/words.js";

type Ranges = Readonly<Record<string, readonly FeatureRange[]>>;

/** More elements than this are not edited one by one. */
const mostFeatures = 300;

/** How many pixels of a picture an edit changed. */
function changedPixels(values: readonly unknown[], now: readonly unknown[], { channels, height, width, position }: PictureLayout): number {
  if (now === values) return 0;
  const planes = Array.from({ length: channels }, (_, channel) => channel);
  const isChanged = (at: number): boolean => now[at] !== values[at];
  let count = 0;
  for (let line = 0; line < height; line++)
    for (let column = 0; column < width; column++) if (planes.some((channel) => isChanged(position(channel, line, column)))) count++;
  return count;
}

function editable(original: Result, edits: Edits, ranges: Ranges, roles: Roles): EditableInput[] {
  return Object.entries(original.attributions).flatMap(([name, credit]): EditableInput[] => {
    const edit = edits[name];
    if (credit.text !== undefined) return [{ kind: "text", name, original: credit.text, now: edit?.kind === "text" ? edit.text : credit.text }];
    const { values, labels } = credit;
    if (values === undefined) return [];
    const now = edit?.kind === "values" ? edit.values : values;
    const picture = pictureLayout(credit, roles.get(name));
    if (picture !== null) return [{ kind: "picture", name, changed: changedPixels(values, now, picture), size: picture.height * picture.width }];
    if (values.length > mostFeatures || credit.spans !== undefined || credit.dims.filter((d) => d !== 1).length > 1) return [];
    const categories = editableCategories(credit, now);
    return [
      {
        kind: "features",
        name,
        ...(categories.length === 0 ? {} : { categories }),
        features: values.map((value, position) => {
          const range = ranges[name]?.[position];
          return {
            position,
            label: labels?.[position] ?? `${name}[${position}]`,
            original: value,
            now: now[position] ?? value,
            ...(range === undefined ? {} : { range }),
          };
        }),
      },
    ];
  });
}

/** What can be edited, and how the edited sample differs from the original. `explanation` is of the edited sample, `original` of the sample as it is. */
export function whatIfView(
  explanation: Explanation,
  original: Explanation | undefined,
  edits: Edits | undefined,
  ranges: Ranges | undefined,
  roles: Roles,
): WhatIfView | null {
  const now = explanation.results[0];
  const before = (original ?? explanation).results[0];
  if (now === undefined || before === undefined) return null;
  const inputs = editable(before, edits ?? {}, ranges ?? {}, roles);
  if (inputs.length === 0) return null;
  const edited = original !== undefined;
  const was = predictionView(before);
  const is = predictionView(now);
  const said = (view: typeof was): string => [view.label, view.confidence].filter((part) => part !== undefined && part !== "").join(" ");
  const change = now.score === null || before.score === null ? null : now.score - before.score;
  const label = now.target?.label ?? t("what is explained");
  const size = formatSigned(change ?? 0).replace(/^[+−]/u, "");
  const difference =
    change === null
      ? ""
      : change === 0
        ? t(": the score of {0} stays", label)
        : change > 0
          ? t(": the score of {0} rises by {1}", label, size)
          : t(": the score of {0} falls by {1}", label, size);
  return {
    inputs,
    edited,
    sentence: edited ? `${said(was)} → ${said(is)}${difference}.` : "",
    scoreBefore: edited ? before.score : null,
    scoreNow: edited ? now.score : null,
  };
}

/** The inputs with what was credited before the edit beside them: bars of elements of the same names, and pictures. */
export function withFormer(inputs: readonly InputView[], original: Result | undefined, roles: Roles): ExplanationView["inputs"] {
  if (original === undefined) return inputs;
  return inputs.map((input) => {
    const credit = original.attributions[input.name];
    if (credit === undefined) return input;
    if (input.kind === "image") {
      const former = formerPicture(input.pixels, pixelsOf(credit, roles.get(input.name)));
      return former === null ? input : { ...input, former };
    }
    if (input.kind !== "features" || credit.labels === undefined || new Set(credit.labels).size < credit.labels.length) return input;
    const former = new Map(credit.labels.map((label, i) => [label, credit.data[i]]));
    return {
      ...input,
      bars: input.bars.map((bar) => {
        const was = former.get(bar.label);
        return was === undefined ? bar : { ...bar, former: was };
      }),
    };
  });
}
