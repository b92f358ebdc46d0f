import { ExplainError } from "../../base/diagnostic.js";
import { sizeOf } from "../../tensor/tensor.js";
import type { ResolvedTarget } from "../targets.js";
import type { TargetChoice } from "./targetSeed.js";

/** What a target's words mean for every row: `predicted` is each row's own prediction, everything else an element that stays. `dims` are the value's, behind the batch axis. */
export function targetChoice(words: string, target: ResolvedTarget, versus: ResolvedTarget | undefined, dims: readonly number[]): TargetChoice {
  const flat = (index: readonly number[]): number => index.reduce((at, x, i) => at * (dims[i] ?? 1) + x, 0);
  if (versus !== undefined && versus.value !== target.value)
    throw new ExplainError("UNKNOWN_TARGET", `Targets lie in different values: "${target.value}" and "${versus.value}".`, {
      hint: "Explain them one after the other.",
    });
  return {
    value: target.value,
    element: element(words, target, dims) ?? flat(target.index),
    ...(versus === undefined ? {} : { versus: flat(versus.index) }),
  };
}

/** Where each row's own prediction is looked for; undefined for a target that is the same for all rows. */
function element(words: string, { index }: ResolvedTarget, dims: readonly number[]): TargetChoice["element"] | undefined {
  const text = words.trim().replace(/^logit:/, "");
  if (/^top:\d+/.test(text) && !/^top:1(@|$)/.test(text))
    throw new ExplainError("OPTION_INVALID", `A compiled explanation has one target, but "${words}" asks for several.`, {
      hint: "Compile one file a target: predicted, a class, or VALUE[i,j].",
    });
  const match = /^(?:predicted|top:1)(@.*)?$/.exec(text);
  if (match === null) return undefined;
  if (match[1] === undefined) return { from: 0, count: sizeOf(dims) };
  // The last axis is the classes'; what was named before is the position.
  const count = dims.at(-1) ?? 1;
  const before = index.slice(0, -1).reduce((at, x, i) => at * (dims[i] ?? 1) + x, 0);
  return { from: before * count, count };
}
