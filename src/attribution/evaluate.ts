import { megabyte, memoryHere, overLimit } from "../base/limits.js";
import { tensor, toNumbers } from "../tensor/tensor.js";
import type { Feeds, PlanStep, Program } from "./plan.js";
import { alphaInput, weightInput } from "./program/frame.js";
import type { Item, Rows } from "./rows.js";

/** The weighted sums of a program's integrands over points, for a list of items. */
export interface Sums {
  /** `score[k][i]`: the target at point k of item i. */
  readonly score: readonly Float64Array[];
  /** By output name: `sums[l][i]` is the sum under weight row l for item i, flattened. */
  readonly credit: ReadonlyMap<string, readonly (readonly Float64Array[])[]>;
}

export interface Points {
  /** α of point k; one for all items, or one an item. */
  readonly alphas: readonly (number | readonly number[])[];
  /** `weights[l][k]`. */
  readonly weights: readonly (readonly number[])[];
}

export type Steps<T> = Generator<PlanStep, T, Feeds>;

/** Runs a program at points × items, at most `capacity` of them at once, and adds up in double precision. */
export function* evaluate(rows: Rows, program: Program, items: readonly Item[], points: Points, capacity: number, unitLayer: string | null): Steps<Sums> {
  const score = points.alphas.map(() => new Float64Array(items.length));
  const credit = new Map<string, Float64Array[][]>();
  const single = !rows.bound.stacked;
  const perItems = single ? 1 : Math.min(items.length, capacity);
  const perPoints = single ? 1 : Math.max(1, Math.floor(capacity / perItems));
  for (const [firstItem, itemCount] of chunks(items.length, perItems)) {
    const some = items.slice(firstItem, firstItem + itemCount);
    const base = rows.feeds(some, unitLayer);
    for (const [firstPoint, pointCount] of chunks(points.alphas.length, perPoints)) {
      const alphas = points.alphas.slice(firstPoint, firstPoint + pointCount);
      const weights = points.weights.map((row) => row.slice(firstPoint, firstPoint + pointCount));
      const outputs = yield {
        kind: "run",
        program,
        feeds: {
          ...base,
          [alphaInput]: alphaTensor(alphas, firstItem, itemCount),
          [weightInput]: tensor("float32", [weights.length, pointCount], weights.flat()),
        },
      };
      for (const [name, t] of Object.entries(outputs)) {
        const data = toNumbers(t);
        if (name === "score") {
          for (let k = 0; k < pointCount; k++) for (let i = 0; i < itemCount; i++) score[firstPoint + k]![firstItem + i] = data[k * itemCount + i]!;
          continue;
        }
        if (!name.startsWith("credit/")) continue;
        add(credit, name.slice("credit/".length), data, points.weights.length, items.length, firstItem, itemCount);
      }
    }
  }
  return { score, credit };
}

function add(
  credit: Map<string, Float64Array[][]>,
  name: string,
  data: Float64Array,
  levels: number,
  itemsTotal: number,
  firstItem: number,
  itemCount: number,
): void {
  const size = data.length / (levels * itemCount);
  let sums = credit.get(name);
  if (sums === undefined) {
    checkKept(levels * itemsTotal * size, itemsTotal);
    sums = Array.from({ length: levels }, () => Array.from({ length: itemsTotal }, () => new Float64Array(size)));
    credit.set(name, sums);
  }
  for (let l = 0; l < levels; l++)
    for (let i = 0; i < itemCount; i++) {
      const sum = sums[l]![firstItem + i]!;
      const at = (l * itemCount + i) * size;
      for (let e = 0; e < size; e++) sum[e] = sum[e]! + data[at + e]!;
    }
}

/** Where rows can't be stacked, each of them has credits of everything: many rows of a large input are more than there is memory for. */
function checkKept(numbers: number, items: number): void {
  const needed = (numbers * Float64Array.BYTES_PER_ELEMENT) / megabyte;
  const limit = memoryHere();
  if (!(needed <= limit)) throw overLimit("memoryMegabytes", `The credits of ${items} rows need`, needed, { limit, hint: "Ask for fewer rows at once." });
}

function alphaTensor(alphas: readonly (number | readonly number[])[], firstItem: number, itemCount: number): Feeds[string] {
  if (alphas.every((a) => typeof a === "number")) return tensor("float32", [alphas.length, 1], alphas);
  return tensor(
    "float32",
    [alphas.length, itemCount],
    alphas.flatMap((a) => (typeof a === "number" ? Array<number>(itemCount).fill(a) : a.slice(firstItem, firstItem + itemCount))),
  );
}

/** Even pieces of at most `most`: [start, length]. */
function chunks(total: number, most: number): [number, number][] {
  const pieces = Math.max(1, Math.ceil(total / most));
  return Array.from({ length: pieces }, (_, i): [number, number] => {
    const start = Math.floor((i * total) / pieces);
    return [start, Math.floor(((i + 1) * total) / pieces) - start];
  }).filter(([, length]) => length > 0);
}
