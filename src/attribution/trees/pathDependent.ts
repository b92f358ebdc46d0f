import type { Ensemble } from "./ensemble.js";

/**
 * Shapley values of one output's margin for a row, where an absent feature sends the row both ways of its branches, in the shares of the training rows that went there.
 * Source: Lundberg et al. 2020, https://doi.org/10.1038/s42256-019-0138-9 (algorithm 2: a leaf's weights for all sizes of coalitions are carried down the path).
 */
export interface PathDependent {
  /** The mean of the margin under those shares. */
  readonly expected: number;
  /** Adds the credits of a row, given by its decisions, to `credit` (by feature). */
  add(holds: Uint8Array, credit: Float64Array): void;
}

/**
 * @param value by node, what a leaf adds to the explained margin
 * @param cover by node, the training rows that reached it
 */
export function pathDependent(trees: Ensemble, value: Float64Array, cover: Float64Array): PathDependent {
  const { roots, feature, yes, no, depth } = trees;
  // The paths of all levels stand one behind the other: level k has at most k + 1 entries.
  const room = ((depth + 2) * (depth + 3)) / 2;
  const path = { feature: new Int32Array(room), zero: new Float64Array(room), one: new Float64Array(room), weight: new Float64Array(room) };
  let holds = new Uint8Array(0);
  let credit = new Float64Array(0);

  const visit = (node: number, from: number, entries: number, zero: number, one: number, by: number): void => {
    const at = from + entries;
    for (let i = 0; i < entries; i++) {
      path.feature[at + i] = path.feature[from + i]!;
      path.zero[at + i] = path.zero[from + i]!;
      path.one[at + i] = path.one[from + i]!;
      path.weight[at + i] = path.weight[from + i]!;
    }
    extend(path, at, entries, zero, one, by);
    let length = entries + 1;
    const f = feature[node]!;
    if (f < 0) {
      const leaf = value[node]!;
      if (leaf === 0) return;
      for (let i = 1; i < length; i++) {
        const by = path.feature[at + i]!;
        credit[by] = credit[by]! + unwoundSum(path, at, length, i) * (path.one[at + i]! - path.zero[at + i]!) * leaf;
      }
      return;
    }
    let [soFarZero, soFarOne] = [1, 1];
    for (let i = 1; i < length; i++) {
      if (path.feature[at + i] !== f) continue;
      // A feature that was asked before: its entry is taken out and goes on with both answers.
      [soFarZero, soFarOne] = [path.zero[at + i]!, path.one[at + i]!];
      unwind(path, at, length, i);
      length--;
      break;
    }
    const [hot, cold] = holds[node] === 1 ? [yes[node]!, no[node]!] : [no[node]!, yes[node]!];
    visit(hot, at, length, (soFarZero * cover[hot]!) / cover[node]!, soFarOne, f);
    visit(cold, at, length, (soFarZero * cover[cold]!) / cover[node]!, 0, f);
  };

  let expected = 0;
  const mean = (node: number): number =>
    feature[node]! < 0
      ? value[node]!
      : (cover[yes[node]!]! * mean(yes[node]!) + cover[no[node]!]! * mean(no[node]!)) / (cover[yes[node]!]! + cover[no[node]!]!);
  for (const root of roots) expected += mean(root);
  return {
    expected,
    add(row, into) {
      [holds, credit] = [row as Uint8Array<ArrayBuffer>, into as Float64Array<ArrayBuffer>];
      for (const root of roots) visit(root, 0, 0, 1, 1, -1);
    },
  };
}

/** Entries of the features on the way down, each with the shares of the absent (`zero`) and the present (`one`) feature; `weight` is by size of the coalition. */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

function extend({ feature, zero, one, weight }: Path, at: number, last: number, ofZero: number, ofOne: number, by: number): void {
  feature[at + last] = by;
  zero[at + last] = ofZero;
  one[at + last] = ofOne;
  weight[at + last] = last === 0 ? 1 : 0;
  for (let i = last - 1; i >= 0; i--) {
    weight[at + i + 1] = weight[at + i + 1]! + (ofOne * weight[at + i]! * (i + 1)) / (last + 1);
    weight[at + i] = (ofZero * weight[at + i]! * (last - i)) / (last + 1);
  }
}

/** Takes an entry out again, as if it had never been added. */
function unwind({ feature, zero, one, weight }: Path, at: number, length: number, entry: number): void {
  const last = length - 1;
  const [ofZero, ofOne] = [zero[at + entry]!, one[at + entry]!];
  let next = weight[at + last]!;
  for (let i = last - 1; i >= 0; i--) {
    if (ofOne !== 0) {
      const before = weight[at + i]!;
      weight[at + i] = (next * length) / ((i + 1) * ofOne);
      next = before - (weight[at + i]! * ofZero * (last - i)) / length;
    } else weight[at + i] = (weight[at + i]! * length) / (ofZero * (last - i));
  }
  for (let i = entry; i < last; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/** The sum of the weights that `unwind` would leave. */
function unwoundSum({ zero, one, weight }: Path, at: number, length: number, entry: number): number {
  const last = length - 1;
  const [ofZero, ofOne] = [zero[at + entry]!, one[at + entry]!];
  let next = weight[at + last]!;
  let sum = 0;
  for (let i = last - 1; i >= 0; i--) {
    if (ofOne !== 0) {
      const own = (next * length) / ((i + 1) * ofOne);
      sum += own;
      next = weight[at + i]! - (own * ofZero * (last - i)) / length;
    } else if (ofZero !== 0) sum += (weight[at + i]! * length) / (ofZero * (last - i));
  }
  return sum;
}
