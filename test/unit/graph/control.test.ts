import { describe, expect, it } from "vitest";
import { resolveControl } from "../../../src/graph/control/resolveControl.js";
import { openSequences, resolveSequences } from "../../../src/graph/control/resolveSequences.js";
import type { Attribute, Graph, ValueInfo } from "../../../src/graph/ir.js";
import { print } from "../../../src/graph/print.js";
import { verify } from "../../../src/graph/verify.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, graphOf, int64, op, run, type Parts } from "./build.js";

const body = (parts: Parts): Attribute => ({ kind: "graph", value: { ...graphOf(parts), opsets: {} } });
const info = (name: string, dtype: "float32" | "int64" | "bool", dims: readonly number[]): ValueInfo => ({ name, dtype, dims });
const bool = (value: boolean): Tensor => ({ dtype: "bool", dims: [], data: new Uint8Array([value ? 1 : 0]) });
const resolve = async (graph: Graph, feeds: Readonly<Record<string, Tensor>>) => {
  const resolved = await resolveControl(graph, (probe) => run(probe, feeds));
  verify(resolved.graph);
  return resolved;
};

const x = float32([3], [0.5, -1, 2]);
const loopInputs = { i: info("i", "int64", []), go: info("go", "bool", []), h: info("h", "float32", [3]) };

describe("resolveControl", () => {
  it("lays out a Loop that stops by its own condition, with carried, stacked and captured values and an If inside", async () => {
    const graph = graphOf({
      inputs: { x, m: tensor("int64", [], [10]) },
      constants: { limit: float32([], [7]) },
      nodes: [
        op("Loop", ["m", "", "x"], ["last", "all"], {
          body: body({
            inputs: loopInputs,
            constants: { axis: int64(0), two: tensor("int64", [], [2]) },
            nodes: [
              op("Less", ["i", "two"], ["early"]),
              op("If", ["early"], ["t"], {
                then_branch: body({ nodes: [op("Add", ["h", "x"], ["branch"])], outputs: ["branch"] }),
                else_branch: body({ nodes: [op("Mul", ["h", "limit"], ["branch"])], outputs: ["branch"] }),
              }),
              op("ReduceMax", ["t", "axis"], ["top"], { keepdims: 0 }),
              op("Less", ["top", "limit"], ["on"]),
              op("Mul", ["t", "h"], ["s"]),
            ],
            outputs: ["on", "t", "s"],
          }),
        }),
        op("ReduceSum", ["all"], ["sum"]),
      ],
      outputs: ["last", "all", "sum"],
    });
    const feeds = { x, m: tensor("int64", [], [10]) };
    const { graph: flat, left, decided } = await resolve(graph, feeds);
    expect([...left]).toEqual([]);
    expect(decided.length).toBe(3);
    expect(flat.nodes.filter((n) => ["If", "Loop"].includes(n.op))).toEqual([]);
    expect(difference(await run(graph, feeds), await run(flat, feeds))).toBe(0);
  });

  it("lays out a Scan in both directions and along any axis", async () => {
    const [a, b] = [float32([4, 3]), float32([2, 4])];
    const graph = graphOf({
      inputs: { x, a, b },
      nodes: [
        op("Scan", ["x", "a", "b"], ["last", "forward", "backward"], {
          num_scan_inputs: 2,
          scan_input_axes: [0, -1],
          scan_input_directions: [1, 0],
          scan_output_axes: [1, 0],
          scan_output_directions: [0, 1],
          body: body({
            inputs: { s: info("s", "float32", [3]), p: info("p", "float32", [3]), q: info("q", "float32", [2]) },
            nodes: [
              op("Mul", ["s", "p"], ["sp"]),
              op("ReduceSum", ["q"], ["total"], { keepdims: 0 }),
              op("Add", ["sp", "total"], ["next"]),
              op("Exp", ["q"], ["e"]),
            ],
            outputs: ["next", "sp", "e"],
          }),
        }),
      ],
      outputs: ["last", "forward", "backward"],
    });
    const { graph: flat } = await resolve(graph, { x, a, b });
    await expect(print(flat)).toMatchFileSnapshot("../../golden/graph/control-scan.txt");
    expect(difference(await run(graph, { x, a, b }), await run(flat, { x, a, b }))).toBeLessThan(1e-6);
  });

  it("passes values through a step unchanged, and returns one value twice", async () => {
    const graph = graphOf({
      inputs: { x },
      constants: { m: tensor("int64", [], [3]), yes: bool(true) },
      nodes: [
        op("Loop", ["m", "yes", "x", "x"], ["kept", "grown"], {
          body: body({
            inputs: { ...loopInputs, g: info("g", "float32", [3]) },
            nodes: [op("Identity", ["go"], ["go2"]), op("Identity", ["h"], ["h2"]), op("Add", ["g", "h"], ["g2"])],
            outputs: ["go2", "h2", "g2"],
          }),
        }),
      ],
      outputs: ["kept", "grown"],
    });
    const { graph: flat } = await resolve(graph, { x });
    expect(difference(await run(graph, { x }), await run(flat, { x }))).toBe(0);
  });

  it("takes the branch that the sample takes, and says which Ifs it decided", async () => {
    const graph = graphOf({
      inputs: { x },
      constants: { zero: float32([], [0]) },
      nodes: [
        op("ReduceSum", ["x"], ["sum"], { keepdims: 0 }),
        op("Greater", ["sum", "zero"], ["positive"]),
        op("If", ["positive"], ["y"], {
          then_branch: body({ nodes: [op("Exp", ["x"], ["t"])], outputs: ["t"] }),
          else_branch: body({ nodes: [op("Neg", ["x"], ["t"])], outputs: ["t"] }),
        }),
      ],
      outputs: ["y"],
    });
    for (const [feed, taken] of [
      [x, "Exp"],
      [float32([3], [-1, -1, -1]), "Neg"],
    ] as const) {
      const { graph: flat, decided } = await resolve(graph, { x: feed });
      expect(flat.nodes.map((n) => n.op)).toEqual([taken]);
      expect(decided).toEqual(["If:y"]);
    }
  });

  it("leaves a loop without steps and says so", async () => {
    const graph = graphOf({
      inputs: { x },
      constants: { m: tensor("int64", [], [0]) },
      nodes: [
        op("Loop", ["m", "", "x"], ["y"], {
          body: body({ inputs: loopInputs, nodes: [op("Identity", ["go"], ["go2"]), op("Neg", ["h"], ["h2"])], outputs: ["go2", "h2"] }),
        }),
      ],
      outputs: ["y"],
    });
    const { graph: same, left } = await resolve(graph, { x });
    expect(same).toBe(graph);
    expect([...left]).toEqual([["Loop:y", "it makes no step for this sample"]]);
  });
});

describe("resolveSequences", () => {
  const m = float32([5, 2]);
  const position = (value: number): Tensor => tensor("int64", [], [value]);
  it("reads tensors directly where positions are constant", async () => {
    const graph = graphOf({
      inputs: { x, m },
      constants: { two: position(2), one: position(1), minus: position(-1), sizes: int64(1, 3, 1) },
      nodes: [
        op("Neg", ["x"], ["n"]),
        op("SequenceConstruct", ["x", "n"], ["s"]),
        op("Exp", ["x"], ["e"]),
        op("SequenceInsert", ["s", "e", "one"], ["s2"]),
        op("SequenceErase", ["s2", "minus"], ["s3"]),
        op("SequenceAt", ["s2", "minus"], ["last"]),
        op("ConcatFromSequence", ["s3"], ["rows"], { axis: 0, new_axis: 1 }),
        op("ConcatFromSequence", ["s2"], ["flat"], { axis: 0 }),
        op("SequenceLength", ["s3"], ["count"]),
        op("SplitToSequence", ["m", "sizes"], ["parts"]),
        op("SequenceAt", ["parts", "one"], ["middle"]),
        op("SplitToSequence", ["m", "two"], ["pairs"]),
        op("SequenceAt", ["pairs", "two"], ["rest"]),
        op("SplitToSequence", ["m"], ["singles"], { keepdims: 0 }),
        op("SequenceAt", ["singles", "one"], ["row"]),
      ],
      outputs: ["last", "rows", "flat", "count", "middle", "rest", "row"],
    });
    const flat = resolveSequences(graph, new Map([["m", { dtype: "float32", dims: [5, 2] }]]));
    verify(flat);
    await expect(print(flat)).toMatchFileSnapshot("../../golden/graph/control-sequences.txt");
    expect(flat.nodes.filter((n) => n.op.includes("Sequence"))).toEqual([]);
    expect(difference(await run(graph, { x, m }), await run(flat, { x, m }))).toBe(0);
  });

  it("leaves a sequence whose position is computed", () => {
    const graph = graphOf({
      inputs: { x, at: position(0) },
      nodes: [op("SequenceConstruct", ["x", "x"], ["s"]), op("SequenceAt", ["s", "at"], ["y"])],
      outputs: ["y"],
    });
    const same = resolveSequences(graph);
    expect(same.nodes.map((n) => n.op)).toEqual(["SequenceConstruct", "SequenceAt"]);
    expect([...openSequences(same).keys()]).toEqual(["SequenceConstruct:s", "SequenceAt:y"]);
  });

  it("maps a body over sequences and unwraps optional values", async () => {
    const graph = graphOf({
      inputs: { x, m },
      constants: { one: position(1) },
      nodes: [
        op("SplitToSequence", ["m"], ["rows"], { keepdims: 0 }),
        op("SequenceMap", ["rows", "x"], ["sums", "scaled"], {
          body: body({
            inputs: { row: info("row", "float32", [2]), all: info("all", "float32", [3]) },
            nodes: [op("ReduceSum", ["row"], ["s"], { keepdims: 1 }), op("Mul", ["all", "s"], ["t"])],
            outputs: ["s", "t"],
          }),
        }),
        op("ConcatFromSequence", ["sums"], ["totals"], { axis: 0 }),
        op("SequenceAt", ["scaled", "one"], ["second"]),
        op("Optional", ["second"], ["maybe"]),
        op("OptionalHasElement", ["maybe"], ["there"]),
        op("OptionalGetElement", ["maybe"], ["value"]),
        op("OptionalHasElement", [], ["missing"]),
        op("Optional", ["scaled"], ["list"]),
        op("OptionalGetElement", ["list"], ["unwrapped"]),
        op("SequenceLength", ["unwrapped"], ["count"]),
      ],
      outputs: ["totals", "there", "value", "missing", "count"],
      opset: 18,
    });
    const flat = resolveSequences(graph, new Map([["m", { dtype: "float32", dims: [5, 2] }]]));
    verify(flat);
    expect(flat.nodes.filter((n) => /Sequence|Optional/.test(n.op))).toEqual([]);
    expect(openSequences(flat).size).toBe(0);
    expect(difference(await run(graph, { x, m }), await run(flat, { x, m }))).toBeLessThan(1e-6);
  });

  it("follows a sequence through the steps of a loop", async () => {
    const sequence = { name: "s", dtype: null, dims: null };
    const graph = graphOf({
      inputs: { x },
      constants: { m: position(3), yes: bool(true) },
      nodes: [
        op("Identity", ["x"], ["x0"]),
        op("SequenceConstruct", ["x0"], ["start"]),
        op("Loop", ["m", "yes", "start", "x"], ["end", "tail"], {
          body: body({
            inputs: { i: loopInputs.i, go: loopInputs.go, s: sequence, h: loopInputs.h },
            nodes: [op("Identity", ["go"], ["go2"]), op("Add", ["h", "x"], ["h2"]), op("SequenceInsert", ["s", "h2"], ["s2"])],
            outputs: ["go2", "s2", "h2"],
          }),
        }),
        op("ConcatFromSequence", ["end"], ["y"], { axis: 0, new_axis: 1 }),
      ],
      outputs: ["y", "tail"],
    });
    const { graph: steps } = await resolve(graph, { x });
    const flat = resolveSequences(steps);
    verify(flat);
    expect(flat.nodes.filter((n) => n.op.includes("Sequence"))).toEqual([]);
    expect((await run(flat, { x })).get("y")?.dims).toEqual([4, 3]);
    expect(Array.from((await run(flat, { x })).get("tail")?.data as Float32Array)).toEqual([2, -4, 8]);
  });
});
