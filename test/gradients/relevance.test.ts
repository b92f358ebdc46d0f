import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.js";
import { relevance } from "../../src/autodiff/relevance/index.js";
import { opStates } from "../../src/autodiff/rules/index.js";
import { Builder } from "../../src/graph/builder.js";
import type { Graph, ValueInfo } from "../../src/graph/ir.js";
import { prune } from "../../src/graph/prune.js";
import { sizeOf, tensor, toNumbers } from "../../src/tensor/tensor.js";
import { gradientCases } from "./cases/index.js";
import { drawInputs, forwardGraph, generator, info, merge, open, seeded, variables } from "./check.js";
import type { GradientCase } from "./gradientCase.js";

const { rules } = relevance({ convolution: { kind: "epsilon" }, dense: { kind: "epsilon" }, epsilon: 1e-12, captum: false });
const dividing = gradientCases.filter(({ op, dtype }) => dtype === "float64" && rules[op]?.state === "rule");

/** What takes relevance without being an input that is explained: a bias, and a constant that wins. */
function absorbs({ op, inputs }: GradientCase): boolean {
  if (op === "BatchNormalization") return true;
  if (op === "LayerNormalization" || op === "GroupNormalization") return inputs.length > 2;
  if (op === "Gemm") return inputs.length > 2 && inputs[2]?.kind !== "variable";
  return (op === "Max" || op === "Min") && inputs.some((input) => input.kind === "constant");
}

/** Relevance of each output, in proportion to it but not all alike, and the relevance of the inputs that it becomes. */
async function divide(c: GradientCase): Promise<{ readonly from: number; readonly to: number }> {
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
  const found = differentiate(b, [...b.nodes], { sources, seeds, rules });
  const graph: Graph = prune({
    ...base,
    inputs,
    outputs: [...found.values()].map((name) => ({ name, dtype: null, dims: null })),
    nodes: b.nodes,
    initializers: b.initializers,
  });
  const session = await open(graph);
  const names = new Set(graph.inputs.map((i) => i.name));
  const back = await session.run(Object.fromEntries(Object.entries({ ...feeds, ...arriving }).filter(([name]) => names.has(name))));
  await session.release();
  for (const [source, name] of found) {
    expect(back[name]!.dims, `dims of the relevance of ${source}`).toEqual(feeds[source]!.dims);
    expect(sizeOf(back[name]!.dims)).toBe(back[name]!.data.length);
  }
  const total = (list: readonly ArrayLike<number>[]): number => list.reduce((sum, t) => Array.from(t).reduce((s, v) => s + v, sum), 0);
  return { from: total(Object.values(arriving).map(toNumbers)), to: total([...found.values()].map((name) => toNumbers(back[name]!))) };
}

describe("relevance is divided, none is made or lost", () => {
  for (const c of dividing)
    it(c.name, async () => {
      const state = rules[c.op];
      if (state?.state === "rule" && c.nodes.some((node) => state.refuse?.(node, new Map()) !== undefined)) {
        await expect(divide(c)).rejects.toMatchObject({ diagnostic: { code: "UNSUPPORTED_OPERATOR" } });
        return;
      }
      const { from, to } = await divide(c);
      if (absorbs(c)) expect(Number.isFinite(to)).toBe(true);
      else expect(Math.abs(to - from) / Math.max(1e-3, Math.abs(from))).toBeLessThan(1e-6);
    });
});

it("knows what to do at every operator that it names", () => {
  expect(Object.keys(rules).sort()).toEqual(Object.keys(opStates).sort());
});
