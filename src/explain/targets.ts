import { ExplainError } from "../base/diagnostic.js";
import type { TargetElement } from "../protocol/request.js";

/** The explained scalar of one row, with the class's name where it has one. */
export interface ResolvedTarget extends TargetElement {
  readonly label?: string;
}

/** The output that tells the classes (or the regression's number) of one row. */
export interface ClassScores {
  readonly value: string;
  /** Behind the batch axis. */
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
  readonly labels?: readonly string[];
  /** The value of the same dims that a Softmax or Sigmoid makes these scores of. */
  readonly logits?: string;
}

/** Dims behind the batch axis of any value of the graph, or undefined when there is no such value. */
export type ValueDims = (value: string) => readonly number[] | undefined;

/** `VALUE[i,j]` taken apart, or undefined for anything else. */
export function parseElement(text: string): TargetElement | undefined {
  const match = /^(.+)\[\s*((?:\d+\s*(?:,\s*\d+\s*)*)?)\]$/.exec(text.trim());
  if (match?.[1] === undefined) return undefined;
  return { value: match[1], index: match[2] === undefined || match[2].trim() === "" ? [] : match[2].split(",").map(Number) };
}

/**
 * What `--target` asks of one row: `predicted`, `top:N`, a class index, a class label, or `VALUE[i,j]` for any value of the graph. `T@i` is T at a position of a
 * sequence of predictions, `logit:T` the value before the last Softmax or Sigmoid instead of the probability.
 * Throws UNKNOWN_TARGET with what there is to choose from.
 */
export function resolveTarget(text: string, scores: ClassScores, valueDims: ValueDims): readonly ResolvedTarget[] {
  const spec = text.trim();
  const label = scores.labels?.indexOf(spec) ?? -1;
  if (label >= 0 && label < lastAxis(scores)) return [ofClass(scores, label, text)];
  if (spec.startsWith("logit:")) return resolveTarget(spec.slice("logit:".length), scores, valueDims).map((target) => asLogit(target, text, scores));
  const at = /^(predicted|top:\d+|[^@[\]]+)@(\d+(?:\s*,\s*\d+)*)$/.exec(spec);
  if (at?.[1] !== undefined && at[2] !== undefined) return atPosition(at[1], at[2].split(",").map(Number), text, scores);
  if (spec === "predicted") return [classTarget(scores, ranking(scores)[0] ?? 0)];
  const top = /^top:(\d+)$/.exec(spec);
  if (top !== null) {
    const count = Number(top[1]);
    if (count === 0) throw unknown(text, scores, "top:N starts at 1.");
    return ranking(scores)
      .slice(0, count)
      .map((i) => classTarget(scores, i));
  }
  if (/^\d+$/.test(spec)) return [ofClass(scores, Number(spec), text)];
  const element = parseElement(spec) ?? (valueDims(spec) === undefined ? undefined : { value: spec, index: [] });
  if (element === undefined) throw unknown(text, scores, "There is no such class, label or value.");
  return [checked(element, text, scores, valueDims)];
}

/** A target among the classes of one position, the last axis being the classes'. */
function atPosition(spec: string, position: readonly number[], text: string, scores: ClassScores): readonly ResolvedTarget[] {
  const before = scores.dims.slice(0, -1);
  if (position.length !== before.length || position.some((x, i) => x >= (before[i] ?? 0)))
    throw new ExplainError(
      "UNKNOWN_TARGET",
      before.length === 0
        ? `The target "${text}" names a position, but "${scores.value}" has one prediction a row.`
        : `The target "${text}" names no position of "${scores.value}", whose predictions are [${before.join(", ")}] a row.`,
      { hint: before.length === 0 ? `Leave the position out: ${spec}.` : `Positions count from 0: ${spec}@${before.map((d) => `0…${d - 1}`).join(",")}.` },
    );
  const count = lastAxis(scores);
  const start = flat(position, before) * count;
  const own: ClassScores = { ...scores, dims: [count], data: Array.from({ length: count }, (_, i) => scores.data[start + i] ?? NaN) };
  return resolveTarget(spec, own, () => undefined).map((target) => ({ ...target, index: [...position, ...target.index] }));
}

function asLogit(target: ResolvedTarget, text: string, scores: ClassScores): ResolvedTarget {
  if (scores.logits === undefined || target.value !== scores.value)
    throw new ExplainError("UNKNOWN_TARGET", `The target "${text}" asks for a logit, but no Softmax or Sigmoid makes "${target.value}" of other numbers.`, {
      hint: "Leave logit: out, or name the value: VALUE[i,j].",
    });
  return { ...target, value: scores.logits };
}

function checked(element: TargetElement, text: string, scores: ClassScores, valueDims: ValueDims): ResolvedTarget {
  const dims = valueDims(element.value);
  if (dims === undefined) throw unknown(text, scores, `The model has no value named "${element.value}".`);
  const index = element.index.length === 0 && dims.every((d) => d === 1) ? dims.map(() => 0) : element.index;
  if (index.length !== dims.length || index.some((x, i) => x >= (dims[i] ?? 0))) {
    const shape =
      dims.length === 0
        ? `one number a row: ask for ${element.value}[]`
        : `[${dims.join(", ")}] a row: ask for ${element.value}[${dims.map((d) => `0…${d - 1}`).join(",")}]`;
    throw new ExplainError("UNKNOWN_TARGET", `The target "${text}" does not exist: the value "${element.value}" has ${shape}.`, {
      hint: "Positions count from 0 and leave the batch axis out.",
    });
  }
  return element.value === scores.value ? classTarget(scores, flat(index, dims)) : { value: element.value, index };
}

/** A class by its number: an index along the last axis of an output that has one number a class. */
function ofClass(scores: ClassScores, index: number, text: string): ResolvedTarget {
  if (scores.dims.slice(0, -1).some((d) => d !== 1)) {
    throw new ExplainError(
      "UNKNOWN_TARGET",
      `The class ${index} alone does not say which of the positions of "${scores.value}" [${scores.dims.join(", ")}] is meant.`,
      {
        hint: `Name the position, ${index}@${scores.dims
          .slice(0, -1)
          .map(() => "0")
          .join(",")}, or the element, ${scores.value}[${scores.dims.map(() => "0").join(",")}].`,
      },
    );
  }
  if (index >= lastAxis(scores))
    throw unknown(text, scores, `"${scores.value}" has ${lastAxis(scores)} ${lastAxis(scores) === 1 ? "number" : "classes"}, counted from 0.`);
  return classTarget(scores, index);
}

function classTarget(scores: ClassScores, position: number): ResolvedTarget {
  const index: number[] = [];
  let rest = position;
  for (const d of [...scores.dims].reverse()) {
    index.unshift(rest % d);
    rest = Math.floor(rest / d);
  }
  const label = scores.labels?.length === lastAxis(scores) ? scores.labels[index.at(-1) ?? 0] : undefined;
  return { value: scores.value, index, ...(label === undefined ? {} : { label }) };
}

/** Positions of the scores, largest first; the first of equals first. */
function ranking(scores: ClassScores): readonly number[] {
  return Array.from(scores.data, (_, i) => i).sort((a, b) => (scores.data[b] ?? 0) - (scores.data[a] ?? 0));
}

function lastAxis(scores: ClassScores): number {
  return scores.dims.at(-1) ?? 1;
}

function flat(index: readonly number[], dims: readonly number[]): number {
  return index.reduce((at, x, i) => at * (dims[i] ?? 1) + x, 0);
}

const shownLabels = 12;

function unknown(text: string, scores: ClassScores, why: string): ExplainError {
  const count = lastAxis(scores);
  const labels = scores.labels?.length === count ? ` (${scores.labels.slice(0, shownLabels).join(", ")}${count > shownLabels ? ", …" : ""})` : "";
  const classes = count === 1 ? `${scores.value}[${scores.dims.map(() => "0").join(",")}]` : `a class from 0 to ${count - 1}${labels}`;
  return new ExplainError("UNKNOWN_TARGET", `The target "${text}" does not exist. ${why}`, {
    hint: `Possible targets: predicted, top:N, ${classes}, or VALUE[i,j] for an element of any value of the graph${scores.dims.length > 1 ? "; predicted@i for a position" : ""}.`,
  });
}
