import { describe, expect, it } from "vitest";
import type { Attribute, Dim, Graph, Types, ValueType } from "../../../src/graph/ir.js";
import { print } from "../../../src/graph/print.js";
import { prune } from "../../../src/graph/prune.js";
import { unroll } from "../../../src/graph/unroll/unroll.js";
import { verify } from "../../../src/graph/verify.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, floats, graphOf, op, run } from "./build.js";

const strings = (...value: readonly string[]): Attribute => ({ kind: "strings", value });
const float = (value: number): Attribute => ({ kind: "float", value });

interface Case {
  readonly label: string;
  readonly op: "LSTM" | "GRU" | "RNN";
  readonly attributes?: Readonly<Record<string, Attribute | number | string>>;
  readonly lengths?: readonly number[];
  readonly states?: boolean;
  readonly bias?: boolean;
  readonly peepholes?: boolean;
}

const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const;
const [steps, batch, width, hidden] = [5, 3, 4, 2];

/** Batch-free types of the inputs and outputs, as binding gives them. */
function setUp(c: Case): { graph: Graph; types: Types; feeds: Record<string, Tensor> } {
  const d = c.attributes?.["direction"] === "bidirectional" ? 2 : 1;
  const n = gates[c.op] * hidden;
  const feeds: Record<string, Tensor> = { x: float32([steps, batch, width]) };
  const constants: Record<string, Tensor> = { w: float32([d, n, width]), r: float32([d, n, hidden]) };
  if (c.bias !== false) constants["b"] = float32([d, 2 * n]);
  if (c.lengths !== undefined) feeds["lengths"] = tensor("int32", [batch], c.lengths);
  if (c.states === true) {
    feeds["h"] = float32([d, batch, hidden]);
    if (c.op === "LSTM") feeds["c"] = float32([d, batch, hidden]);
  }
  if (c.peepholes === true) constants["p"] = float32([d, 3 * hidden]);
  const named = (name: string): string => (name in feeds || name in constants ? name : "");
  const inputs = ["x", "w", "r", "b", "lengths", "h", "c", "p"].map(named).slice(0, c.op === "LSTM" ? 8 : 6);
  while (inputs[inputs.length - 1] === "") inputs.pop();
  const outputs = c.op === "LSTM" ? ["y", "y_h", "y_c"] : ["y", "y_h"];
  const graph = graphOf({ inputs: feeds, constants, nodes: [op(c.op, inputs, outputs, { hidden_size: hidden, ...c.attributes })], outputs });
  const type = (dims: readonly Dim[]): ValueType => ({ dtype: "float32", dims });
  const types = new Map<string, ValueType>([
    ["x", type([steps, null, width])],
    ["lengths", { dtype: "int32", dims: [null] }],
    ["h", type([d, null, hidden])],
    ["c", type([d, null, hidden])],
    ["y", type([steps, d, null, hidden])],
    ["y_h", type([d, null, hidden])],
    ["y_c", type([d, null, hidden])],
  ]);
  return { graph, types, feeds };
}

const everywhere: Omit<Case, "op" | "label">[] = [
  {},
  { bias: false },
  { states: true },
  { attributes: { direction: "reverse" }, states: true },
  { attributes: { direction: "bidirectional" } },
  { attributes: { direction: "bidirectional" }, states: true, lengths: [5, 2, 3] },
  { attributes: { direction: "reverse" }, lengths: [1, 4, 5] },
  { lengths: [3, 3, 1] },
  { attributes: { clip: float(0.2) }, states: true },
];

const label = (c: Omit<Case, "op" | "label">): string => JSON.stringify(c);
const cases: Case[] = [
  ...(["LSTM", "GRU", "RNN"] as const).flatMap((name) => everywhere.map((c) => ({ ...c, op: name, label: `${name} ${label(c)}` }))),
  ...[
    { peepholes: true, states: true },
    { peepholes: true, states: true, attributes: { clip: float(0.3) } },
    { peepholes: true, attributes: { direction: "bidirectional", input_forget: 1 }, states: true, lengths: [5, 1, 2] },
    {
      attributes: { activations: strings("HardSigmoid", "Softsign", "LeakyRelu"), activation_alpha: floats(0.3, 0.05), activation_beta: floats(0.4) },
      states: true,
    },
    {
      attributes: {
        direction: "bidirectional",
        activations: strings("Sigmoid", "Elu", "ScaledTanh", "Affine", "Softplus", "ThresholdedRelu"),
        activation_alpha: floats(0.5, 1.5, 0.7, 0.3),
        activation_beta: floats(0.6, 0.1),
      },
    },
  ].map((c) => ({ ...c, op: "LSTM" as const, label: `LSTM ${label(c)}` })),
  ...[
    { attributes: { linear_before_reset: 1 }, states: true },
    { attributes: { linear_before_reset: 1 } },
    { attributes: { linear_before_reset: 1 }, bias: false, states: true },
    { attributes: { linear_before_reset: 1, direction: "bidirectional" }, states: true, lengths: [2, 5, 1] },
    { attributes: { activations: strings("HardSigmoid", "Relu") }, states: true },
  ].map((c) => ({ ...c, op: "GRU" as const, label: `GRU ${label(c)}` })),
  ...["Relu", "Affine", "Softplus", "ThresholdedRelu", "ScaledTanh"].map((name) => ({
    op: "RNN" as const,
    label: `RNN ${name}`,
    states: true,
    attributes: { activations: strings(name), activation_alpha: floats(0.4), activation_beta: floats(0.8) },
  })),
];

describe("unroll", () => {
  it.each(cases)("computes what the runtime's kernel does: $label", async (c) => {
    const { graph, types, feeds } = setUp(c);
    const unrolled = unroll(graph, types);
    verify(unrolled.graph);
    expect(unrolled.graph.nodes.some((n) => n.op === c.op)).toBe(false);
    expect(difference(await run(graph, feeds), await run(prune(unrolled.graph), feeds))).toBeLessThan(2e-6);
  });

  it.each([
    { direction: "forward", perChannel: false },
    { direction: "reverse", perChannel: true },
    { direction: "bidirectional", perChannel: true },
  ])("computes what the runtime's quantised kernel does: $direction, scales per channel $perChannel", async ({ direction, perChannel }) => {
    const d = direction === "bidirectional" ? 2 : 1;
    const n = 4 * hidden;
    const bytes = (dims: readonly number[]): Tensor =>
      tensor(
        "int8",
        dims,
        Array.from({ length: dims.reduce((p, q) => p * q, 1) }, (_, i) => ((i * 83 + 7) % 255) - 127),
      );
    const parameters = perChannel ? [d, n] : [d];
    const scales = (): Tensor =>
      float32(
        parameters,
        Array.from({ length: perChannel ? d * n : d }, (_, i) => 0.004 + 0.001 * (i % 5)),
      );
    const zeros = tensor("int8", parameters, new Array<number>(perChannel ? d * n : d).fill(0));
    const feeds = { x: float32([steps, batch, width]), h: float32([d, batch, hidden]), c: float32([d, batch, hidden]) };
    const constants = { w: bytes([d, width, n]), r: bytes([d, hidden, n]), b: float32([d, 2 * n]), ws: scales(), wz: zeros, rs: scales(), rz: zeros };
    const inputs = ["x", "w", "r", "b", "", "h", "c", "", "ws", "wz", "rs", "rz"];
    const nodes = [op("DynamicQuantizeLSTM", inputs, ["y", "y_h", "y_c"], { hidden_size: hidden, direction }, "com.microsoft")];
    const graph = graphOf({ inputs: feeds, constants, nodes, outputs: ["y", "y_h", "y_c"], opsets: { "": 21, "com.microsoft": 1 } });
    const expected = await run(graph, feeds);
    const types: Types = new Map(Object.entries({ ...feeds, ...Object.fromEntries(expected) }).map(([name, t]) => [name, { dtype: t.dtype, dims: t.dims }]));
    const unrolled = unroll(graph, types);
    verify(unrolled.graph);
    expect(unrolled.graph.nodes.some((one) => one.op === "DynamicQuantizeLSTM")).toBe(false);
    expect(difference(expected, await run(prune(unrolled.graph), feeds))).toBeLessThan(2e-6);
  });

  it("takes the batch first where the layout says so, which the runtime's kernels do not", async () => {
    for (const name of ["LSTM", "GRU", "RNN"] as const) {
      const { graph, types, feeds } = setUp({ label: "", op: name, states: true, lengths: [5, 2, 3] });
      const swap = (t: Tensor, name: string): Tensor => {
        if (t.dims.length !== 3) return t;
        const [p = 0, q = 0, r = 0] = t.dims;
        const data = Array.from({ length: p * q * r }, (_, at) => Number(t.data[((Math.floor(at / r) % p) * q + Math.floor(at / (p * r))) * r + (at % r)]));
        return name === "" ? t : tensor("float32", [q, p, r], data);
      };
      const swapped = Object.fromEntries(Object.entries(feeds).map(([key, t]) => [key, swap(t, key)]));
      const node = graph.nodes[0]!;
      const declared = { ...graph, inputs: Object.entries(swapped).map(([key, t]) => ({ name: key, dtype: t.dtype, dims: t.dims })) };
      const batchFirst: Graph = { ...declared, nodes: [{ ...node, attributes: { ...node.attributes, layout: { kind: "int", value: 1 } } }] };
      const turned: Types = new Map(
        [...types].map(([key, t]) => [
          key,
          key === "lengths" ? t : { ...t, dims: key === "y" ? [null, steps, 1, hidden] : [t.dims[1] ?? null, t.dims[0] ?? null, t.dims[2] ?? null] },
        ]),
      );
      const unrolled = unroll(batchFirst, turned).graph;
      const actual = await run(unrolled, swapped);
      const expected = await run(graph, feeds);
      for (const output of node.outputs.slice(1)) expect(difference(new Map([[output, swap(expected.get(output)!, output)]]), actual)).toBeLessThan(2e-6);
      expect(actual.get("y")?.dims).toEqual([batch, steps, 1, hidden]);
    }
  });

  it("prints steps that share one projection", async () => {
    const { graph, types } = setUp({ label: "", op: "GRU", states: true });
    const short: Types = new Map(types).set("x", { dtype: "float32", dims: [2, null, width] });
    await expect(print(prune(unroll(graph, short).graph))).toMatchFileSnapshot("../../golden/graph/unroll-gru.txt");
  });

  it("leaves a node whose length is not known, and says so", () => {
    const { graph, types } = setUp({ label: "", op: "LSTM" });
    const result = unroll(graph, new Map(types).set("x", { dtype: "float32", dims: [null, 1, width] }));
    expect(result.graph.nodes).toEqual(graph.nodes);
    expect([...result.left]).toEqual([["LSTM:y", "its sequence length is not known for this sample"]]);
  });
});
