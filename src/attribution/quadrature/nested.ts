import { ExplainError } from "../../base/diagnostic.js";
import type { Quadrature } from "./rules.js";

/** Points of the nested levels: each level's nodes contain the ones of the level before. */
export const levelSizes = [9, 17, 33, 65, 129] as const;

/** How strongly the nodes are spread towards the middle; 0.97 to 0.99 measured best. */
const kappa = 0.98;

/** Levels as weights over the nodes of the finest one. */
export interface NestedRule {
  /** Nodes in the order in which the levels need them: the first `levelSizes[0]`, then what each level adds. */
  readonly nodes: readonly number[];
  /** `weights[level][k]` belongs to `nodes[k]`; 0 for nodes that the level does not use. */
  readonly weights: readonly (readonly number[])[];
}

/**
 * Clenshaw–Curtis after the map x ↦ arcsin(κx)/arcsin κ, which moves the nodes from the ends, where they crowd, to the middle.
 * Source: Kosloff & Tal-Ezer, J. Comput. Phys. 104 (1993); Trefethen, SIAM Review 50 (2008).
 */
export function nestedRule(): NestedRule {
  return (computed ??= compute());
}

/** A level of the rule with the one below it for an error estimate: `nodes`, and the weights of both over them, the finer ones first. `points` is a size behind the first. */
export function nestedLevel(points: number): { readonly nodes: readonly number[]; readonly weights: readonly [readonly number[], readonly number[]] } {
  const level = levelSizes.findIndex((size) => size === points);
  const { nodes, weights } = nestedRule();
  const [fine, coarse] = [weights[level], weights[level - 1]];
  if (fine === undefined || coarse === undefined)
    throw new ExplainError("OPTION_INVALID", `The nested rule has no level of ${points} points.`, { hint: `Its levels: ${levelSizes.slice(1).join(", ")}.` });
  return { nodes: nodes.slice(0, points), weights: [fine.slice(0, points), coarse.slice(0, points)] };
}

let computed: NestedRule | undefined;

function compute(): NestedRule {
  const finest = levelSizes[levelSizes.length - 1]! - 1;
  const order: number[] = [];
  const seen = new Set<number>();
  for (const size of levelSizes) {
    const stride = finest / (size - 1);
    for (let j = 0; j <= finest; j += stride)
      if (!seen.has(j)) {
        seen.add(j);
        order.push(j);
      }
  }
  const place = new Map(order.map((j, k) => [j, k]));
  const full = mapped(finest);
  const weights = levelSizes.map((size) => {
    const row = new Array<number>(order.length).fill(0);
    const stride = finest / (size - 1);
    mapped(size - 1).weights.forEach((w, j) => {
      row[place.get(j * stride)!] = w;
    });
    return row;
  });
  return { nodes: order.map((j) => full.nodes[j]!), weights };
}

/** The mapped rule with n + 1 nodes on [0, 1], ends included exactly. */
function mapped(n: number): Quadrature {
  const { nodes, weights } = clenshawCurtis(n);
  const scale = Math.asin(kappa);
  const raw = nodes.map((x, j) => (weights[j]! * kappa) / (scale * Math.sqrt(1 - kappa * kappa * x * x)));
  // The map's derivative is not a polynomial, so the weights miss 1 by the rule's own error; a constant must be exact at every level.
  const total = raw.reduce((s, w) => s + w, 0);
  return { nodes: nodes.map((x) => (1 + Math.asin(kappa * x) / scale) / 2), weights: raw.map((w) => w / total) };
}

/** Clenshaw–Curtis on [−1, 1] with n + 1 nodes (n even), ascending. Source: Waldvogel, BIT 46 (2006). */
function clenshawCurtis(n: number): Quadrature {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let j = n; j >= 0; j--) {
    const theta = (j * Math.PI) / n;
    nodes.push(j * 2 === n ? 0 : Math.cos(theta));
    let sum = 1;
    for (let k = 1; k <= n / 2; k++) sum -= ((2 * k === n ? 1 : 2) / (4 * k * k - 1)) * Math.cos(2 * k * theta);
    weights.push(((j === 0 || j === n ? 1 : 2) / n) * sum);
  }
  return { nodes, weights };
}
