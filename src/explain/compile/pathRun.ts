import { rowsPerRun } from "../../attribution/cost.js";
import type { BoundGraph } from "../../attribution/bound.js";
import type { Program } from "../../attribution/plan.js";
import { alphaInput, weightInput } from "../../attribution/program/frame.js";
import type { Builder } from "../../graph/builder.js";
import type { Graph } from "../../graph/ir.js";
import { partOf } from "./part.js";

/** Points on the path, and rows of weights over them. */
export interface StaticRule {
  readonly nodes: readonly number[];
  readonly weights: readonly (readonly number[])[];
}

/** The values that a program gave inside the explanation. */
export interface PathValues {
  /** [K, R], where the program has a target. */
  readonly score?: string;
  /** By name, [L, R, …]; without a batch axis [L, …]. */
  readonly credit: ReadonlyMap<string, string>;
}

/** Points that are computed at once: all of them where they fit into one run, else the largest even share that does. */
export function pointsAtOnce(bound: BoundGraph, points: number): number {
  const fitting = rowsPerRun(bound);
  for (let size = Math.min(points, fitting); size > 1; size--) if (points % size === 0) return size;
  return 1;
}

/** A program at all points of a rule: stacked, or in turn by a Scan where they are too many for one run or rows can't be stacked. */
export function pathRun(b: Builder, bound: BoundGraph, { graph }: Program, prefix: string, given: ReadonlyMap<string, string>, rule: StaticRule): PathValues {
  const points = rule.nodes.length;
  const size = pointsAtOnce(bound, points);
  const dtypes = new Map(graph.outputs.map((o) => [o.name, o.dtype ?? "float32"]));
  const values = size === points ? stacked(b, graph, prefix, given, rule) : scanned(b, graph, prefix, given, rule, size);
  const credit = new Map<string, string>();
  let score: string | undefined;
  for (const { name } of graph.outputs) {
    const dtype = dtypes.get(name) ?? "float32";
    const value = values(name);
    if (name === "score") score = b.emit("Reshape", [value, b.ints([points, -1])], { dtype, dims: [points, null] });
    else if (name.startsWith("credit/")) credit.set(name.slice("credit/".length), value);
  }
  return { credit, ...(score === undefined ? {} : { score }) };
}

function stacked(b: Builder, graph: Graph, prefix: string, given: ReadonlyMap<string, string>, { nodes, weights }: StaticRule): (output: string) => string {
  const part = partOf(
    b,
    graph,
    prefix,
    new Map([
      ...given,
      [alphaInput, b.constant("float32", [nodes.length, 1], nodes)],
      [weightInput, b.constant("float32", [weights.length, nodes.length], weights.flat())],
    ]),
  );
  for (const node of part.nodes) b.append(node);
  for (const { name, dtype } of graph.outputs) b.declare(part.output(name), { dtype: dtype ?? "float32", dims: [] });
  return part.output;
}

/** The same by a Scan over shares of `size` points; credits of the shares are added up behind it. */
function scanned(
  b: Builder,
  graph: Graph,
  prefix: string,
  given: ReadonlyMap<string, string>,
  { nodes, weights }: StaticRule,
  size: number,
): (output: string) => string {
  const steps = nodes.length / size;
  const [alpha, weight] = [`${prefix}/alpha`, `${prefix}/weight`];
  const part = partOf(b, graph, prefix, new Map([...given, [alphaInput, alpha], [weightInput, weight]]));
  const body: Graph = {
    name: prefix,
    inputs: [
      { name: alpha, dtype: "float32", dims: [size, 1] },
      { name: weight, dtype: "float32", dims: [weights.length, size] },
    ],
    outputs: graph.outputs.map(({ name, dtype }) => ({ name: part.output(name), dtype, dims: null })),
    nodes: part.nodes,
    initializers: new Map(),
    opsets: {},
  };
  const shares = Array.from({ length: steps }, (_, s) => weights.flatMap((row) => row.slice(s * size, (s + 1) * size)));
  const found = b.emitMany(
    "Scan",
    [b.constant("float32", [steps, size, 1], nodes), b.constant("float32", [steps, weights.length, size], shares.flat())],
    graph.outputs.map(({ dtype }) => ({ dtype: dtype ?? "float32", dims: [] })),
    { num_scan_inputs: 2, body: { kind: "graph", value: body } },
  );
  const values = new Map(
    graph.outputs.map(({ name }, i) => {
      const all = found[i] ?? "";
      return [name, name === "score" ? all : b.emit("ReduceSum", [all, b.ints([0])], b.type(all), { keepdims: 0 })];
    }),
  );
  return (name) => values.get(name) ?? name;
}
