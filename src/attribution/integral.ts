import type { MethodOptions } from "../protocol/request.js";
import type { AttributionResult, Program } from "./plan.js";
import type { Item, Rows } from "./rows.js";

/** An integral over the path, for one item: credits by name, flattened. */
export interface Integral {
  readonly credit: ReadonlyMap<string, Float64Array>;
  /** Error estimate per element; null for fixed rules. */
  readonly error: ReadonlyMap<string, Float64Array> | null;
  readonly score: number;
  readonly baselineScore: number;
  readonly points: number;
  readonly converged: boolean;
}

export interface Integrand {
  readonly rows: Rows;
  readonly program: Program;
  /** F alone, along the path of the inputs. */
  readonly scores: Program;
  /** Whether `program` moves along that path too: what moves a layer alone ends where the rest of the model stayed at the sample. */
  readonly inputPath: boolean;
  readonly items: readonly Item[];
  readonly capacity: number;
  readonly unitLayer: string | null;
  readonly options: MethodOptions;
  /** Whether Σ credit = F(x) − F(x′) holds in theory, so that it can be asked for. */
  readonly complete: boolean;
  /** Offers a usable result from what is known so far; built only if somebody looks at it. */
  readonly partial?: (integrals: readonly Integral[]) => () => AttributionResult;
}

/** Default tolerance: share of the item's largest credit. */
export const defaultTolerance = 0.005;
/** Below this, estimates that take the next level's gain into account are too hopeful. */
export const tightTolerance = 0.002;
/** float32 kernels differ by a few 1e-7 of the largest term; asking for less only costs points. */
export const noiseFloor = 2e-6;

/** The largest absolute value; NaN where one is NaN, as no comparison holds for it. */
export function largest(arrays: Iterable<Float64Array>): number {
  let most = 0;
  for (const a of arrays) for (const v of a) most = Math.max(most, Math.abs(v));
  return most;
}

/** The sum of all elements. */
export function total(arrays: Iterable<Float64Array>): number {
  let sum = 0;
  for (const a of arrays) for (const v of a) sum += v;
  return sum;
}
