import type { FlipPart } from "./flipPart.js";
import { spreadOf } from "./spread.js";

/** Where a number stands: its input, its flat position there, its name. */
export interface Place {
  readonly input: string;
  readonly position: number;
  readonly label: string;
}

/** Steps of a number to one of its spreads, at least. */
const stepsPerSpread = 100;
const mostLevels = 2 ** 30;

/**
 * A number that can take every multiple of a round step (1 where the data has whole numbers only) between the least and the most of the data. Undefined for a feature that
 * is always the same.
 * @param from the sample's value
 * @param values the data's, finite
 */
export function numberPart({ input, position, label }: Place, from: number, values: readonly number[]): FlipPart | undefined {
  const spread = spreadOf(values);
  if (spread === undefined || !Number.isFinite(from)) return undefined;
  const whole = Number.isInteger(from) && values.every(Number.isInteger);
  const exponent = whole ? 0 : Math.floor(Math.log10(spread.value / stepsPerSpread));
  const least = multiple(Math.min(...minmax(values)), exponent, Math.ceil);
  const most = multiple(Math.max(...minmax(values)), exponent, Math.floor);
  // The nearest multiples on both sides of the sample's value, drawn into the range where it lies outside.
  const under = Math.min(multiple(from, exponent, Math.ceil) - 1, most);
  const over = Math.max(multiple(from, exponent, Math.floor) + 1, least);
  const valueAt = (level: number): number => (level === 0 ? from : decimal(level > 0 ? over + level - 1 : under + level + 1, exponent));
  const size = (level: number): number => Math.abs(valueAt(level) - from) / spread.value;
  const count = (n: number): number => Math.min(mostLevels, Math.max(0, n));
  return {
    input,
    below: count(under - least + 1),
    above: count(most - over + 1),
    ordered: true,
    size,
    write: (level) => ({ kind: "elements", positions: [position], values: [valueAt(level)] }),
    describe: (level) => ({ kind: "number", input, position, label, from, to: valueAt(level), spread, size: size(level) }),
  };
}

function minmax(values: readonly number[]): readonly [number, number] {
  return values.reduce<readonly [number, number]>(([least, most], x) => [Math.min(least, x), Math.max(most, x)], [Infinity, -Infinity]);
}

/** How many steps of 10^exponent a number is; what float32 adds to a short decimal is no step. */
function multiple(x: number, exponent: number, round: (x: number) => number): number {
  const steps = exponent < 0 ? x * 10 ** -exponent : x / 10 ** exponent;
  const nearest = Math.round(steps);
  return Math.abs(steps - nearest) < 1e-3 ? nearest : round(steps);
}

/** A multiple of 10^exponent as the short decimal that it is. */
function decimal(steps: number, exponent: number): number {
  return exponent < 0 ? Number((steps / 10 ** -exponent).toFixed(Math.min(100, -exponent))) : steps * 10 ** exponent;
}
