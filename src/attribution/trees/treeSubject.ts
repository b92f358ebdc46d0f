import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Node } from "../../graph/ir.js";
import { prune } from "../../graph/prune.js";
import { sizeOf, toNumbers, type Tensor } from "../../tensor/tensor.js";
import type { Steps } from "../evaluate.js";
import type { MethodContext } from "../method.js";
import type { Feeds, Program } from "../plan.js";
import { gather, type Rows } from "../rows.js";
import { columnsOf, type Column } from "./columns.js";
import { decisions, linked, margins, type Ensemble } from "./ensemble.js";
import { makerOf } from "./makerOf.js";
import { isTreeEnsemble, readEnsemble } from "./readEnsemble.js";

/** The trees behind a target: what they are, and which inputs their columns are. */
export interface TreeSubject {
  readonly node: Node;
  readonly trees: Ensemble;
  /** The table that the trees read. */
  readonly table: string;
  /** What gets credit: elements of inputs. */
  readonly players: readonly Column[];
  /** The trees whose branches ask for players instead of columns of the table: those of one category are one. */
  readonly game: Ensemble;
  readonly program: Program;
}

const read = new WeakMap<Node, Ensemble>();

/** Throws UNSUPPORTED_OPERATOR when the target is not the scores of a tree ensemble. */
export function treesBehind({ bound }: MethodContext, target: string): TreeSubject {
  const { value, node, scale, shift } = makerOf(bound.graph, target);
  if (node === undefined || !isTreeEnsemble(node))
    throw new ExplainError(
      "UNSUPPORTED_OPERATOR",
      `"${target}" is not what a tree ensemble returns${node === undefined ? "" : `, but is made by ${node.op}`}.`,
      {
        ...(node === undefined ? {} : { node: node.name }),
        hint: "treeShap explains TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble; shapleyValues and kernelShap explain any model.",
      },
    );
  if (node.op === "TreeEnsembleClassifier" && node.outputs[0] === value)
    throw new ExplainError("UNKNOWN_TARGET", `"${target}" is the label, which is no number to divide.`, {
      hint: `Explain a class of "${node.outputs[1] ?? "the scores"}".`,
    });
  const own = read.get(node) ?? readEnsemble(node);
  read.set(node, own);
  const trees = rescaled(own, scale, shift, node);
  const table = present(node.inputs[0], "input of the trees");
  const graph = prune({
    ...bound.graph,
    outputs: [...new Set([target, table])].filter((v) => !isInput(bound.graph.inputs, v)).map((name) => ({ name, dtype: null, dims: null })),
  });
  return { node, trees, table, ...gameOf(trees, columnsOf(bound, table)), program: { key: `${bound.key}:trees|${table}|${target}`, graph } };
}

function gameOf(trees: Ensemble, columns: readonly Column[]): Pick<TreeSubject, "players" | "game"> {
  const key = ({ input, element }: Column): string => `${element} ${input}`;
  const players = [...new Map(columns.map((column) => [key(column), column])).values()];
  if (players.length === columns.length) return { players, game: trees };
  const place = new Map(players.map((player, i) => [key(player), i]));
  const feature = trees.feature.map((column) => (column < 0 ? column : present(place.get(key(present(columns[column], "column"))), "player")));
  return { players, game: { ...trees, feature } };
}

/** The trees with their sums multiplied and shifted as the model does behind them. */
function rescaled(trees: Ensemble, scale: number, shift: number, node: Node): Ensemble {
  if (scale === 1 && shift === 0) return trees;
  if (trees.link !== "none")
    throw new ExplainError(
      "UNSUPPORTED_OPERATOR",
      `What "${node.name}" returns behind ${trees.link} is multiplied or shifted, so the trees' sum is not what is explained.`,
      {
        node: node.name,
        hint: "Use shapleyValues or kernelShap, which only run the model.",
      },
    );
  return { ...trees, values: trees.values.map((v) => v * scale), base: trees.base.map((v) => v * scale + shift) };
}

/** By row, what the trees decide for it; checked against what the runtime returns. */
export function* decide(subject: TreeSubject, rows: Rows, inputs: Feeds): Steps<Uint8Array[]> {
  const { trees, table, program, node } = subject;
  const target = present(rows.target, "target");
  const decided: Uint8Array[] = [];
  for (const feeds of rows.bound.stacked ? [inputs] : eachRow(inputs)) {
    const outputs = yield { kind: "run", program, feeds };
    const features = toNumbers(present(feeds[table] ?? outputs[table], table));
    const returned = toNumbers(present(outputs[target], target));
    const count = returned.length / trees.outputs;
    const width = features.length / count;
    for (let row = 0; row < count; row++) {
      const holds = decisions(trees, features, row * width);
      linked(trees.link, margins(trees, holds)).forEach((value, o) => {
        const real = returned[row * trees.outputs + o]!;
        // The runtime's probit is an approximation, its sums are float32.
        if (Math.abs(value - real) > (trees.link === "probit" ? 1e-2 : 1e-4) * Math.max(1, Math.abs(real)))
          throw new ExplainError("UNSUPPORTED_OPERATOR", `The trees of "${node.name}", summed one by one, give ${value}, but the runtime returns ${real}.`, {
            node: node.name,
            hint: "Use shapleyValues or kernelShap, which only run the model.",
          });
      });
      decided.push(holds);
    }
  }
  return decided;
}

function eachRow(inputs: Feeds): Feeds[] {
  const rows = Math.max(...Object.values(inputs).map((t) => t.dims[0] ?? 1));
  return Array.from({ length: rows }, (_, i) =>
    Object.fromEntries(Object.entries(inputs).map(([name, t]): [string, Tensor] => [name, t.dims[0] === rows ? gather(t, [i]) : t])),
  );
}

function isInput(inputs: readonly { readonly name: string }[], value: string): boolean {
  return inputs.some((i) => i.name === value);
}

/** Credits of the players as credits of the inputs' elements. */
export function creditOfInputs({ players }: TreeSubject, credit: Float64Array, rows: Rows): Map<string, Float64Array> {
  const named = new Map<string, Float64Array>();
  const byRow = rows.bound.stacked || rows.count > 1;
  for (const { name } of rows.bound.graph.inputs) {
    const { dims } = present(rows.request.inputs[name], name);
    named.set(name, new Float64Array(sizeOf(byRow ? dims.slice(1) : dims)));
  }
  players.forEach(({ input, element }, c) => {
    const into = present(named.get(input), input);
    into[element] = into[element]! + credit[c]!;
  });
  return named;
}
