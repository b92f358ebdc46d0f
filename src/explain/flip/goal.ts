import { ExplainError } from "../../base/diagnostic.js";
import type { FlipGoal } from "../../protocol/flip.js";
import { resolveTarget, type ClassScores } from "../targets.js";
import type { Outcome } from "./part.js";

/** A probability above this is the yes of a model with a single one. */
const half = 0.5;

/** What is wanted of a prediction. `asked`: a class or a number; without it any other class. Throws OPTION_INVALID or UNKNOWN_TARGET with what there is to choose from. */
export function goalOf(scores: ClassScores, asked: string | undefined, isProbability: boolean): FlipGoal {
  const positions = scores.dims.slice(0, -1);
  if (positions.some((d) => d !== 1))
    throw new ExplainError(
      "OPTION_INVALID",
      `"${scores.value}" has predictions at several positions [${positions.join(", ")}]: there is no one class to flip.`,
      {
        hint: "Use a model with one prediction a sample.",
      },
    );
  return scores.data.length === 1 ? scoreGoal(scores, asked, isProbability) : classGoal(scores, asked);
}

function classGoal(scores: ClassScores, asked: string | undefined): FlipGoal {
  const from = largest(scores.data);
  if (asked === undefined) return { kind: "otherClass", from };
  const [target] = resolveTarget(asked, scores, () => undefined);
  const index = target?.value === scores.value ? (target.index.at(-1) ?? 0) : from;
  if (index === from)
    throw new ExplainError("OPTION_INVALID", `The model predicts ${target?.label ?? `class ${from}`} already.`, {
      hint: "Name another class, or none for any other.",
    });
  return { kind: "class", from, index };
}

function scoreGoal({ value: name, data }: ClassScores, asked: string | undefined, isProbability: boolean): FlipGoal {
  const [now = NaN] = Array.from(data);
  const yes = now > half;
  if (isProbability && (asked === undefined || asked.trim() === (yes ? "0" : "1"))) return { kind: "value", value: half, up: !yes };
  if (asked === undefined)
    throw new ExplainError("OPTION_INVALID", `"${name}" is a single number (${now} here): there is no class to flip.`, {
      hint: "Say which value it should reach (--to VALUE).",
    });
  const value = asked.trim() === "" ? NaN : Number(asked);
  if (!Number.isFinite(value)) throw new ExplainError("OPTION_INVALID", `"${asked}" is no number that "${name}" could reach.`, { hint: "Write a number." });
  if (value === now) throw new ExplainError("OPTION_INVALID", `"${name}" is ${now} already.`, { hint: "Name another value." });
  return { kind: "value", value, up: value > now };
}

/**
 * How near a prediction is to a goal. `scores` decide whether it is reached; `logits`, the numbers that a last Softmax or Sigmoid makes the scores of, still differ where
 * probabilities have saturated, and tell how near.
 */
export function judge(goal: FlipGoal, scores: ArrayLike<number>, logits: ArrayLike<number> | undefined): Outcome {
  if (goal.kind === "value") {
    const [now = NaN] = Array.from(scores);
    const ahead = goal.up ? now - goal.value : goal.value - now;
    const [logit] = Array.from(logits ?? []);
    const end = Math.log(goal.value / (1 - goal.value));
    const margin = logit === undefined || !Number.isFinite(end) ? ahead : goal.up ? logit - end : end - logit;
    // A probability of exactly one half is a no.
    return { margin, reached: goal.value === half && goal.up ? ahead > 0 : ahead >= 0 };
  }
  const wanted = (i: number): boolean => (goal.kind === "class" ? i === goal.index : i !== goal.from);
  const from = logits?.length === scores.length ? logits : scores;
  const most = (chosen: (i: number) => boolean): number => Array.from(from).reduce((top, x, i) => (chosen(i) && x > top ? x : top), -Infinity);
  return { margin: most(wanted) - most((i) => !wanted(i)), reached: wanted(largest(scores)) };
}

/** The first of the largest. */
function largest(scores: ArrayLike<number>): number {
  return Array.from(scores).reduce((top, x, i, all) => (x > (all[top] ?? -Infinity) ? i : top), 0);
}
