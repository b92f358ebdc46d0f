import { describe, expect, it } from "vitest";
import { upgrade } from "../../../src/graph/upgrade/upgrade.js";
import { table } from "../../../src/graph/upgrade/table.js";
import { verify } from "../../../src/graph/verify.js";
import type { Tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, floats, graphOf, int64, op, run, type Parts } from "./build.js";

interface Case extends Parts {
  readonly of: string;
  readonly opset: number;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

const float = (value: number) => ({ kind: "float", value }) as const;
const x = float32([2, 3, 4]);
const image = float32([2, 4, 5, 6]);
const channels = { scale: float32([4]), bias: float32([4]), mean: float32([4]), variance: float32([4], [0.5, 1, 2, 0.1]) };
const channelNames = Object.keys(channels);

const reductions = ["ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"];

const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const;
const cells = Object.entries(gates).map(([name, n]) => ({ name, constants: { w: float32([1, n * 3, 4]), r: float32([1, n * 3, 3]) } }));
const recurrent = cells.map(({ name, constants }) => ({
  of: name,
  opset: 14,
  inputs: { x },
  constants,
  nodes: [op(name, ["x", "w", "r"], ["y", "h"], { hidden_size: 3, layout: 0 })],
  outputs: ["y", "h"],
}));

/** A row's running sum, and each step's sum squared. */
const scanBody = {
  kind: "graph",
  value: {
    ...graphOf({
      inputs: { s: { name: "s", dtype: "float32", dims: [4] }, e: { name: "e", dtype: "float32", dims: [4] } },
      nodes: [op("Add", ["s", "e"], ["next"]), op("Mul", ["next", "next"], ["square"])],
      outputs: ["next", "square"],
    }),
    opsets: {},
  },
} as const;
const scans = [{}, { directions: [1] }].map((attributes) => ({
  of: "Scan",
  opset: 8,
  inputs: { x },
  constants: { first: float32([2, 4]) },
  nodes: [op("Scan", ["", "first", "x"], ["last", "squares"], { num_scan_inputs: 1, body: scanBody, ...attributes })],
  outputs: ["last", "squares"],
}));

const cases: readonly Case[] = [
  ...["Softmax", "LogSoftmax", "Hardmax"].flatMap((name) => [
    { of: name, opset: 9, inputs: { x }, nodes: [op(name, ["x"], ["y"])], outputs: ["y"] },
    { of: name, opset: 11, inputs: { x }, nodes: [op(name, ["x"], ["y"], { axis: -1 })], outputs: ["y"] },
    { of: name, opset: 11, inputs: { x }, nodes: [op(name, ["x"], ["y"], { axis: 2 })], outputs: ["y"] },
    { of: name, opset: 12, inputs: { x }, nodes: [op(name, ["x"], ["y"], { axis: 0 })], outputs: ["y"] },
  ]),
  ...reductions.flatMap((name) => [
    { of: name, opset: 11, inputs: { x }, nodes: [op(name, ["x"], ["y"], { axes: [1, -1], keepdims: 0 })], outputs: ["y"] },
    { of: name, opset: 11, inputs: { x }, nodes: [op(name, ["x"], ["y"])], outputs: ["y"] },
  ]),
  {
    of: "ReduceLogSum",
    opset: 13,
    inputs: { x: float32([2, 3], [1, 2, 3, 4, 5, 6]) },
    nodes: [op("ReduceLogSum", ["x"], ["y"], { axes: [1] })],
    outputs: ["y"],
  },
  { of: "ReduceMean", opset: 17, inputs: { x }, nodes: [op("ReduceMean", ["x"], ["y"], { axes: [0] })], outputs: ["y"] },
  {
    of: "Squeeze",
    opset: 11,
    inputs: { x: float32([1, 3, 1, 2]) },
    nodes: [op("Squeeze", ["x"], ["y"], { axes: [0, 2] }), op("Squeeze", ["x"], ["z"])],
    outputs: ["y", "z"],
  },
  { of: "Unsqueeze", opset: 11, inputs: { x }, nodes: [op("Unsqueeze", ["x"], ["y"], { axes: [0, 3] })], outputs: ["y"] },
  { of: "Split", opset: 11, inputs: { x }, nodes: [op("Split", ["x"], ["y", "z"], { axis: 2, split: [1, 3] })], outputs: ["y", "z"] },
  { of: "Split", opset: 9, inputs: { x }, nodes: [op("Split", ["x"], ["y", "z"])], outputs: ["y", "z"] },
  { of: "Split", opset: 13, inputs: { x }, nodes: [op("Split", ["x"], ["y", "z"], { axis: -1 })], outputs: ["y", "z"] },
  {
    of: "Split",
    opset: 13,
    inputs: { x },
    constants: { sizes: int64(1, 3) },
    nodes: [op("Split", ["x", "sizes"], ["y", "z"], { axis: -1 })],
    outputs: ["y", "z"],
  },
  {
    of: "Clip",
    opset: 7,
    inputs: { x },
    nodes: [op("Clip", ["x"], ["y"], { min: float(-0.5), max: float(0.25) }), op("Clip", ["x"], ["z"], { max: float(0.25) }), op("Clip", ["x"], ["w"])],
    outputs: ["y", "z", "w"],
  },
  {
    of: "Pad",
    opset: 10,
    inputs: { x },
    nodes: [op("Pad", ["x"], ["y"], { pads: [0, 1, 0, 1, 0, 2], value: float(0.5) }), op("Pad", ["x"], ["z"], { pads: [0, 1, 0, 0, 1, 1], mode: "reflect" })],
    outputs: ["y", "z"],
  },
  {
    of: "Slice",
    opset: 9,
    inputs: { x },
    nodes: [op("Slice", ["x"], ["y"], { starts: [1, -3], ends: [2, 1000], axes: [0, 2] }), op("Slice", ["x"], ["z"], { starts: [0, 1], ends: [1, 3] })],
    outputs: ["y", "z"],
  },
  ...recurrent,
  ...scans,
  { of: "Dropout", opset: 7, inputs: { x }, nodes: [op("Dropout", ["x"], ["y"], { ratio: float(0.5) })], outputs: ["y"] },
  { of: "Dropout", opset: 10, inputs: { x }, nodes: [op("Dropout", ["x"], ["y"], { ratio: float(0.5) })], outputs: ["y"] },
  { of: "Upsample", opset: 7, inputs: { image }, nodes: [op("Upsample", ["image"], ["y"], { scales: floats(1, 1, 2, 2.5) })], outputs: ["y"] },
  {
    of: "Upsample",
    opset: 9,
    inputs: { image },
    constants: { s: float32([4], [1, 1, 2, 3]) },
    nodes: [op("Upsample", ["image", "s"], ["y"], { mode: "linear" })],
    outputs: ["y"],
  },
  { of: "Resize", opset: 10, inputs: { image }, constants: { s: float32([4], [1, 1, 2, 2.5]) }, nodes: [op("Resize", ["image", "s"], ["y"])], outputs: ["y"] },
  {
    of: "Resize",
    opset: 10,
    inputs: { image },
    constants: { s: float32([4], [1, 1, 0.6, 0.5]) },
    nodes: [op("Resize", ["image", "s"], ["y"])],
    outputs: ["y"],
  },
  {
    of: "Resize",
    opset: 10,
    inputs: { image },
    constants: { s: float32([4], [1, 1, 1.7, 0.7]) },
    nodes: [op("Resize", ["image", "s"], ["y"])],
    outputs: ["y"],
  },
  {
    of: "Resize",
    opset: 10,
    inputs: { image },
    constants: { s: float32([4], [1, 1, 1.7, 0.7]) },
    nodes: [op("Resize", ["image", "s"], ["y"], { mode: "linear" })],
    outputs: ["y"],
  },
  {
    of: "Resize",
    opset: 11,
    inputs: { image },
    constants: { empty: float32([0]), sizes: int64(2, 4, 7, 3) },
    nodes: [op("Resize", ["image", "empty", "empty", "sizes"], ["y"], { mode: "cubic" })],
    outputs: ["y"],
  },
  {
    of: "BatchNormalization",
    opset: 7,
    inputs: { image },
    constants: channels,
    nodes: [op("BatchNormalization", ["image", ...channelNames], ["y"], { spatial: 1, epsilon: float(0.01) })],
    outputs: ["y"],
  },
  {
    of: "BatchNormalization",
    opset: 9,
    inputs: { image },
    constants: channels,
    nodes: [op("BatchNormalization", ["image", ...channelNames], ["y"], { momentum: float(0.8) })],
    outputs: ["y"],
  },
  {
    of: "BatchNormalization",
    opset: 7,
    inputs: { x },
    constants: { scale: float32([3, 4]), bias: float32([3, 4]), mean: float32([3, 4]), variance: float32([3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) },
    nodes: [op("BatchNormalization", ["x", ...channelNames], ["y"], { spatial: 0 })],
    outputs: ["y"],
  },
  { of: "TopK", opset: 9, inputs: { x }, nodes: [op("TopK", ["x"], ["y", "i"], { k: 2, axis: 1 })], outputs: ["y", "i"] },
  {
    of: "Scatter",
    opset: 9,
    inputs: { x: float32([3, 2]) },
    constants: { i: { dtype: "int64", dims: [1, 2], data: new BigInt64Array([2n, 0n]) }, u: float32([1, 2]) },
    nodes: [op("Scatter", ["x", "i", "u"], ["y"], { axis: 0 })],
    outputs: ["y"],
  },
  {
    of: "RoiAlign",
    opset: 11,
    inputs: { image },
    constants: { rois: float32([2, 4], [0, 0, 3, 3, 1, 1, 4, 4]), at: int64(0, 1) },
    nodes: [op("RoiAlign", ["image", "rois", "at"], ["y"], { output_height: 2, output_width: 2, sampling_ratio: 2 })],
    outputs: ["y"],
  },
  {
    of: "GridSample",
    opset: 16,
    inputs: { image, grid: float32([2, 3, 3, 2]) },
    nodes: [op("GridSample", ["image", "grid"], ["y"], { mode: "bicubic" }), op("GridSample", ["image", "grid"], ["z"])],
    outputs: ["y", "z"],
  },
  { of: "DFT", opset: 17, inputs: { x: float32([1, 8, 3, 1]) }, nodes: [op("DFT", ["x"], ["y"])], outputs: ["y"] },
  {
    of: "GroupNormalization",
    opset: 18,
    inputs: { image },
    constants: { s: float32([2]), o: float32([2]) },
    nodes: [op("GroupNormalization", ["image", "s", "o"], ["y"], { num_groups: 2 })],
    outputs: ["y"],
  },
];

describe("upgrade", () => {
  it.each(cases.map((c) => ({ label: `${c.of} of opset ${c.opset}: ${JSON.stringify(c.nodes[0]?.attributes)}`, c })))(
    "keeps what it computes: $label",
    async ({ c }) => {
      const before = graphOf(c);
      const after = upgrade(before);
      verify(after);
      expect(after.opsets[""]).toBe(21);
      expect(difference(await run(before, c.inputs), await run(after, c.inputs))).toBeLessThan(1e-5);
    },
  );

  it("has a case for every operator of the table", () => {
    expect(Object.keys(table).filter((name) => !cases.some((c) => c.of === name))).toEqual([]);
  });

  it("upgrades the bodies of control flow", async () => {
    const branch = (axis: number) =>
      ({
        kind: "graph",
        value: { ...graphOf({ nodes: [op("Unsqueeze", ["x"], [`branch${axis}`], { axes: [axis] })], outputs: [`branch${axis}`] }), opsets: {} },
      }) as const;
    const condition: Tensor = { dtype: "bool", dims: [], data: new Uint8Array([1]) };
    const graph = graphOf({
      opset: 11,
      inputs: { x, condition },
      nodes: [op("If", ["condition"], ["y"], { then_branch: branch(0), else_branch: branch(1) })],
      outputs: ["y"],
    });
    const after = upgrade(graph);
    verify(after);
    expect(difference(await run(graph, { x, condition }), await run(after, { x, condition }))).toBe(0);
  });

  it.each(cells)("puts the time first in $name, with transposes around it", async ({ name, constants }) => {
    const states = { h0: float32([2, 1, 3]), c0: float32([2, 1, 3]) };
    const order = ["x", "w", "r", "", "", ...Object.keys(states).slice(0, name === "LSTM" ? 2 : 1)];
    const outputs = ["y", "h", "c"].slice(0, name === "LSTM" ? 3 : 2);
    const parts = { inputs: { x, ...states }, constants, opset: 14, outputs };
    const after = upgrade(graphOf({ ...parts, nodes: [op(name, order, outputs, { hidden_size: 3, layout: 1 })] }));
    verify(after);
    const turn = (from: string, to: string, perm: readonly number[]) => op("Transpose", [from], [to], { perm });
    const byHand = graphOf({
      ...parts,
      nodes: [
        ...["x", ...order.slice(5)].map((i) => turn(i, `${i}T`, [1, 0, 2])),
        op(
          name,
          order.map((i) => (/^(x|h0|c0)$/.test(i) ? `${i}T` : i)),
          outputs.map((o) => `${o}T`),
          { hidden_size: 3 },
        ),
        ...outputs.map((o) => turn(`${o}T`, o, o === "y" ? [2, 0, 1, 3] : [1, 0, 2])),
      ],
    });
    const feeds = { x, ...states };
    expect(difference(await run(byHand, feeds), await run(after, feeds))).toBe(0);
  });

  it("leaves newer files at their opset", () => {
    expect(upgrade(graphOf({ opset: 23, inputs: { x }, nodes: [op("Relu", ["x"], ["y"])], outputs: ["y"] })).opsets[""]).toBe(23);
  });

  it("brings files older than opset 7 up to date where only the writing changed", async () => {
    const old = graphOf({
      opset: 6,
      inputs: { x },
      constants: { row: float32([4]), column: float32([3]) },
      nodes: [
        op("Add", ["x", "row"], ["a"], { broadcast: 1 }),
        op("Mul", ["a", "column"], ["m"], { broadcast: 1, axis: 1 }),
        op("Softmax", ["m"], ["y"], { axis: 2 }),
      ],
      outputs: ["y"],
    });
    const today = graphOf({
      inputs: { x },
      nodes: [op("Add", ["x", "row"], ["a"]), op("Unsqueeze", ["column", "one"], ["c"]), op("Mul", ["a", "c"], ["m"]), op("Softmax", ["m"], ["y"])],
      outputs: ["y"],
    });
    const constants = new Map([...old.initializers, ...graphOf({ constants: { one: int64(1) }, nodes: [], outputs: [] }).initializers]);
    expect(difference(await run({ ...today, initializers: constants }, { x }), await run(upgrade(old), { x }))).toBe(0);
  });

  it("refuses old forms that have no successor", () => {
    expect(() => upgrade(graphOf({ opset: 6, inputs: { x }, nodes: [op("Upsample", ["x"], ["y"])], outputs: ["y"] }))).toThrow(/older than opset 7/);
    expect(() => upgrade(graphOf({ opset: 8, inputs: { x }, nodes: [op("Scan", ["lengths", "x"], ["y"])], outputs: ["y"] }))).toThrow(
      /Scan of opset 8 with lengths/,
    );
  });
});
