import { performance } from "node:perf_hooks";
import { derivativeProgram } from "../../src/attribution/program/derivative.js";
import { findSources } from "../../src/attribution/program/sources.js";
import type { BoundGraph } from "../../src/attribution/bound.js";
import { opStates } from "../../src/autodiff/rules/index.js";
import type { ValueType } from "../../src/graph/ir.js";
import { createSession } from "../../src/runtime/session.js";
import { chain, ownWeight } from "./chain.js";

/** Milliseconds to derive the gradient program of 1,000 nodes, and to load what came out. */
export async function compileTime(): Promise<{ readonly nodes: number; readonly derive: number; readonly load: number }> {
  const width = 16;
  const graph = chain(250, width, ownWeight(width));
  const rows: ValueType = { dtype: "float32", dims: [null, width] };
  const types = new Map<string, ValueType>([
    ["x", rows],
    ...graph.nodes.map((n): [string, ValueType] => [n.outputs[0] ?? "", rows]),
    ...[...graph.initializers.values()].map((i): [string, ValueType] => [i.name, { dtype: i.dtype, dims: i.dims }]),
  ]);
  const derive: number[] = [];
  const load: number[] = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const bound: BoundGraph = { graph, types, stacked: true, batched: new Set(["x"]), key: "" };
    const started = performance.now();
    const { sources } = findSources(bound, ["x"]);
    const quantity = { kind: "inputs", times: "difference", abs: false } as const;
    const derived = derivativeProgram(bound, { sources, path: true, target: "y", quantity, rules: opStates, rulesKey: "gradient" }).graph;
    derive.push(performance.now() - started);
    const session = await createSession(derived);
    load.push(performance.now() - started - (derive.at(-1) ?? 0));
    await session.release();
  }
  // The first one, as it is met by a person: nothing is warm then.
  return { nodes: graph.nodes.length, derive: derive[0] ?? NaN, load: load[0] ?? NaN };
}
