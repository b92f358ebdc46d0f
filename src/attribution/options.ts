import { ExplainError } from "../base/diagnostic.js";
import type { MethodOptions } from "../protocol/request.js";

/** The seed of random methods that are given none. */
export const defaultSeed = 1;

/** A whole number from the options. Throws OPTION_INVALID. */
export function readCount(options: MethodOptions, name: string, fallback: number): number {
  const value = options[name] ?? fallback;
  const least = name === "seed" ? 0 : 1;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > 10_000_000)
    throw new ExplainError("OPTION_INVALID", `The option "${name}" should be a whole number from ${least} to 10000000, not ${JSON.stringify(value)}.`);
  return value;
}

/** A number that is not negative. Throws OPTION_INVALID. */
export function readNumber(options: MethodOptions, name: string, fallback: number): number {
  const value = options[name] ?? fallback;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw new ExplainError("OPTION_INVALID", `The option "${name}" should be a number of at least 0, not ${JSON.stringify(value)}.`);
  return value;
}

/** Whole numbers by input name, as `window` and `stride` have them. Throws OPTION_INVALID. */
export function readSizes(options: MethodOptions, name: string): Readonly<Record<string, readonly number[]>> {
  const value = options[name];
  if (value === undefined) return {};
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const valid =
    entries.length > 0 &&
    entries.every(([, sizes]) => Array.isArray(sizes) && sizes.every((s: unknown) => typeof s === "number" && Number.isInteger(s) && s > 0));
  if (!valid)
    throw new ExplainError("OPTION_INVALID", `The option "${name}" should give, by input, one size for every axis behind the batch.`, {
      hint: `For example {"image": [1, 2, 2]}.`,
    });
  return Object.fromEntries<readonly number[]>(entries);
}

/** The seed of everything that is drawn at random. Throws OPTION_INVALID. */
export function readSeed(options: MethodOptions): number {
  return readCount(options, "seed", defaultSeed);
}
