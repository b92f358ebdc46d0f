import { Builder } from "../builder.js";
import type { Graph, Types } from "../ir.js";
import { entryOf } from "../operatorTable.js";
import { dynamicQuantizeLstm } from "./dynamicQuantizeLstm.js";
import { gru } from "./gru.js";
import { lstm } from "./lstm.js";
import { obstacle, unrollRecurrent, type Cell } from "./recurrent.js";
import { rnn } from "./rnn.js";

const cells: Readonly<Record<string, Cell>> = { LSTM: lstm, GRU: gru, RNN: rnn, "com.microsoft:DynamicQuantizeLSTM": dynamicQuantizeLstm };

/** The operators that are written as steps. */
export const unrolledCells: readonly string[] = Object.keys(cells);

/** A graph with the bound types of its values, and by node name why a recurrent node was left as it is. */
export interface Unrolled {
  readonly graph: Graph;
  readonly types: Types;
  readonly left: ReadonlyMap<string, string>;
}

/**
 * The graph with recurrent layers as primitive steps; the types tell how many. Outputs keep their names. The same graph if there is none.
 * A node stays where the sequence length follows the batch or is too long: what needs no derivative still works.
 */
export function unroll(graph: Graph, types: Types): Unrolled {
  const left = new Map<string, string>();
  if (!graph.nodes.some((node) => entryOf(cells, node) !== undefined)) return { graph, types, left };
  const b = new Builder({ ...graph, nodes: [] }, types);
  for (const node of graph.nodes) {
    const cell = entryOf(cells, node);
    const why = cell === undefined ? undefined : obstacle(b, node);
    if (why !== undefined) left.set(node.name, why);
    if (cell === undefined || why !== undefined) b.append(node);
    else unrollRecurrent(b, node, cell);
  }
  return { graph: { ...graph, nodes: b.nodes, initializers: b.initializers }, types: b.types(), left };
}
