import type { Ensemble, Link } from "./ensemble.js";

/** A leaf's say: `weight` for the margin `output`. */
export interface LeafWeight {
  readonly node: number;
  readonly output: number;
  readonly weight: number;
}

/** Trees as the file lists them, before outputs are put together. */
export interface ListedTrees extends Omit<Ensemble, "outputs" | "values" | "base" | "link" | "depth" | "cover"> {
  readonly cover: Float64Array | null;
}

export interface Outputs {
  readonly outputs: number;
  readonly classifier: boolean;
  readonly base: readonly number[];
  readonly link: Link;
  /** The trees' mean instead of their sum. */
  readonly mean: boolean;
}

/** Puts the leaves' weights into columns of the margin, so that margins are sums over trees whatever way the file writes them. */
export function foldOutputs(trees: ListedTrees, leaves: readonly LeafWeight[], how: Outputs): Ensemble {
  const { outputs, base, mean } = how;
  const nodes = trees.feature.length;
  const scale = mean ? 1 / trees.roots.length : 1;
  const values = new Float64Array(nodes * outputs);
  // A classifier of two classes may have weights for one only.
  const single = how.classifier && outputs === 2 && new Set(leaves.map((l) => l.output)).size === 1 ? leaves[0]?.output : undefined;
  const common = { ...trees, cover: addsUp(trees) ? trees.cover : null, outputs, values, depth: depthOf(trees) };
  if (single === 0 && base.length < 2) {
    // The runtime takes them for the second class. The first gets the opposite, or what is left of 1 where all are positive; of the links only the logistic one counts.
    const share = how.link !== "logistic" && leaves.every((l) => l.weight >= 0);
    for (const { node, weight } of leaves) {
      values[node * 2] = values[node * 2]! - weight * scale;
      values[node * 2 + 1] = values[node * 2 + 1]! + weight * scale;
    }
    const start = base[0] ?? 0;
    return { ...common, base: Float64Array.of(share ? 1 - start : -start, start), link: how.link === "logistic" ? "logistic" : "none" };
  }
  for (const { node, output, weight } of leaves) values[node * outputs + output] = values[node * outputs + output]! + weight * scale;
  const starts = Float64Array.from({ length: outputs }, (_, o) => (single === undefined || single === o ? (base[o] ?? 0) : 0));
  return { ...common, base: starts, link: how.link };
}

/** Covers are usable when both ways of every branch add up to it; converters that have none write 1 everywhere. */
function addsUp({ cover, feature, yes, no }: ListedTrees): boolean {
  if (cover === null) return false;
  for (let node = 0; node < feature.length; node++) {
    if (feature[node]! < 0) continue;
    const whole = cover[node]!;
    if (!(whole > 0) || Math.abs(cover[yes[node]!]! + cover[no[node]!]! - whole) > 1e-3 * whole) return false;
  }
  return true;
}

function depthOf({ roots, feature, yes, no }: ListedTrees): number {
  let deepest = 0;
  const open = [...roots].map((node) => ({ node, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    deepest = Math.max(deepest, next.depth);
    if (feature[next.node]! < 0 || next.depth > feature.length) continue;
    open.push({ node: yes[next.node]!, depth: next.depth + 1 }, { node: no[next.node]!, depth: next.depth + 1 });
  }
  return deepest;
}
