import { resolve } from "node:path";
import type { OpenModel } from "../../src/runtime/openModel.js";
import { openModel } from "../../src/runtime/open.js";
import type { AttributionRequest } from "../../src/protocol/request.js";
import { tensor, type Tensor } from "../../src/tensor/tensor.js";

/** One line of the bench: what is timed, against which forward pass, and which of Captum's workloads it answers. */
interface Workload {
  readonly name: string;
  readonly captum?: string;
  /** How many times faster than Captum we want to be. */
  readonly goal?: number;
  readonly rows: number;
  readonly request: Omit<AttributionRequest, "inputs">;
}

const probability = { targets: [{ value: "probabilities", index: [1] }] } as const;
const integrated = (rows: number, goal?: number): Workload => ({
  name: `diabetes, integrated gradients, ${rows} rows`,
  captum: `diabetes-ig-${rows}`,
  rows,
  request: { method: "integratedGradients", ...probability },
  ...(goal === undefined ? {} : { goal }),
});
const neurons = (rows: number, goal?: number): Workload => ({
  name: `diabetes, neuron conductance of all 12 units, ${rows} rows`,
  captum: `diabetes-neuron-conductance-all-${rows}`,
  rows,
  request: { method: "neuronConductance", layer: "sigmoid", neuron: "all", ...probability },
  ...(goal === undefined ? {} : { goal }),
});

const workloads: readonly Workload[] = [
  integrated(1, 10),
  integrated(154, 25),
  integrated(231),
  {
    name: "diabetes, integrated gradients, 50 Gauss points, 154 rows",
    captum: "diabetes-ig-154",
    rows: 154,
    request: { method: "integratedGradients", ...probability, options: { rule: "gausslegendre", steps: 50 } },
  },
  {
    name: "diabetes, layer conductance, 154 rows",
    captum: "diabetes-layer-conductance-154",
    rows: 154,
    request: { method: "layerConductance", layer: "sigmoid", ...probability },
  },
  neurons(1),
  neurons(154, 100),
];

/** Seeded normal numbers: the same samples in every run. */
function samples(rows: number): Tensor {
  let state = 20_260_101;
  const uniform = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
  const typical = [4, 120, 69, 20, 80, 32, 0.47, 33];
  return tensor(
    "float32",
    [rows, 8],
    Array.from({ length: rows * 8 }, (_, i) => typical[i % 8]! * (1 + 0.3 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()))),
  );
}

async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  await work();
  const times: number[] = [];
  let spent = 0;
  while (times.length < 7 || (spent < 700 && times.length < 300)) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
    spent += times.at(-1)!;
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

async function measure(model: OpenModel, { name, captum, goal, rows, request }: Workload): Promise<object> {
  const inputs = { measurements: samples(rows) };
  const first = await model.attribute({ ...request, inputs });
  const forward = await median(() => model.run(inputs));
  const milliseconds = await median(() => model.attribute({ ...request, inputs }));
  return { name, captum, goal, milliseconds, forward, points: first.result.points, compile: first.milliseconds.compile };
}

const started = performance.now();
const model = await openModel(resolve(process.argv[2] ?? "examples/diabetes/model.onnx"));
const load = performance.now() - started;
const results: object[] = [];
for (const workload of workloads) results.push(await measure(model, workload));
await model.dispose();
process.stdout.write(`${JSON.stringify({ load, results })}\n`);
