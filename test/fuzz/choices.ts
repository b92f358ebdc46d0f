import { uniforms } from "../../src/attribution/random.js";

/** Random choices that a seed fixes. */
export interface Choices {
  /** A whole number from 0 to n − 1. */
  below(n: number): number;
  chance(probability: number): boolean;
  of<T>(list: readonly T[]): T;
}

export function choices(seed: number): Choices {
  const next = uniforms(seed);
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (probability) => next() < probability,
    of: (list) => {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new Error("nothing to choose from");
      return chosen;
    },
  };
}
