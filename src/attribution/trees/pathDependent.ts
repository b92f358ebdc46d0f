import { fixedRule } from "../quadrature/rules.js";
import type { Ensemble } from "./ensemble.js";

/**
 * Shapley values of one output's margin for a row, where an absent feature sends the row both ways of its branches, in the shares of the training rows that went there.
 *
 * A leaf is a product game: with z its share when the feature is absent and o (0 or 1) when it is present, feature i gets
 * leaf · (o_i − z_i) · ∫₀¹ Π_{j≠i} (z_j (1 − t) + o_j t) dt, a polynomial that few Gauss points integrate exactly. Products are carried down the tree, sums over leaves up,
 * so a row costs points × branches. Sources: Lundberg et al. 2020, https://doi.org/10.1038/s42256-019-0138-9; sums by branch as in Yu et al. 2022, https://arxiv.org/abs/2209.08192
 */
export interface PathDependent {
  /** The mean of the margin under those shares. */
  readonly expected: number;
  /** Adds the credits of a row, given by its decisions, to `credit` (by feature). */
  readonly add: (holds: Uint8Array, credit: Float64Array) => void;
}

/**
 * @param value by node, what a leaf adds to the explained margin
 * @param cover by node, the training rows that reached it
 */
export function pathDependent(trees: Ensemble, value: Float64Array, cover: Float64Array, features: number): PathDependent {
  const { roots, feature, yes, no, depth } = trees;
  const { nodes, weights } = fixedRule("gausslegendre", Math.max(1, Math.ceil(Math.min(depth, features) / 2)));
  const points = nodes.length;
  const [t, w] = [Float64Array.from(nodes), Float64Array.from(weights)];
  /** By feature on the way down: both shares, and the level of the branch that asked for it last (-1: none). */
  const zero = new Float64Array(features).fill(1);
  const one = new Float64Array(features).fill(1);
  const askedAt = new Int32Array(features).fill(-1);
  /** By level and point: the product of all features' shares above, that of the feature asked last, and the sum of products times leaves below. */
  const product = new Float64Array((depth + 1) * points).fill(1);
  const share = new Float64Array((depth + 1) * points).fill(1);
  const sum = new Float64Array((depth + 1) * points);

  const visit = (node: number, level: number, holds: Uint8Array, credit: Float64Array): void => {
    const at = level * points;
    const f = feature[node]!;
    if (f < 0) {
      const leaf = value[node]!;
      for (let q = 0; q < points; q++) sum[at + q] = product[at + q]! * leaf;
      return;
    }
    for (let q = 0; q < points; q++) sum[at + q] = 0;
    const below = at + points;
    const [z, o, before] = [zero[f]!, one[f]!, askedAt[f]!];
    const above = before * points;
    const taken = holds[node] === 1 ? yes[node]! : no[node]!;
    askedAt[f] = level + 1;
    for (let side = 0; side < 2; side++) {
      const child = side === 0 ? yes[node]! : no[node]!;
      const childZ = (z * cover[child]!) / cover[node]!;
      const childO = child === taken ? o : 0;
      // Nobody comes here, present or absent.
      if (childZ === 0 && childO === 0) continue;
      [zero[f], one[f]] = [childZ, childO];
      for (let q = 0; q < points; q++) {
        const own = childZ + (childO - childZ) * t[q]!;
        share[below + q] = own;
        product[below + q] = (before < 0 ? product[at + q]! : product[at + q]! / share[above + q]!) * own;
      }
      visit(child, level + 1, holds, credit);
      let credits = 0;
      for (let q = 0; q < points; q++) {
        const leaves = sum[below + q]!;
        sum[at + q] = sum[at + q]! + leaves;
        let factor = (childO - childZ) / share[below + q]!;
        // What a branch above on the same feature will count for these leaves is taken back: their last branch decides.
        if (before >= 0) factor -= (o - z) / share[above + q]!;
        credits += w[q]! * leaves * factor;
      }
      credit[f] = credit[f]! + credits;
    }
    [zero[f], one[f], askedAt[f]] = [z, o, before];
  };

  const mean = (node: number): number => {
    if (feature[node]! < 0) return value[node]!;
    const [a, b] = [yes[node]!, no[node]!];
    return (cover[a]! * mean(a) + cover[b]! * mean(b)) / (cover[a]! + cover[b]!);
  };
  return {
    expected: roots.reduce((total, root) => total + mean(root), 0),
    add: (holds, credit) => {
      for (const root of roots) visit(root, 0, holds, credit);
    },
  };
}
