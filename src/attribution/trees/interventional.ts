import type { Ensemble } from "./ensemble.js";

/**
 * Shapley values of one output's margin for a row x against one background row z, exactly: every branch where both go the same way is passed,
 * at the others the game splits, and a leaf reached with u features of x and v of z has the weights (u − 1)! v! / (u + v)! and u! (v − 1)! / (u + v)!.
 * Source: Lundberg et al. 2020, https://doi.org/10.1038/s42256-019-0138-9 (algorithm 3).
 */
export interface Interventional {
  /** Adds the credits of x against z, given by their decisions, to `credit` (by feature). */
  add(x: Uint8Array, z: Uint8Array, credit: Float64Array): void;
}

/** @param value by node, what a leaf adds to the explained margin */
export function interventional(trees: Ensemble, value: Float64Array, features: number): Interventional {
  const { roots, feature, yes, no, depth } = trees;
  const size = depth + 2;
  const weight = splitWeights(size);
  /** By feature: 0 undecided, 1 taken from x, 2 taken from z. */
  const taken = new Uint8Array(features);
  let x = new Uint8Array(0);
  let z = x;
  let credit = new Float64Array(0);
  // The two sums of a subtree: its leaves weighed for a feature of x above it, and for one of z.
  let forX = 0;
  let forZ = 0;

  const visit = (start: number, u: number, v: number): void => {
    let node = start;
    for (;;) {
      const f = feature[node]!;
      if (f < 0) {
        const leaf = value[node]!;
        forX = u === 0 ? 0 : leaf * weight[(u - 1) * size + v]!;
        forZ = v === 0 ? 0 : leaf * weight[(v - 1) * size + u]!;
        return;
      }
      const [xHolds, zHolds] = [x[node], z[node]];
      if (xHolds === zHolds) {
        node = xHolds === 1 ? yes[node]! : no[node]!;
        continue;
      }
      const [ofX, ofZ] = xHolds === 1 ? [yes[node]!, no[node]!] : [no[node]!, yes[node]!];
      const state = taken[f];
      if (state !== 0) {
        node = state === 1 ? ofX : ofZ;
        continue;
      }
      taken[f] = 1;
      visit(ofX, u + 1, v);
      const [withX, withXz] = [forX, forZ];
      taken[f] = 2;
      visit(ofZ, u, v + 1);
      taken[f] = 0;
      credit[f] = credit[f]! + withX - forZ;
      forX += withX;
      forZ += withXz;
      return;
    }
  };
  return {
    add(rowX, rowZ, into) {
      [x, z, credit] = [rowX as Uint8Array<ArrayBuffer>, rowZ as Uint8Array<ArrayBuffer>, into as Float64Array<ArrayBuffer>];
      for (const root of roots) visit(root, 0, 0);
    },
  };
}

/** [a × size + b] = a! b! / (a + b + 1)!: the share of orders in which a given feature comes right after a others and before b. */
function splitWeights(size: number): Float64Array {
  const weights = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    // a! 0! / (a + 1)! = 1 / (a + 1), and each further b multiplies by b / (a + b + 1).
    let w = 1 / (a + 1);
    weights[a * size] = w;
    for (let b = 1; b < size; b++) {
      w *= b / (a + b + 1);
      weights[a * size + b] = w;
    }
  }
  return weights;
}
