import { describe, expect, it } from "vitest";
import type { Graph, ValueInfo } from "../../../src/graph/ir.js";
import type { TargetElement } from "../../../src/protocol/request.js";
import type { OpenModel } from "../../../src/runtime/openModel.js";
import { sizeOf, tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { graphOf, int64, op } from "../graph/build.js";
import { openGraph } from "./onDisk.js";

const doubles = (dims: readonly number[], shift = 0): Tensor =>
  tensor(
    "float64",
    dims,
    Array.from({ length: sizeOf(dims) }, (_, i) => Math.sin(1.7 * i + shift)),
  );
const info = (name: string, dims: ValueInfo["dims"]): ValueInfo => ({ name, dtype: "float64", dims });
const typed = (graph: Graph, inputs: readonly ValueInfo[]): Graph => ({ ...graph, inputs });

/** x times the derivative of one output element of a sample, by central differences of the model as it stands. */
async function differences(model: OpenModel, feeds: Readonly<Record<string, Tensor>>, name: string, at: number, output: string): Promise<number[]> {
  const x = feeds[name]!;
  const h = 1e-6;
  const value = async (i: number, by: number): Promise<number> => {
    const moved = Array.from(x.data as Float64Array, (v, k) => (k === i ? v + by : v));
    return Number((await model.run({ ...feeds, [name]: tensor("float64", x.dims, moved) }, [output]))[output]?.data[at]);
  };
  const out: number[] = [];
  for (let i = 0; i < x.data.length; i++) out.push(((await value(i, h)) - (await value(i, -h))) * (Number(x.data[i]) / (2 * h)));
  return out;
}

const row = (t: Tensor, r: number): Tensor => {
  const size = t.data.length / (t.dims[0] ?? 1);
  return { ...t, dims: [1, ...t.dims.slice(1)], data: (t.data as Float64Array).slice(r * size, (r + 1) * size) };
};

/** The credits of rows asked for in groups are those of differences of each row alone; answers the codes of the remarks. */
async function checkRows(
  model: OpenModel,
  x: Tensor,
  target: TargetElement & { readonly at: number },
  { side = {}, apart = false }: { readonly side?: Readonly<Record<string, Tensor>>; readonly apart?: boolean } = {},
): Promise<string[]> {
  const rows = [0, 1, 2].map((r) => row(x, r));
  const codes = new Set<string>();
  const credits: number[] = [];
  for (const asked of apart ? rows : [x]) {
    const { result, diagnostics } = await model.attribute({
      method: "inputXGradient",
      inputs: { x: asked, ...side },
      targets: [target],
      fixed: Object.keys(side),
    });
    expect(result.attributions["x"]?.dims).toEqual(asked.dims);
    credits.push(...(result.attributions["x"]?.data ?? []));
    for (const d of diagnostics) codes.add(d.code);
  }
  const wanted: number[] = [];
  for (const one of rows) wanted.push(...(await differences(model, { x: one, ...side }, "x", target.at, target.value)));
  expect(credits).toHaveLength(wanted.length);
  credits.forEach((c, i) => expect(c).toBeCloseTo(wanted[i] ?? NaN, 6));
  return [...codes];
}

describe("the batch axis is used only where it is one", () => {
  const w = doubles([4, 2], 0.3);

  it("a batch exported as 1 with its size written into a Reshape is run one by one", async () => {
    const nodes = [op("Reshape", ["x", "shape"], ["s"]), op("Tanh", ["s"], ["t"]), op("Reshape", ["t", "flat"], ["f"]), op("MatMul", ["f", "w"], ["y"])];
    const graph = typed(graphOf({ constants: { w, shape: int64(1, 2, 2), flat: int64(1, 4) }, nodes, outputs: ["y"] }), [info("x", [1, 4])]);
    const codes = await checkRows(await openGraph(graph), doubles([3, 4]), { value: "y", index: [1], at: 1 }, { apart: true });
    expect(codes).toEqual(["BATCH_NOT_INDEPENDENT"]);
  });

  it("a batch exported as 1 that the graph does not insist on is stacked", async () => {
    const nodes = [op("Tanh", ["x"], ["t"]), op("MatMul", ["t", "w"], ["y"])];
    const graph = typed(graphOf({ constants: { w }, nodes, outputs: ["y"] }), [info("x", [1, 4])]);
    expect(await checkRows(await openGraph(graph), doubles([3, 4]), { value: "y", index: [1], at: 1 })).toEqual([]);
  });

  it("rows that see each other through statistics of the batch are not stacked", async () => {
    const nodes = [
      op("ReduceMean", ["x", "first"], ["mean"]),
      op("Mul", ["mean", "x"], ["m"]),
      op("Sub", ["x", "m"], ["centred"]),
      op("MatMul", ["centred", "w"], ["y"]),
    ];
    const graph = typed(graphOf({ constants: { w, first: int64(0) }, nodes, outputs: ["y"] }), [info("x", ["n", 4])]);
    const model = await openGraph(graph);
    expect(await checkRows(model, doubles([3, 4]), { value: "y", index: [0], at: 0 }, { apart: true })).toEqual(["BATCH_NOT_INDEPENDENT"]);
    // Asked for together they see each other: each row's score, and what the row itself has to do with it.
    const x = doubles([3, 4]);
    const { result } = await model.attribute({ method: "inputXGradient", inputs: { x }, targets: [{ value: "y", index: [0] }] });
    for (const r of [0, 1, 2]) {
      const wanted = (await differences(model, { x }, "x", 2 * r, "y")).slice(4 * r, 4 * r + 4);
      result.attributions["x"]?.data.slice(4 * r, 4 * r + 4).forEach((c, i) => expect(c).toBeCloseTo(wanted[i] ?? NaN, 6));
    }
  });

  it("a batch that is moved to another axis and back is stacked", async () => {
    const nodes = [op("Transpose", ["x"], ["xt"]), op("MatMul", ["wt", "xt"], ["yt"]), op("Sigmoid", ["yt"], ["st"]), op("Transpose", ["st"], ["y"])];
    const graph = typed(graphOf({ constants: { wt: doubles([2, 4]) }, nodes, outputs: ["y"] }), [info("x", ["n", 4])]);
    expect(await checkRows(await openGraph(graph), doubles([3, 4]), { value: "y", index: [1], at: 1 })).toEqual([]);
  });

  it("a scalar beside the rows is the same for all of them", async () => {
    const nodes = [op("MatMul", ["x", "w"], ["xw"]), op("Div", ["xw", "temperature"], ["z"]), op("Softmax", ["z"], ["y"], { axis: -1 })];
    const graph = typed(graphOf({ constants: { w }, nodes, outputs: ["y"] }), [info("x", ["n", 4]), info("temperature", [])]);
    const temperature = tensor("float64", [], [0.7]);
    expect(await checkRows(await openGraph(graph), doubles([3, 4]), { value: "y", index: [1], at: 1 }, { side: { temperature } })).toEqual([]);
  });

  it("a leading axis of time belongs to the sample", async () => {
    const nodes = [op("Tanh", ["x"], ["t"]), op("ReduceMean", ["t", "first"], ["m"]), op("MatMul", ["m", "w"], ["y"])];
    const graph = typed(graphOf({ constants: { w, first: int64(0) }, nodes, outputs: ["y"] }), [info("x", ["time", 4])]);
    const model = await openGraph(graph);
    const x = doubles([5, 4]);
    const { result } = await model.attribute({ method: "inputXGradient", inputs: { x: { ...x, dims: [5, 4] } }, targets: [{ value: "y", index: [1] }] });
    const wanted = await differences(model, { x }, "x", 1, "y");
    expect(result.attributions["x"]?.dims).toEqual([5, 4]);
    result.attributions["x"]?.data.forEach((c, i) => expect(c).toBeCloseTo(wanted[i] ?? NaN, 6));
  });
});

describe("integers are credited where they become numbers", () => {
  const [ids, none] = [tensor("int64", [2, 4], [1, 5, 2, 3, 4, 4, 0, 1]), tensor("int64", [2, 4], new Array<number>(8).fill(0))];
  const ask = async (graph: Graph): Promise<{ readonly model: OpenModel; readonly sums: readonly number[]; readonly changes: readonly number[] }> => {
    const model = await openGraph(typed(graph, [{ name: "ids", dtype: "int64", dims: ["n", 4] }]));
    const { result } = await model.attribute({
      method: "integratedGradients",
      inputs: { ids },
      baselines: { ids: none },
      targets: [{ value: "y", index: [1] }],
      options: { rule: "gausslegendre", steps: 40 },
    });
    const credits = result.attributions["ids"]!;
    const width = credits.data.length / 2;
    const [y, y0] = [(await model.run({ ids }))["y"]!, (await model.run({ ids: none }))["y"]!];
    return {
      model,
      sums: [0, 1].map((r) => credits.data.slice(r * width, (r + 1) * width).reduce((s, c) => s + c, 0)),
      changes: [0, 1].map((r) => Number(y.data[2 * r + 1]) - Number(y0.data[2 * r + 1])),
    };
  };

  it("in every table that they look up", async () => {
    const nodes = [
      op("Gather", ["words", "ids"], ["a"]),
      op("Gather", ["tones", "ids"], ["b"]),
      op("Mul", ["a", "b"], ["ab"]),
      op("ReduceSum", ["ab", "last"], ["s"], { keepdims: 0 }),
      op("MatMul", ["s", "v"], ["y"]),
    ];
    const constants = { words: doubles([6, 3]), tones: doubles([6, 3], 2), last: int64(-1), v: doubles([4, 2], 1) };
    const { sums, changes } = await ask(graphOf({ constants, nodes, outputs: ["y"] }));
    sums.forEach((sum, r) => expect(sum).toBeCloseTo(changes[r] ?? NaN, 7));
  });

  it("where they are cast, if they look nothing up", async () => {
    const nodes = [op("Cast", ["ids"], ["n"], { to: 11 }), op("Mul", ["n", "tenth"], ["m"]), op("Sin", ["m"], ["s"]), op("MatMul", ["s", "v"], ["y"])];
    const { sums, changes } = await ask(graphOf({ constants: { tenth: tensor("float64", [], [0.1]), v: doubles([4, 2], 1) }, nodes, outputs: ["y"] }));
    sums.forEach((sum, r) => expect(sum).toBeCloseTo(changes[r] ?? NaN, 7));
  });
});
