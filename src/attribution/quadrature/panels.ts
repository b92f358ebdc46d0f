import { present } from "../../base/assert.js";
import { nestedRule } from "./nested.js";

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

/** Weights that integrate over [start, end] the polynomial through `nodes`: the moments of its powers, solved for by Gauss elimination. */
function interpolatory(nodes: readonly number[], start: number, end: number): number[] {
  const [middle, half] = [(start + end) / 2, (end - start) / 2];
  const reach = Math.max(...nodes.map((x) => Math.abs(x - middle)));
  const scaled = nodes.map((x) => (x - middle) / reach);
  const edge = half / reach;
  const rows = nodes.map((_, power) => [...scaled.map((x) => x ** power), power % 2 === 0 ? (2 * reach * edge ** (power + 1)) / (power + 1) : 0]);
  return solve(rows);
}

/** Solves a small system given as rows with the right-hand side at their ends, with row pivoting. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++) if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    for (let r = 0; r < n; r++) {
      if (r === column) continue;
      const row = rows[r]!;
      const factor = row[column]! / head[column]!;
      for (let c = column; c <= n; c++) row[c] = row[c]! - factor * head[c]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
