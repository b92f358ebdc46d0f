import type { Edits } from "../protocol/edits.js";
import type { Explanation, FeatureRange, Result } from "../protocol/explanation.js";
import type { EditableInput, ExplanationView, InputView, WhatIfView } from "../protocol/viewModel.js";
import { formatSigned } from "./format.js";
import { predictionView } from "./prediction.js";
import { t } from "../protocol/words.js";

type Ranges = Readonly<Record<string, readonly FeatureRange[]>>;

/** More elements than this are not edited one by one. */
const mostFeatures = 300;

function editable(original: Result, edits: Edits, ranges: Ranges): EditableInput[] {
  return Object.entries(original.attributions).flatMap(([name, credit]): EditableInput[] => {
    const edit = edits[name];
    if (credit.text !== undefined) return [{ kind: "text", name, original: credit.text, now: edit?.kind === "text" ? edit.text : credit.text }];
    const { values, labels } = credit;
    if (values === undefined || values.length > mostFeatures || credit.spans !== undefined || credit.dims.filter((d) => d !== 1).length > 1) return [];
    const now = edit?.kind === "values" ? edit.values : values;
    return [
      {
        kind: "features",
        name,
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
): WhatIfView | null {
  const now = explanation.results[0];
  const before = (original ?? explanation).results[0];
  if (now === undefined || before === undefined) return null;
  const inputs = editable(before, edits ?? {}, ranges ?? {});
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

/** The inputs with the credits of the original beside those of the edited sample, where elements have the same names. */
export function withFormer(inputs: readonly InputView[], original: Result | undefined): ExplanationView["inputs"] {
  if (original === undefined) return inputs;
  return inputs.map((input) => {
    if (input.kind !== "features") return input;
    const credit = original.attributions[input.name];
    if (credit?.labels === undefined || new Set(credit.labels).size < credit.labels.length) return input;
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
