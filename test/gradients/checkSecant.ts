import { expect } from "vitest";
import { present } from "../../src/base/assert.js";
import { differentiate } from "../../src/autodiff/differentiate.js";
import { opStates } from "../../src/autodiff/rules/index.js";
import { revealCancel } from "../../src/autodiff/secant/revealCancel.js";
import { secantRules } from "../../src/autodiff/secant/index.js";
import { Builder } from "../../src/graph/builder.js";
import type { Graph, Node, ValueInfo, ValueType } from "../../src/graph/ir.js";
import { prune } from "../../src/graph/prune.js";
import { verify } from "../../src/graph/verify.js";
import { isFloat } from "../../src/tensor/dtype.js";
import { sizeOf, tensor, toNumbers, type Tensor } from "../../src/tensor/tensor.js";
import { drawInputs, forwardGraph, generator, info, merge, open, seeded, variables } from "./check.js";
import type { GradientCase } from "./gradientCase.js";

type Feeds = Readonly<Record<string, Tensor>>;

/** Shares of the terms' sum: what is lost when close numbers are subtracted. */
const tolerances = { float64: 1e-7, float32: 2e-4 } as const;

/**
 * Holds the multipliers of a case to their definition: for random u, Σ m·(x − x₀) = ⟨u, y − y₀⟩, and at x₀ = x they are the gradient. Credits by RevealCancel add up as well.
 */
export async function checkSecant(c: GradientCase, tolerance: number = tolerances[c.dtype]): Promise<void> {
  const follows = c.inputs.some((input) => "dims" in input && input.dims.some((d) => d === null));
  const forward = await open(forwardGraph(c, c.nodes));
  const values = forward.outputs.filter((o) => o.dtype !== null).map((o) => o.name);
  const batches = follows ? [2, 3] : [0];
  const samples = batches.map((rows) => drawInputs(c, rows));
  const runs: Feeds[] = [];
  for (const feeds of samples) runs.push(await forward.run(feeds, values));
  const graph = multiplierGraph(c, merge(samples.map((feeds, i) => ({ ...feeds, ...runs[i] }))));
  const session = await open(graph);
  const moving = variables(c);
  for (const [i, feeds] of samples.entries()) {
    const other = drawInputs(c, batches[i]!, "/baseline");
    const outputs = seeded(c, runs[i]!);
    const otherRun = await forward.run(other, values);
    const random = generator(`${c.name}/u`);
    const u = Object.fromEntries(outputs.map((y) => [y, drawn(c, runs[i]![y]!, random)]));
    const run = (baseline: Feeds): Promise<Feeds> =>
      session.run(
        Object.fromEntries(
          graph.inputs.map(({ name }) => {
            if (name.startsWith("u:")) return [name, u[name.slice(2)]!];
            return [name, name.endsWith("@0") ? baseline[name.slice(0, -2)]! : feeds[name]!];
          }),
        ),
      );
    const multipliers = await run(other);
    const sums = terms(outputs.map((y) => [u[y]!, runs[i]![y]!, otherRun[y]!]));
    const parts = terms(moving.map((x) => [multipliers[`m:${x}`]!, feeds[x]!, other[x]!]));
    for (const x of moving) expect(Array.from(toNumbers(multipliers[`m:${x}`]!)).every(Number.isFinite), `the multipliers of ${x} are finite`).toBe(true);
    expect(Math.abs(parts.sum - sums.sum) / Math.max(1e-3, parts.size, sums.size), `Σ m·Δx = ${parts.sum} against ⟨u, Δy⟩ = ${sums.sum}`).toBeLessThan(
      tolerance,
    );
    const revealed = moving.reduce((sum, x) => sum + toNumbers(multipliers[`r:${x}`]!).reduce((total, value) => total + value, 0), 0);
    if (c.outputs.length === 1)
      expect(Math.abs(revealed - sums.sum) / Math.max(1e-3, parts.size, sums.size), `credits of RevealCancel: ${revealed} against ${sums.sum}`).toBeLessThan(
        tolerance,
      );
    const still = await run(feeds);
    for (const x of moving) {
      const [m, g] = [toNumbers(still[`m:${x}`]!), toNumbers(still[`g:${x}`]!)];
      const largest = Math.max(1e-3, ...g.map(Math.abs));
      m.forEach((value, k) => {
        expect(Math.abs(value - g[k]!) / largest, `at x₀ = x the multiplier of ${x}[${k}] is the gradient`).toBeLessThan(tolerances[c.dtype]);
      });
    }
  }
  await session.release();
  await forward.release();
}

function drawn(c: GradientCase, like: Tensor, random: () => number): Tensor {
  return tensor(
    c.dtype,
    like.dims,
    Array.from({ length: sizeOf(like.dims) }, () => 2 * random() - 1),
  );
}

/** Σ w·(p − q), and Σ |w|·(|p| + |q|). */
function terms(list: readonly (readonly [Tensor, Tensor, Tensor])[]): { readonly sum: number; readonly size: number } {
  let [sum, size] = [0, 0];
  for (const [w, p, q] of list) {
    const [pn, qn] = [toNumbers(p), toNumbers(q)];
    toNumbers(w).forEach((value, k) => {
      sum += value * (pn[k]! - qn[k]!);
      size += Math.abs(value) * Math.abs(pn[k]! - qn[k]!);
    });
  }
  return { sum, size };
}

/** The case's nodes twice, multipliers m:x and gradients g:x of the seeds u:y. */
function multiplierGraph(c: GradientCase, types: ReadonlyMap<string, ValueType>): Graph {
  const base = forwardGraph(c, c.nodes);
  const b = new Builder(base, types);
  const inputs: ValueInfo[] = [...base.inputs];
  const declare = (name: string, like: string): string => {
    b.declare(name, b.type(like));
    inputs.push(info(name, b.type(like)));
    return name;
  };
  const moving = new Set(variables(c));
  const nodes = [...b.nodes];
  for (const x of variables(c)) declare(`${x}@0`, x);
  const at0 = (value: string): string => (moving.has(value) ? `${value}@0` : value);
  for (const node of nodes) {
    for (const y of node.outputs) {
      if (y === "") continue;
      moving.add(y);
      if (b.has(y)) b.declare(`${y}@0`, b.type(y));
    }
    b.append(copied(node, at0));
  }
  const seeds = new Map(c.outputs.filter((y) => isFloat(b.type(y).dtype)).map((y) => [y, declare(`u:${y}`, y)] as const));
  const sources = variables(c);
  const multipliers = differentiate(b, nodes, { sources, seeds, rules: secantRules(at0) });
  const gradients = differentiate(b, nodes, { sources, seeds, rules: opStates });
  const [first] = seeds;
  const revealed = revealCancel(b, nodes, at0, sources, { value: present(first, "seed")[0], cotangent: present(first, "seed")[1] });
  const named: Graph["outputs"][number][] = [];
  const output = (name: string, value: string): void => {
    b.append({ name, op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
    named.push({ name, dtype: null, dims: null });
  };
  b.scope("zero");
  for (const x of sources) {
    output(`m:${x}`, multipliers.get(x) ?? b.zerosLike(x));
    output(`r:${x}`, b.sum(present(revealed.get(x), x).credit, [...Array(b.rank(x)).keys()], false));
    output(`g:${x}`, gradients.get(x) ?? b.zerosLike(x));
  }
  const graph = prune({ ...base, inputs, outputs: named, nodes: b.nodes, initializers: b.initializers });
  verify(graph);
  const used = new Set(graph.nodes.flatMap((n) => n.inputs));
  return { ...graph, inputs: graph.inputs.filter((i) => used.has(i.name)) };
}

function copied(node: Node, at0: (value: string) => string): Node {
  return { ...node, name: `${node.name}@0`, inputs: node.inputs.map(at0), outputs: node.outputs.map((y) => (y === "" ? y : at0(y))) };
}
