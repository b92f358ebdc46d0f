/** How a node compares the row's value (left) with its own (right). */
export const branchModes = ["leq", "lt", "gte", "gt", "eq", "neq", "member"] as const;
export type BranchMode = (typeof branchModes)[number];

/** What becomes of the summed margins before they are returned. */
export type Link = "none" | "logistic" | "softmax" | "softmaxZero" | "probit";

/**
 * All trees of an operator as flat arrays over their nodes; margins (outputs before the link) are sums of one leaf's values per tree, plus `base`.
 * Source: TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble in https://onnx.ai/onnx/operators/#ai-onnx-ml
 */
export interface Ensemble {
  readonly roots: Int32Array;
  /** By node: column of the input that is compared, or -1 for a leaf. */
  readonly feature: Int32Array;
  /** Indices into `branchModes`. */
  readonly mode: Uint8Array;
  readonly threshold: Float64Array;
  /** Sets of "member" nodes. */
  readonly members: ReadonlyMap<number, ReadonlySet<number>>;
  /** Nodes that follow when the comparison holds, and when it does not. */
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** 1 where a missing value (NaN) counts as holding. */
  readonly missingHolds: Uint8Array;
  /** Weight of the training rows that reached each node; null when the file has none that add up. */
  readonly cover: Float64Array | null;
  /** Columns of the margin. */
  readonly outputs: number;
  /** By node and output, [nodes × outputs]; zero but at leaves. */
  readonly values: Float64Array;
  readonly base: Float64Array;
  readonly link: Link;
  /** Most branches on a way from a root to a leaf. */
  readonly depth: number;
}

/** By node, whether the comparison holds for one row of features. */
export function decisions(trees: Ensemble, features: ArrayLike<number>, offset = 0): Uint8Array {
  const { feature, mode, threshold, members, missingHolds } = trees;
  const holds = new Uint8Array(feature.length);
  for (let node = 0; node < feature.length; node++) {
    const column = feature[node]!;
    if (column < 0) continue;
    const x = features[offset + column]!;
    holds[node] = (Number.isNaN(x) && missingHolds[node] === 1) || compare(branchModes[mode[node]!]!, x, threshold[node]!, members.get(node)) ? 1 : 0;
  }
  return holds;
}

function compare(mode: BranchMode, x: number, threshold: number, members: ReadonlySet<number> | undefined): boolean {
  switch (mode) {
    case "leq":
      return x <= threshold;
    case "lt":
      return x < threshold;
    case "gte":
      return x >= threshold;
    case "gt":
      return x > threshold;
    case "eq":
      return x === threshold;
    case "neq":
      return x !== threshold;
    case "member":
      return members?.has(x) ?? false;
  }
}

/** The margins of a row, by its decisions. */
export function margins(trees: Ensemble, holds: Uint8Array): Float64Array {
  const { roots, feature, yes, no, outputs, values, base } = trees;
  const sums = Float64Array.from(base);
  for (const root of roots) {
    let node = root;
    while (feature[node]! >= 0) node = holds[node] === 1 ? yes[node]! : no[node]!;
    for (let o = 0; o < outputs; o++) sums[o] = sums[o]! + values[node * outputs + o]!;
  }
  return sums;
}

/** What the operator returns for margins. Source: the post_transform attribute of the operators. */
export function linked(link: Link, margin: Float64Array): Float64Array {
  switch (link) {
    case "none":
      return margin;
    case "logistic":
      return margin.map((m) => 1 / (1 + Math.exp(-m)));
    case "probit":
      return margin.map((m) => Math.SQRT2 * inverseErf(2 * m - 1));
    case "softmax":
    case "softmaxZero": {
      // With "softmaxZero" an output that no leaf spoke for stays 0.
      const kept = margin.map((m) => (link === "softmax" || m !== 0 ? 1 : 0));
      const most = Math.max(...margin);
      const powers = margin.map((m, i) => (kept[i] === 1 ? Math.exp(m - most) : 0));
      const sum = powers.reduce((s, p) => s + p, 0);
      return powers.map((p) => p / sum);
    }
  }
}

/** Winitzki's approximation, which is what the runtime computes too (2e-3 relative). Source: S. Winitzki (2008), A handy approximation for the error function. */
function inverseErf(x: number): number {
  const log = Math.log((1 - x) * (1 + x));
  const a = 0.147;
  const v = 2 / (Math.PI * a) + 0.5 * log;
  return Math.sign(x) * Math.sqrt(-v + Math.sqrt(v * v - log / a));
}
