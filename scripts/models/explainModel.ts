import type { Graph } from "../../src/graph/ir.js";
import type { AttributionResult } from "../../src/attribution/plan.js";
import type { CancelSignal } from "../../src/base/cancellation.js";
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
/** The relative completeness error that is asked for. */
const goal = 1e-3;
const defaultTolerance = 0.005;
/** Resident memory at which a model is given up, in bytes. */
const mostMemory = 4 * 2 ** 30;

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
    const base = { operators: model.model.graph.nodes.length, load: model.loadMilliseconds };
    const started = performance.now();
    try {
      const explain = async (tolerance: number): Promise<AttributionResult> =>
        (await model.attribute({ ...request, method: "integratedGradients", options: { tolerance } }, { signal: limits() })).result;
      let result = await explain(defaultTolerance);
      // The tolerance is a share of the largest credit; where the score changes little, completeness asks for more.
      const needed = (0.8 * goal * Math.abs(changeOf(result))) / largestCredit(result);
      if (result.converged && completenessOf(result) >= goal && needed < defaultTolerance) result = await explain(needed);
      const at = present(result.score?.[0], "score");
      return {
        ...base,
        explain: performance.now() - started,
        points: result.points,
        completeness: completenessOf(result),
        change: changeOf(result),
        sameScore: Math.abs(at - score) <= 1e-4 * Math.max(1, Math.abs(score)),
        reason: null,
        perturbation: null,
      };
    } catch (error) {
      if (limits().aborted) throw new Error(`It takes more than ${mostMemory / 2 ** 30} GiB.`, { cause: error });
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

/** Operators that rename, reshape or pick: what is behind a Softmax or Sigmoid still is its result. */
const passing = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Cast", "Transpose", "ReduceMean", "Slice", "Concat", "Gather"]);

/** What goes into the last Softmax or Sigmoid before a value; the value itself if there is none. */
function beforeLast(graph: Graph, output: string): string {
  let value = output;
  for (let step = 0; step < 8; step += 1) {
    const node = graph.nodes.find((n) => n.outputs.includes(value));
    const input = node?.inputs[0];
    if (node === undefined || input === undefined) break;
    if (["Softmax", "Sigmoid", "LogSoftmax"].includes(node.op)) return input;
    if (!passing.has(node.op)) break;
    value = input;
  }
  return output;
}

function feed({ kind, dims, value = 1 }: Feed, dtype: string | null, from: number): Tensor {
  if (dtype === null || dtype === "string") throw new Error(`No feed of type ${dtype ?? "unknown"}.`);
  const next = uniform(from);
  const data = allocate(dtype as "float32", sizeOf(dims));
  const number = (i: number): number => {
    switch (kind) {
      case "image":
        return next() * 1.6 - 0.8;
      case "writing": {
        // Dark strokes on white, of the same kind in every channel: a letter every 16 columns with two uprights and a bar.
        const [width = 1, height = 1] = [dims.at(-1), dims.at(-2)];
        const [column, row] = [i % width, Math.floor(i / width) % height];
        const [letter, across] = [Math.floor(column / 16), column % 16];
        const upright = (across >= 3 && across < 6) || (letter % 3 !== 1 && across >= 10 && across < 13);
        const bar = across >= 3 && across < 13 && Math.abs(row - height * (0.3 + 0.2 * (letter % 3))) < 2;
        return row > height * 0.15 && row < height * 0.85 && (upright || bar) ? -0.8 : 0.9;
      }
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

/** Read between runs: raised when the memory is used up. */
function limits(): CancelSignal {
  return {
    get aborted() {
      return process.memoryUsage.rss() > mostMemory;
    },
  };
}

function changeOf({ score, baselineScore }: AttributionResult): number {
  return present(score?.[0], "score") - present(baselineScore?.[0], "baseline score");
}

function completenessOf(result: AttributionResult): number {
  return Math.abs(present(result.delta?.[0], "delta") / changeOf(result));
}

function largestCredit({ attributions }: AttributionResult): number {
  return Object.values(attributions).reduce((most, { data }) => data.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0);
}
