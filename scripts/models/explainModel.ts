import type { Graph } from "../../src/graph/ir.js";
import { present } from "../../src/base/assert.js";
import { openModel } from "../../src/runtime/open.js";
import { allocate, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import type { Entry, Feed } from "./catalogue.js";

/** What was seen on one model. Times in milliseconds. */
export interface Outcome {
  readonly operators: number;
  readonly load: number;
  readonly explain: number;
  readonly points: number;
  /** |Σ attributions − (F(x) − F(x′))| / |F(x) − F(x′)|. */
  readonly completeness: number | null;
  readonly change: number | null;
  /** Whether the score is what a plain run of the model gives. */
  readonly sameScore: boolean;
  /** Why the gradient could not be used. */
  readonly reason: string | null;
  /** Whether feature ablation works; asked only where the gradient does not. */
  readonly perturbation: boolean | null;
}

const seed = 20_260_101;

/** Opens a model and explains one seeded sample by integrated gradients. Throws what opening throws. */
export async function explainModel(file: string, entry: Entry): Promise<Outcome> {
  const model = await openModel(file);
  try {
    const inputs = Object.fromEntries(
      model.graph.inputs.map(({ name, dtype }, i) => [name, feed(present(entry.inputs[name], `feed of the input "${name}"`), dtype, seed + i)]),
    );
    const output = entry.output ?? present(model.graph.outputs[0], "output").name;
    const value = entry.beforeLast === true ? beforeLast(model.graph, output) : output;
    const scores = present((await model.run(inputs, [value]))[value], value);
    const { index, score } = largest(scores);
    const request = {
      inputs,
      targets: [{ value, index }],
      fixed: Object.keys(inputs).filter((name) => entry.inputs[name]?.fixed === true),
    };
    const base = { operators: countNodes(model.model.graph), load: model.loadMilliseconds };
    const started = performance.now();
    try {
      const { result } = await model.attribute({ ...request, method: "integratedGradients", options: { tolerance: 5e-4, ...entry.options } });
      const change = present(result.score?.[0], "score") - present(result.baselineScore?.[0], "baseline score");
      return {
        ...base,
        explain: performance.now() - started,
        points: result.points,
        completeness: Math.abs(present(result.delta?.[0], "delta") / change),
        change,
        sameScore: Math.abs(present(result.score?.[0], "score") - score) <= 1e-4 * Math.max(1, Math.abs(score)),
        reason: null,
        perturbation: null,
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const perturbation = await model.attribute({ ...request, method: "occlusion", options: window(inputs, request.fixed) }).then(
        () => true,
        () => false,
      );
      return { ...base, explain: performance.now() - started, points: 0, completeness: null, change: null, sameScore: true, reason, perturbation };
    }
  } finally {
    await model.dispose();
  }
}

/** What goes into the last Softmax or Sigmoid before a value, past nodes that only rename or reshape. */
function beforeLast(graph: Graph, output: string): string {
  let value = output;
  for (let step = 0; step < 6; step += 1) {
    const node = graph.nodes.find((n) => n.outputs.includes(value));
    const input = node?.inputs[0];
    if (node === undefined || input === undefined) break;
    if (["Softmax", "Sigmoid", "LogSoftmax"].includes(node.op)) return input;
    if (!["Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Cast"].includes(node.op)) break;
    value = input;
  }
  throw new Error(`There is no Softmax or Sigmoid before "${output}".`);
}

function feed({ kind, dims, value = 1 }: Feed, dtype: string | null, from: number): Tensor {
  if (dtype === null || dtype === "string") throw new Error(`No feed of type ${dtype ?? "unknown"}.`);
  const next = uniform(from);
  const data = allocate(dtype as "float32", sizeOf(dims));
  const number = (i: number): number => {
    switch (kind) {
      case "image":
        return next() * 1.6 - 0.8;
      case "audio":
        return 0.2 * Math.sin(i / 12) + 0.1 * Math.sin(i / 2.7) + 0.02 * (next() - 0.5);
      case "features":
        return Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
      case "ids":
        return 1 + Math.floor(next() * (value - 1));
      case "number":
        return value;
      case "ones":
        return 1;
      case "zeros":
        return 0;
    }
  };
  for (let i = 0; i < data.length; i += 1) {
    const n = number(i);
    data[i] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(n) : n;
  }
  return { dtype, dims, data } as Tensor;
}

/** Numbers in (0, 1), the same for the same start. */
function uniform(start: number): () => number {
  let state = start >>> 0;
  return () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
}

/** The largest element: its index behind axis 0, and its value. */
function largest({ dims, data }: Tensor): { readonly index: readonly number[]; readonly score: number } {
  const row = sizeOf(dims.slice(1));
  let best = 0;
  for (let i = 1; i < row; i += 1) if (Number(data[i]) > Number(data[best])) best = i;
  const index: number[] = [];
  for (let axis = dims.length - 1, rest = best; axis >= 1; axis -= 1) {
    const size = present(dims[axis], "dim");
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return { index, score: Number(data[best]) };
}

/** Windows that cut every explained input into four along each axis. */
function window(inputs: Readonly<Record<string, Tensor>>, fixed: readonly string[]): { readonly window: object; readonly stride: object } {
  const sizes = Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => !fixed.includes(name))
      .map(([name, { dims }]) => [name, dims.slice(1).map((d) => Math.ceil(d / 4))]),
  );
  return { window: sizes, stride: sizes };
}

function countNodes(graph: Graph): number {
  return graph.nodes.length;
}
