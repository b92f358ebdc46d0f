import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.js";
import { relevance } from "../../src/autodiff/relevance/index.js";
import { opStates } from "../../src/autodiff/rules/index.js";
import { Builder } from "../../src/graph/builder.js";
import { laidOutOperators } from "../../src/graph/laidOut.js";
import type { Graph, ValueInfo } from "../../src/graph/ir.js";
import { prune } from "../../src/graph/prune.js";
import { sizeOf, tensor, toNumbers } from "../../src/tensor/tensor.js";
import { gradientCases } from "./cases/index.js";
import { drawInputs, forwardGraph, generator, info, merge, open, seeded, variables } from "./check.js";
import type { GradientCase } from "./gradientCase.js";

const { rules } = relevance({ convolution: { kind: "epsilon" }, dense: { kind: "epsilon" }, epsilon: 1e-12, captum: false });
const dividing = gradientCases.filter(({ op }) => rules[op]?.state === "rule");

/** What takes relevance without being an input that is explained: a bias, a constant that wins, statistics that are held. */
function absorbs({ op, name, inputs }: GradientCase): boolean {
  if (["BatchNormalization", "InstanceNormalization"].includes(op) || /:(Scaler|Linear\w+)$/u.test(op)) return true;
  if (op === "LayerNormalization" || op === "GroupNormalization") return inputs.length > 2 || name.includes("statistics");
  if (op === "Gemm") return inputs.length > 2 && inputs[2]?.kind !== "variable";
  if (op === "Resize") return name.includes("extrapolation");
  if (op.startsWith("com.microsoft:MatMul")) return name.includes("bias");
  return (op === "Max" || op === "Min") && inputs.some((input) => input.kind === "constant");
}

/** Relevance of each output, in proportion to it but not all alike, and the relevance of the inputs that it becomes; undefined for a form that is refused. */
async function divide(c: GradientCase): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const feeds = drawInputs(c, 2);
  const forward = await open(forwardGraph(c, c.nodes));
  const values = await forward.run(
    feeds,
    forward.outputs.filter((o) => o.dtype !== null).map((o) => o.name),
  );
  await forward.release();
  const base = forwardGraph(c, c.nodes);
  const b = new Builder(base, merge([{ ...feeds, ...values }]));
  const inputs: ValueInfo[] = [...base.inputs];
  const random = generator(c.name);
  const outputs = seeded(c, values);
  const arriving = Object.fromEntries(
    outputs.map((y) => {
      const name = `r:${y}`;
      b.declare(name, b.type(y));
      inputs.push(info(name, b.type(y)));
      const numbers = Array.from(toNumbers(values[y]!), (value) => value * (0.5 + random()));
      return [name, tensor(c.dtype, values[y]!.dims, numbers)] as const;
    }),
  );
  const seeds = new Map(outputs.map((y) => [y, `r:${y}`] as const));
  const sources = variables(c);
  const back = (): Map<string, string> => differentiate(b, [...b.nodes], { sources, seeds, rules });
  const state = rules[c.op];
  if (state?.state === "rule" && c.nodes.some((node) => state.refuse?.(node, b.types()) !== undefined)) {
    expect(back).toThrow("The gradient can't pass");
    return undefined;
  }
  const found = back();
  if (found.size === 0) return { from: 0, to: 0 };
  const graph: Graph = prune({
    ...base,
    inputs,
    outputs: [...found.values()].map((name) => ({ name, dtype: null, dims: null })),
    nodes: b.nodes,
    initializers: b.initializers,
  });
  const session = await open(graph);
  const names = new Set(graph.inputs.map((i) => i.name));
  const divided = await session.run(Object.fromEntries(Object.entries({ ...feeds, ...arriving }).filter(([name]) => names.has(name))));
  await session.release();
  for (const [source, name] of found) {
    expect(divided[name]!.dims, `dims of the relevance of ${source}`).toEqual(feeds[source]!.dims);
    expect(sizeOf(divided[name]!.dims)).toBe(divided[name]!.data.length);
  }
  const total = (list: readonly ArrayLike<number>[]): number => list.reduce((sum, t) => Array.from(t).reduce((s, v) => s + v, sum), 0);
  return { from: total(Object.values(arriving).map(toNumbers)), to: total([...found.values()].map((name) => toNumbers(divided[name]!))) };
}

describe("relevance is divided, none is made or lost", () => {
  for (const c of dividing)
    it(c.name, async () => {
      const sums = await divide(c);
      if (sums === undefined) return;
      const { from, to } = sums;
      if (absorbs(c)) expect(Number.isFinite(to)).toBe(true);
      else expect(Math.abs(to - from) / Math.max(1e-3, Math.abs(from))).toBeLessThan(c.dtype === "float64" ? 1e-6 : 1e-3);
    });
});

it("says where it has no rule though there is a derivative, but for what is laid out as plainer operators", () => {
  const without = Object.entries(rules).filter(
    ([op, { state }]) => state === "unsupported" && opStates[op]?.state === "rule" && !Object.hasOwn(laidOutOperators, op),
  );
  expect(without.map(([op]) => op).filter((op) => !/Q(uant|Linear)|Integer/u.test(op))).toEqual([
    "Mod",
    "ReduceProd",
    "ReduceLogSum",
    "Det",
    "com.microsoft:Inverse",
    "com.microsoft:TransposeMatMul",
    "OneHot",
    "ai.onnx.ml:SVMRegressor",
    "ai.onnx.ml:SVMClassifier",
  ]);
});
