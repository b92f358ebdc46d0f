import { expect } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.js";
import { pushForward } from "../../src/autodiff/forwardMode.js";
import type { RuleFamily } from "../../src/autodiff/rule.js";
import { Builder } from "../../src/graph/builder.js";
import { toInitializer } from "../../src/graph/initializer.js";
import type { Dim, Graph, Node, ValueInfo, ValueType } from "../../src/graph/ir.js";
import { prune } from "../../src/graph/prune.js";
import { verify } from "../../src/graph/verify.js";
import { createSession, type Session } from "../../src/runtime/session.js";
import { isFloat } from "../../src/tensor/dtype.js";
import { sizeOf, tensor, toNumbers, type Tensor } from "../../src/tensor/tensor.js";
import type { CaseInput, Domain, GradientCase } from "./gradientCase.js";

type Feeds = Readonly<Record<string, Tensor>>;

/**
 * Step and tolerance of the five-point difference (f(x−2εv) − 8 f(x−εv) + 8 f(x+εv) − f(x+2εv)) / 12ε: its error is of order ε⁴ + u/ε, with u the unit
 * roundoff, so 1e-3 leaves 1e-12 in float64; in float32, where ONNX Runtime has no double kernel, 3e-2 leaves some 1e-5 of the terms that are summed.
 */
const precision = { float64: { step: 1e-3, tolerance: 1e-7, exact: 1e-10 }, float32: { step: 3e-2, tolerance: 2e-3, exact: 1e-4 } } as const;

/**
 * Holds the derivatives of a case against numbers: for random u and v, ⟨v, Jᵀu⟩ by the rule must equal the difference quotient of ⟨u, f(x + εv)⟩ (two
 * directions, so a rule that is right by chance in one is not), ⟨u, J v⟩ by forward mode must equal it too, and Jᵀu must be linear in u.
 */
export async function checkGradient(c: GradientCase, rules: RuleFamily): Promise<void> {
  const follows = c.inputs.some((input) => "dims" in input && input.dims.some((d) => d === null));
  const batches = follows ? [2, 3] : [0];
  const samples = batches.map((rows) => drawInputs(c, rows));
  const forward = await open(forwardGraph(c, c.nodes));
  const values = forward.outputs.filter((o) => o.dtype !== null).map((o) => o.name);
  const runs: Feeds[] = [];
  for (const feeds of samples) runs.push(await forward.run(feeds, values));
  const derivative = await open(derivativeGraph(c, rules, merge([...samples.map((feeds, i) => ({ ...feeds, ...runs[i] }))])));
  const surrogate = c.surrogate === undefined ? forward : await open(forwardGraph(c, c.surrogate));
  for (const [i, feeds] of samples.entries()) for (const direction of [1, 2]) await compare(c, surrogate, derivative, feeds, runs[i]!, direction);
  for (const session of new Set([forward, derivative, surrogate])) await session.release();
}

async function compare(c: GradientCase, forward: Session, derivative: Session, feeds: Feeds, outputs: Feeds, direction: number): Promise<void> {
  const random = generator(`${c.name}/${direction}`);
  const { step, tolerance, exact } = precision[c.dtype];
  const like = (t: Tensor): Tensor =>
    tensor(
      c.dtype,
      t.dims,
      Array.from({ length: sizeOf(t.dims) }, () => normal(random)),
    );
  const sources = variables(c);
  const v = Object.fromEntries(sources.map((x) => [x, like(feeds[x]!)]));
  const u = Object.fromEntries(seeded(c, outputs).map((y) => [y, like(outputs[y]!)]));
  const w = Object.fromEntries(Object.entries(u).map(([y, t]) => [y, like(t)]));
  const along = async (t: number): Promise<number> => {
    const moved = { ...feeds, ...mapValues(v, (d, x) => combine(1, feeds[x]!, t, d)) };
    return inner(u, await forward.run(moved, Object.keys(u)));
  };
  const quotient = ((await along(-2 * step)) - 8 * (await along(-step)) + 8 * (await along(step)) - (await along(2 * step))) / (12 * step);
  const at = (seed: Readonly<Record<string, Tensor>>): Promise<Feeds> => derivative.run({ ...feeds, ...rename(seed, "u"), ...rename(v, "v") });
  const first = await at(u);
  const second = await at(w);
  const sum = await at(mapValues(u, (t, y) => combine(2, t, -0.5, w[y]!)));
  const gradient = pick(first, "g");
  for (const [x, g] of Object.entries(gradient)) {
    expect(g.dims, `dims of the cotangent of ${x}`).toEqual(feeds[x]!.dims);
    expect(Array.from(toNumbers(g)).every(Number.isFinite), `the cotangent of ${x} is finite`).toBe(true);
  }
  const reverse = inner(v, gradient);
  const jvp = pick(first, "j");
  const scale = Math.max(1e-3, norm(v, gradient), norm(u, jvp));
  expect(Math.abs(reverse - quotient) / scale, `reverse mode ${reverse} against the difference quotient ${quotient}`).toBeLessThan(c.tolerance ?? tolerance);
  expect(Math.abs(inner(u, jvp) - reverse) / scale, `forward mode ${inner(u, jvp)} against reverse mode ${reverse}`).toBeLessThan(exact);
  const other = pick(second, "g");
  for (const [x, g] of Object.entries(pick(sum, "g"))) {
    const expected = toNumbers(combine(2, gradient[x]!, -0.5, other[x]!));
    const largest = Math.max(1e-3, ...expected.map(Math.abs));
    toNumbers(g).forEach((got, k) => expect(Math.abs(got - expected[k]!) / largest, `linearity in the cotangent at ${x}[${k}]`).toBeLessThan(exact));
  }
}

/** Fed inputs as graph inputs, the others as initializers; every value is an output, so that one run tells all shapes. */
export function forwardGraph(c: GradientCase, nodes: readonly Node[]): Graph {
  const fixed = drawInitializers(c);
  return {
    name: "case",
    inputs: fedInputs(c),
    outputs: nodes.flatMap((n) => n.outputs.filter((y) => y !== "").map((name) => ({ name, dtype: null, dims: null }))),
    nodes,
    initializers: new Map(Object.entries(fixed).map(([name, t]) => [name, toInitializer(name, t)])),
    opsets: { "": c.opset, "com.microsoft": 1, "ai.onnx.ml": 3 },
  };
}

/** Reverse mode from seeds u:y to g:x, and forward mode from tangents v:x to j:y. */
function derivativeGraph(c: GradientCase, rules: RuleFamily, types: ReadonlyMap<string, ValueType>): Graph {
  const base = forwardGraph(c, c.nodes);
  const b = new Builder(base, types);
  const inputs: ValueInfo[] = [...base.inputs];
  const declare = (prefix: string, value: string): string => {
    const name = `${prefix}:${value}`;
    b.declare(name, b.type(value));
    inputs.push(info(name, b.type(value)));
    return name;
  };
  const sources = variables(c);
  const outputs = c.outputs.filter((y) => isFloat(b.type(y).dtype));
  const seeds = new Map(outputs.map((y) => [y, declare("u", y)] as const));
  const nodes = [...b.nodes];
  const gradient = differentiate(b, nodes, { sources, seeds, rules });
  const tangents = new Map(sources.map((x) => [x, declare("v", x)] as const));
  const pushed = new Map(outputs.map((y) => [y, pushForward(b, nodes, rules, y, tangents)] as const));
  const named: Graph["outputs"][number][] = [];
  const output = (name: string, value: string): void => {
    b.append({ name, op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
    named.push({ name, dtype: null, dims: null });
  };
  // What no cotangent reaches has derivative zero; the check holds it to that.
  b.scope("zero");
  for (const x of sources) output(`g:${x}`, gradient.get(x) ?? b.zerosLike(x));
  for (const y of outputs) output(`j:${y}`, pushed.get(y) ?? b.zerosLike(y));
  const graph = prune({ ...base, inputs, outputs: named, nodes: b.nodes, initializers: b.initializers });
  verify(graph);
  return graph;
}

export function open(graph: Graph): Promise<Session> {
  // Rewrites that fuse nodes could hide what a rule emits; one thread is faster on these sizes.
  return createSession(graph, { threads: 1, optimization: "disabled" });
}

/** The bound type of every value: a dim that differs between runs follows the batch. */
export function merge(runs: readonly Feeds[]): Map<string, ValueType> {
  const first = runs[0]!;
  return new Map(
    Object.entries(first).map(([name, t]) => [
      name,
      { dtype: t.dtype, dims: t.dims.map((d, i): Dim => (runs.every((run) => run[name]!.dims[i] === d) ? d : null)) },
    ]),
  );
}

export function seeded(c: GradientCase, outputs: Feeds): string[] {
  return c.outputs.filter((y) => outputs[y]?.dtype === c.dtype);
}

export function variables(c: GradientCase): string[] {
  return c.inputs.flatMap((input, i) => (input.kind === "variable" ? [`x${i}`] : []));
}

function fedInputs(c: GradientCase): ValueInfo[] {
  return c.inputs.flatMap((input, i) =>
    input.kind === "variable" || input.kind === "fed" ? [info(`x${i}`, { dtype: dtypeOf(c, input), dims: input.dims })] : [],
  );
}

export function info(name: string, type: ValueType): ValueInfo {
  return { name, dtype: type.dtype, dims: type.dims.map((d) => d ?? "batch") };
}

function dtypeOf(c: GradientCase, input: CaseInput): "float64" | "float32" | Exclude<ValueType["dtype"], "string" | "float16" | "bfloat16"> {
  return input.kind === "constant" || input.kind === "fed" ? (input.dtype === "float" ? c.dtype : input.dtype) : c.dtype;
}

export function drawInputs(c: GradientCase, rows: number, again = ""): Record<string, Tensor> {
  return Object.fromEntries(
    c.inputs.flatMap((input, i) => (input.kind === "variable" || input.kind === "fed" ? [[`x${i}`, draw(c, input, i, rows, again)]] : [])),
  );
}

function drawInitializers(c: GradientCase): Record<string, Tensor> {
  return Object.fromEntries(c.inputs.flatMap((input, i) => (input.kind === "weight" || input.kind === "constant" ? [[`x${i}`, draw(c, input, i, 0)]] : [])));
}

function draw(c: GradientCase, input: Exclude<CaseInput, { kind: "absent" }>, i: number, rows: number, again = ""): Tensor {
  const dims = input.dims.map((d) => d ?? rows);
  if (input.kind === "constant" || input.kind === "fed") return tensor(dtypeOf(c, input), dims, input.values);
  return tensor(c.dtype, dims, sample(input.domain, sizeOf(dims), generator(`${c.name}/x${i}${again}`)));
}

function sample(domain: Domain, length: number, random: () => number): number[] {
  if ("distinct" in domain) {
    const grid = Array.from({ length }, (_, k) => (k - length / 2 + 0.25) * domain.gap);
    for (let k = length - 1; k > 0; k--) {
      const other = Math.floor(random() * (k + 1));
      [grid[k], grid[other]] = [grid[other]!, grid[k]!];
    }
    return grid;
  }
  return Array.from({ length }, () => {
    const [low, high] = domain[Math.floor(random() * domain.length)]!;
    return low + (high - low) * random();
  });
}

/** Uniform numbers in [0, 1) from a text: xorshift seeded by FNV-1a. */
export function generator(seed: string): () => number {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  state |= 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Roughly normal: small enough that a step of 2εv stays within the margins the domains keep. */
function normal(random: () => number): number {
  return random() + random() - random() - random();
}

function combine(a: number, p: Tensor, b: number, q: Tensor): Tensor {
  const x = toNumbers(p);
  const y = toNumbers(q);
  return tensor(
    p.dtype as "float32" | "float64",
    p.dims,
    x.map((value, i) => a * value + b * y[i]!),
  );
}

function mapValues(record: Readonly<Record<string, Tensor>>, map: (t: Tensor, key: string) => Tensor): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(record).map(([key, t]) => [key, map(t, key)]));
}

function rename(record: Readonly<Record<string, Tensor>>, prefix: string): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(record).map(([key, t]) => [`${prefix}:${key}`, t]));
}

function pick(record: Feeds, prefix: string): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(record).flatMap(([key, t]) => (key.startsWith(`${prefix}:`) ? [[key.slice(prefix.length + 1), t]] : [])));
}

function inner(p: Feeds, q: Feeds): number {
  let total = 0;
  for (const [key, t] of Object.entries(p)) {
    const x = toNumbers(t);
    const y = toNumbers(q[key]!);
    for (let i = 0; i < x.length; i++) total += x[i]! * y[i]!;
  }
  return total;
}

/** Σ|pq|: the size of the terms, against which a difference is measured. */
function norm(p: Feeds, q: Feeds): number {
  let total = 0;
  for (const [key, t] of Object.entries(p)) {
    const x = toNumbers(t);
    const y = toNumbers(q[key]!);
    for (let i = 0; i < x.length; i++) total += Math.abs(x[i]! * y[i]!);
  }
  return total;
}
