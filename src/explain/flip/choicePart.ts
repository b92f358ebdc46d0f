import type { FlipPart } from "./flipPart.js";
import type { Place } from "./numberPart.js";

/** A value as the model takes it and as people read it. */
export interface Choice {
  readonly value: number | string;
  readonly shown: number | string;
}

/** Choices that are tried, the most frequent ones of the data. */
const mostChoices = 60;

/** A category that can become any other of the data's. Undefined where there is no other. */
export function choicePart({ input, position, label }: Place, from: Choice, data: readonly Choice[]): FlipPart | undefined {
  const others = frequent(data.filter(({ value }) => value !== from.value));
  if (others.length === 0) return undefined;
  const at = (level: number): Choice => (level === 0 ? from : (others[level - 1] ?? from));
  return {
    input,
    below: 0,
    above: others.length,
    ordered: false,
    size: (level) => (level === 0 ? 0 : 1),
    write: (level) => ({ kind: "elements", positions: [position], values: [at(level).value], shown: [at(level).shown] }),
    describe: (level) => ({ kind: "category", input, positions: [position], label, from: String(from.shown), to: String(at(level).shown), size: 1 }),
  };
}

function frequent(data: readonly Choice[]): readonly Choice[] {
  const counts = new Map<number | string, { readonly choice: Choice; count: number }>();
  for (const choice of data) {
    const known = counts.get(choice.value) ?? { choice, count: 0 };
    known.count++;
    counts.set(choice.value, known);
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, mostChoices)
    .map(({ choice }) => choice);
}
