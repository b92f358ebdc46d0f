import type { Feeds } from "../attribution/plan.js";
import type { Graph, Node } from "../graph/ir.js";
import type { Dtype } from "../tensor/dtype.js";
import { toNumbers } from "../tensor/tensor.js";
import { checkDeclared } from "./checkCost.js";
import { createSession, type SessionSettings } from "./session.js";

/** What one run says about every tensor of a graph. */
export interface Probe {
  readonly dims: ReadonlyMap<string, readonly number[]>;
}

/** A graph whose outputs are the shapes of all its values, so that a run on a sample tells them without copying a single activation. */
export interface Prober {
  readonly dtypes: ReadonlyMap<string, Dtype>;
  run(feeds: Feeds): Promise<Probe>;
  /** The values themselves, for few and small ones. */
  values(feeds: Feeds, names: readonly string[]): Promise<Feeds>;
  release(): Promise<void>;
}

/** Operators whose results are no tensors; the runtime can't return them. */
const notTensors = new Set([
  "SequenceConstruct",
  "SequenceEmpty",
  "SequenceInsert",
  "SequenceErase",
  "SequenceMap",
  "SplitToSequence",
  "Optional",
  "OptionalGetElement",
  "ZipMap",
  "DictVectorizer",
]);

function isTensorNode(node: Node): boolean {
  return !notTensors.has(node.op);
}

export async function createProber(graph: Graph, settings: SessionSettings): Promise<Prober> {
  const values = graph.nodes.filter(isTensorNode).flatMap((n) => n.outputs.filter((y) => y !== ""));
  const shapeOf = (value: string): string => `explain/shape/${value}`;
  const all = [...graph.inputs.map((i) => i.name), ...values];
  const probing: Graph = {
    ...graph,
    nodes: [
      ...graph.nodes,
      ...all.map((value): Node => ({ name: shapeOf(value), op: "Shape", domain: "", inputs: [value], outputs: [shapeOf(value)], attributes: {} })),
    ],
    outputs: [...values, ...all.map(shapeOf)].map((name) => ({ name, dtype: null, dims: null })),
  };
  // Optimizing would fuse away the values that are asked for.
  const session = await createSession(probing, { ...settings, optimization: "disabled", prepack: false });
  try {
    checkDeclared(session.outputs);
  } catch (error) {
    await session.release();
    throw error;
  }
  const dtypes = new Map<string, Dtype>();
  for (const output of session.outputs) if (output.dtype !== null && !output.name.startsWith("explain/shape/")) dtypes.set(output.name, output.dtype);
  for (const input of graph.inputs) if (input.dtype !== null) dtypes.set(input.name, input.dtype);
  return {
    dtypes,
    run: async (feeds) => {
      const outputs = await session.run(feeds, all.map(shapeOf));
      return { dims: new Map(all.map((value) => [value, Array.from(toNumbers(outputs[shapeOf(value)]!))])) };
    },
    values: (feeds, names) => (names.length === 0 ? Promise.resolve({}) : session.run(feeds, names)),
    release: () => session.release(),
  };
}
