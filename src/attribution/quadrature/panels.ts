import { present } from "../../base/assert.js";
import { nestedRule } from "./nested.js";
import { fixedRule } from "./rules.js";

/** The nodes of the nested rule's finest level, ascending: the grid on which panels are halved. */
export function panelGrid(): readonly number[] {
  return (grid ??= [...nestedRule().nodes].sort((a, b) => a - b));
}

let grid: readonly number[] | undefined;

/** An interval between neighbouring nodes, and how to integrate over it what is known at nodes around it. */
export interface Panel {
  /** Places in the list of nodes. */
  readonly from: number;
  readonly to: number;
  /** The first of the nodes that the weights belong to. */
  readonly first: number;
  /** Integrates the polynomial through the eight nearest nodes (or all, where there are fewer). */
  readonly weights: readonly number[];
  /** The same less the integral of the polynomial through the nearest six: what the last two orders change. */
  readonly difference: readonly number[];
}

const nodesOfPanel = 8;

/** The panels between ascending nodes, of which there are at least four. */
export function panels(nodes: readonly number[]): Panel[] {
  return nodes.slice(1).map((end, from): Panel => {
    const around = (count: number): number => Math.max(0, Math.min(from + 1 - count / 2, nodes.length - count));
    const count = Math.min(nodesOfPanel, nodes.length);
    const [first, inner] = [around(count), around(count - 2)];
    const start = present(nodes[from], "node");
    const weights = interpolatory(nodes.slice(first, first + count), start, end);
    const lower = interpolatory(nodes.slice(inner, inner + count - 2), start, end);
    return { from, to: from + 1, first, weights, difference: weights.map((w, k) => w - (lower[k + first - inner] ?? 0)) };
  });
}

/** Weights that integrate over [start, end] the polynomial through `nodes`: Lagrange's basis by a Gauss rule that is exact for its degree. */
function interpolatory(nodes: readonly number[], start: number, end: number): number[] {
  const gauss = fixedRule("gausslegendre", Math.ceil(nodes.length / 2));
  const basis = (k: number, x: number): number => nodes.reduce((product, node, j) => (j === k ? product : (product * (x - node)) / (nodes[k]! - node)), 1);
  return nodes.map((_, k) => (end - start) * gauss.nodes.reduce((sum, x, q) => sum + gauss.weights[q]! * basis(k, start + (end - start) * x), 0));
}
