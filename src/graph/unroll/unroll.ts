import { Builder } from "../builder.js";
import type { Graph, Types } from "../ir.js";
import { gru } from "./gru.js";
import { lstm } from "./lstm.js";
import { obstacle, unrollRecurrent, type Cell } from "./recurrent.js";
import { rnn } from "./rnn.js";

const cells: Readonly<Record<string, Cell>> = { LSTM: lstm, GRU: gru, RNN: rnn };

/** The operators that are written as steps. */
export const unrolledCells: readonly string[] = Object.keys(cells);

/** A graph with the bound types of its values, and by node name why a recurrent node was left as it is. */
export interface Unrolled {
  readonly graph: Graph;
  readonly types: Types;
  readonly left: ReadonlyMap<string, string>;
}

/**
 * The graph with LSTM, GRU and RNN as primitive steps; the types tell how many. Outputs keep their names. The same graph if there is none.
 * A node stays where the sequence length follows the batch or is too long: what needs no derivative still works.
 */
export function unroll(graph: Graph, types: Types): Unrolled {
  const left = new Map<string, string>();
  const cellOf = (op: string, domain: string): Cell | undefined => (domain === "" && Object.hasOwn(cells, op) ? cells[op] : undefined);
  if (!graph.nodes.some((n) => cellOf(n.op, n.domain) !== undefined)) return { graph, types, left };
  const b = new Builder({ ...graph, nodes: [] }, types);
  for (const node of graph.nodes) {
    const cell = cellOf(node.op, node.domain);
    const why = cell === undefined ? undefined : obstacle(b, node);
    if (why !== undefined) left.set(node.name, why);
    if (cell === undefined || why !== undefined) b.append(node);
    else unrollRecurrent(b, node, cell);
  }
  return { graph: { ...graph, nodes: b.nodes, initializers: b.initializers }, types: b.types(), left };
}
