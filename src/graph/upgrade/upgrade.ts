import { toNumbers } from "../../tensor/tensor.js";
import { attribute, mapSubgraphs, without } from "../attributes.js";
import { readInitializer } from "../initializer.js";
import type { Graph, Initializer, Node } from "../ir.js";
import { freshNames } from "../walk.js";
import { legacy } from "./legacy.js";
import { knownRanks } from "./ranks.js";
import { constantOf, type StepContext } from "./step.js";
import { table } from "./table.js";

/** Every graph is brought to this version of ai.onnx; files that are newer keep theirs (since then operators only gained types). */
const targetOpset = 21;

/** Before this version broadcasting and inference were asked for by attributes. */
const modernOpset = 7;

/**
 * The graph in the target opset, subgraphs included; value names are kept. Local functions must be inlined before.
 * Throws MODEL_UNSUPPORTED for an operator whose old form can't be brought up to date (a few from before opset 7, and Scan of opset 8 with lengths).
 */
export function upgrade(graph: Graph): Graph {
  const version = graph.opsets[""] ?? targetOpset;
  const fresh = freshNames(graph);
  const opsets = { ...graph.opsets, "": Math.max(version, targetOpset) };
  return { ...upgradeNodes(graph, version, fresh, new Map()), opsets };
}

function upgradeNodes(graph: Graph, version: number, fresh: (stem: string) => string, outer: ReadonlyMap<string, readonly number[]>): Graph {
  const initializers = new Map(graph.initializers);
  const known = new Map(outer);
  for (const node of graph.nodes) {
    const value = node.op === "Constant" && node.domain === "" ? constantNumbers(node) : undefined;
    if (value !== undefined) known.set(node.outputs[0] ?? "", value);
  }
  for (const [name, initializer] of graph.initializers) {
    if (initializer.dims.length <= 1 && (initializer.dims[0] ?? 1) <= 64 && initializer.content.kind === "raw")
      known.set(name, Array.from(toNumbers(readInitializer(initializer))));
  }
  const ranks = knownRanks(graph, (name) => known.get(name)?.length);
  const nodes = graph.nodes.flatMap((original) => {
    const node = mapSubgraphs(original, (body) => upgradeNodes(body, version, fresh, known));
    if (node.domain !== "") return [node];
    const c = context(node, fresh, known, ranks, initializers);
    const found = Object.hasOwn(table, node.op) ? table[node.op]?.find((u) => version < u.before) : undefined;
    const modern = version < modernOpset ? modernized(node, c) : [node];
    return found === undefined ? modern : modern.flatMap((m) => (m.op === node.op ? found.step(m, c) : [m]));
  });
  return { ...graph, nodes, initializers };
}

function modernized(node: Node, c: StepContext): readonly Node[] {
  const plain = { ...node, attributes: without(node.attributes, "consumed_inputs") };
  return Object.hasOwn(legacy, node.op) ? (legacy[node.op]?.(plain, c) ?? [plain]) : [plain];
}

function context(
  node: Node,
  fresh: (stem: string) => string,
  known: ReadonlyMap<string, readonly number[]>,
  ranks: ReadonlyMap<string, number>,
  initializers: Map<string, Initializer>,
): StepContext {
  const stem = `${node.name}/upgrade`;
  const add = (dtype: "int64" | "float32", dims: readonly number[], values: readonly number[]): string => {
    const name = fresh(stem);
    initializers.set(name, constantOf(name, dtype, dims, values));
    return name;
  };
  return {
    ints: (values) => add("int64", [values.length], values),
    int: (value) => add("int64", [], [value]),
    floats: (values) => add("float32", [values.length], values),
    scalar: (value) => add("float32", [], [value]),
    fresh: () => fresh(stem),
    constant: (name) => (name === undefined ? undefined : known.get(name)),
    rank: (name) => ranks.get(name),
  };
}

function constantNumbers(node: Node): readonly number[] | undefined {
  const value = attribute(node, "value", "tensor");
  return value === undefined || value.dtype === "string" || value.data.length > 64 ? undefined : Array.from(toNumbers(value));
}
