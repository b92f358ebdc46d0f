import { Builder } from "../builder.js";
import type { Graph, Types } from "../ir.js";
import { gru } from "./gru.js";
import { lstm } from "./lstm.js";
import { unrollRecurrent, type Cell } from "./recurrent.js";
import { rnn } from "./rnn.js";

const cells: Readonly<Record<string, Cell>> = { LSTM: lstm, GRU: gru, RNN: rnn };

/** A graph with the bound types of its values. */
export interface TypedGraph {
  readonly graph: Graph;
  readonly types: Types;
}

/**
 * The graph with LSTM, GRU and RNN as primitive steps; the types tell how many. Outputs keep their names. The same graph if there is none.
 * Throws MODEL_UNSUPPORTED where the sequence length follows the batch or is too long.
 */
export function unroll(graph: Graph, types: Types): TypedGraph {
  const cellOf = (op: string, domain: string): Cell | undefined => (domain === "" && Object.hasOwn(cells, op) ? cells[op] : undefined);
  if (!graph.nodes.some((n) => cellOf(n.op, n.domain) !== undefined)) return { graph, types };
  const b = new Builder({ ...graph, nodes: [] }, types);
  for (const node of graph.nodes) {
    const cell = cellOf(node.op, node.domain);
    if (cell === undefined) b.append(node);
    else unrollRecurrent(b, node, cell);
  }
  return { graph: { ...graph, nodes: b.nodes, initializers: b.initializers }, types: b.types() };
}
