import type { BoundGraph } from "../attribution/bound.js";
import type { Feeds } from "../attribution/plan.js";
import { gather } from "../attribution/rows.js";
import { toInitializer } from "../graph/initializer.js";
import type { Dim, Graph, Initializer, Node, ValueType } from "../graph/ir.js";
import { fold } from "../graph/fold.js";
import { scalarBounds } from "../graph/fold/scalarBounds.js";
import { resolveControl, type Resolved } from "../graph/control/resolveControl.js";
import { openSequences, resolveSequences } from "../graph/control/resolveSequences.js";
import { realLookups } from "../graph/realLookups.js";
import { decompose } from "../graph/decompose/decompose.js";
import { valuesReadBy } from "../graph/walk.js";
import { unroll } from "../graph/unroll/unroll.js";
import { isFloat } from "../tensor/dtype.js";
import { allocate, toNumbers, type Tensor } from "../tensor/tensor.js";
import { createProber, type Prober } from "./probe.js";
import { createSession, type SessionSettings } from "./session.js";

export interface Binding {
  readonly bound: BoundGraph;
  /** Why rows can't be stacked, when they can't. */
  readonly reason?: string;
  /** Conditions that were decided by running the sample: another sample may take another branch. */
  readonly decided?: readonly string[];
  /** Branches or the number of steps may depend on the sample's values: the next sample is bound anew. */
  readonly forSample?: boolean;
  /** By node name, why control flow, a sequence, a recurrence or a fused operator could not be written as plainer operators. */
  readonly left?: ReadonlyMap<string, string>;
}

/**
 * Binds a graph to a sample's shapes and decides whether axis 0 is a batch of independent rows: two different rows together must give what each gives alone,
 * within 1e-5 of the largest output. Shape arithmetic that came out the same for every batch becomes constant.
 */
export async function bind(file: Graph, feeds: Feeds, settings: SessionSettings, key: string): Promise<Binding> {
  const control = await withoutControl(file, feeds, settings);
  let binding = await bindPlain(control.graph, feeds, settings, key);
  const resolved = resolveSequences(binding.bound.graph, binding.bound.types);
  // What was read from sequences are new values, whose types only another probe tells.
  if (resolved !== binding.bound.graph) binding = await bindPlain(resolved, feeds, settings, key);
  const { bound } = binding;
  const steps = unroll(bound.graph, bound.types);
  const plain = decompose(steps.graph, steps.types);
  const left = new Map([...control.left, ...openSequences(bound.graph), ...steps.left, ...plain.left]);
  const forSample = file.nodes.some((n) => n.domain === "" && (n.op === "If" || n.op === "Loop"));
  return { ...binding, decided: control.decided, forSample, left, bound: { ...bound, ...realLookups(plain.graph, plain.types) } };
}

/** If, Loop and Scan as they go for this sample: branches taken, steps made; what was constant inside is folded. */
async function withoutControl(file: Graph, feeds: Feeds, settings: SessionSettings): Promise<Resolved> {
  const graph = resolveSequences(file);
  if (!graph.nodes.some((n) => n.op === "If" || n.op === "Loop" || n.op === "Scan")) return { graph, decided: [], left: new Map() };
  const evaluate = async (probe: Graph): Promise<ReadonlyMap<string, Tensor>> => {
    const session = await createSession(probe, settings);
    try {
      const names = new Set(probe.inputs.map((i) => i.name));
      return new Map(Object.entries(await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name))))));
    } finally {
      await session.release();
    }
  };
  const resolved = await resolveControl(graph, evaluate);
  return resolved.graph === graph ? resolved : { ...resolved, graph: await fold(resolved.graph, evaluate) };
}

async function bindPlain(graph: Graph, feeds: Feeds, settings: SessionSettings, key: string): Promise<Binding> {
  const opened = reopen(graph);
  const candidates = batchCandidates(opened, feeds);
  if (candidates.size > 0 && !graph.nodes.some((n) => n.op.startsWith("DynamicQuantize"))) {
    const prober = await createProber(opened, settings).catch(() => undefined);
    try {
      const stacked = prober === undefined ? undefined : await bindStacked(opened, feeds, candidates, prober, key);
      if (stacked !== undefined) return { bound: stacked };
    } finally {
      await prober?.release();
    }
  }
  const prober = await createProber(graph, settings);
  try {
    const { dims } = await prober.run(feeds);
    const types = typesOf(graph, prober, (name) => dims.get(name) ?? []);
    const shapes = shapeLike(graph, prober);
    const constants = await prober.values(feeds, shapes);
    return {
      bound: { graph: withConstants(graph, constants, new Set(shapes)), types, stacked: false, batched: new Set(), key },
      reason: candidates.size === 0 ? "no input has a batch axis that is free" : "rows influence each other or can't be run together",
    };
  } finally {
    await prober.release();
  }
}

/** A batch that was exported as 1 is opened again with a free axis; whether the graph bears it is proven afterwards. */
function reopen(graph: Graph): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map((i) => (i.dims !== null && i.dims[0] === 1 ? { ...i, dims: ["explain_batch", ...i.dims.slice(1)] } : i)),
    outputs: graph.outputs.map((o) => ({ name: o.name, dtype: o.dtype, dims: null })),
  };
}

/** Inputs that may carry rows on axis 0: those whose leading symbol is shared by most and whose leading sizes agree. */
function batchCandidates(graph: Graph, feeds: Feeds): Set<string> {
  const groups = new Map<string, string[]>();
  for (const input of graph.inputs) {
    const lead = input.dims?.[0];
    const fed = feeds[input.name];
    if (input.dims === null || input.dims.length === 0 || typeof lead === "number" || fed === undefined || fed.dims.length === 0) continue;
    const group = `${fed.dims[0]}`;
    groups.set(group, [...(groups.get(group) ?? []), input.name]);
  }
  const largest = [...groups.values()].sort((a, b) => b.length - a.length)[0];
  return new Set(largest);
}

async function bindStacked(graph: Graph, feeds: Feeds, batched: Set<string>, prober: Prober, key: string): Promise<BoundGraph | undefined> {
  const rows = feeds[[...batched][0]!]?.dims[0] ?? 0;
  if (rows === 0) return undefined;
  const row = (pick: (name: string, t: Tensor) => Tensor): Feeds =>
    Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, batched.has(name) ? pick(name, t) : t]));
  const first = row((_, t) => gather(t, [0]));
  const second = rows > 1 ? row((_, t) => gather(t, [rows - 1])) : row((_, t) => disturb(gather(t, [0])));
  const join = (...parts: Feeds[]): Feeds => row((name) => concat(parts.map((p) => p[name]!)));
  try {
    const two = join(first, second);
    const three = join(first, second, first);
    const [one, dims2, dims3] = [await prober.run(first), await prober.run(two), await prober.run(three)];
    const outputs = graph.outputs.map((o) => o.name).filter((o) => prober.dtypes.has(o) && prober.dtypes.get(o) !== "string");
    if (!(await independent(prober, outputs, first, second, two))) return undefined;
    const dimsOf = (name: string): Dim[] => {
      const [p, q] = [dims2.dims.get(name) ?? [], dims3.dims.get(name) ?? []];
      return p.map((d, i) => (d === q[i] ? d : null));
    };
    const ranksAgree = [...one.dims].every(
      ([name, d]) => d.length === (dims2.dims.get(name)?.length ?? -1) && d.length === (dims3.dims.get(name)?.length ?? -1),
    );
    if (!ranksAgree || outputs.some((o) => dimsOf(o)[0] !== null)) return undefined;
    const types = typesOf(graph, prober, dimsOf);
    if (graph.nodes.some((n) => joinsRows(n, types))) return undefined;
    const shapes = shapeLike(graph, prober);
    const [atTwo, atThree] = [await prober.values(two, shapes), await prober.values(three, shapes)];
    const same = shapes.filter((name) => equal(atTwo[name]!, atThree[name]!));
    return { graph: withConstants(graph, atTwo, new Set(same)), types, stacked: true, batched, key };
  } catch {
    // A model that can't run two rows at once says so by an error of ONNX Runtime.
    return undefined;
  }
}

/** Whether a node makes one number of all rows (a maximum over everything): two samples that agree by chance prove nothing then. */
function joinsRows(node: Node, types: ReadonlyMap<string, ValueType>): boolean {
  const rows = (name: string): boolean => isFloat(types.get(name)?.dtype ?? "bool") && types.get(name)?.dims.includes(null) === true;
  const single = (name: string): boolean => isFloat(types.get(name)?.dtype ?? "bool") && types.get(name)?.dims.includes(null) === false;
  return node.op.startsWith("Reduce") && node.inputs.some(rows) && node.outputs.some(single);
}

async function independent(prober: Prober, outputs: readonly string[], first: Feeds, second: Feeds, both: Feeds): Promise<boolean> {
  const [a, b, ab] = [await prober.values(first, outputs), await prober.values(second, outputs), await prober.values(both, outputs)];
  return outputs.every((name) => {
    const [x, y, xy] = [toNumbers(a[name]!), toNumbers(b[name]!), toNumbers(ab[name]!)];
    if (x.length + y.length !== xy.length || ab[name]!.dims[0] !== 2) return false;
    const largest = xy.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    return xy.every((v, i) => {
      const alone = i < x.length ? x[i]! : y[i - x.length]!;
      return Math.abs(v - alone) <= 1e-5 * largest || (Number.isNaN(v) && Number.isNaN(alone));
    });
  });
}

/** Another plausible row: numbers moved, ids in another order. */
function disturb(t: Tensor): Tensor {
  if (!ArrayBuffer.isView(t.data) || t.dtype === "string") return t;
  const data = allocate(t.dtype, t.data.length);
  if (isFloat(t.dtype) && t.dtype !== "float16" && t.dtype !== "bfloat16")
    for (let i = 0; i < data.length; i++) data[i] = Number(t.data[i]) * 0.9 + 0.1 * ((i % 7) - 3);
  else for (let i = 0; i < data.length; i++) data[i] = (t.data as Int32Array)[(i + 1) % data.length]!;
  return { ...t, data };
}

function concat(parts: readonly Tensor[]): Tensor {
  const head = parts[0]!;
  const dims = [parts.length, ...head.dims.slice(1)];
  if (!ArrayBuffer.isView(head.data) || head.dtype === "string")
    return { dtype: head.dtype, dims, data: parts.flatMap((p) => [...(p.data as readonly string[])]) };
  const data = allocate(head.dtype, head.data.length * parts.length);
  parts.forEach((p, i) => {
    (data as Float32Array).set(p.data as Float32Array, i * head.data.length);
  });
  return { dtype: head.dtype, dims, data };
}

function typesOf(graph: Graph, prober: Prober, dims: (name: string) => readonly Dim[]): Map<string, ValueType> {
  const types = new Map<string, ValueType>();
  for (const [name, i] of graph.initializers) types.set(name, { dtype: i.dtype, dims: i.dims });
  for (const [name, dtype] of prober.dtypes) types.set(name, { dtype, dims: dims(name) });
  return types;
}

/** Integer values computed from shapes and constants alone, never from data. */
function shapeLike(graph: Graph, prober: Prober): string[] {
  const derived = new Set<string>();
  const names: string[] = [];
  for (const node of graph.nodes) {
    const fromShape =
      node.op === "Shape" || node.op === "Size" || (node.inputs.length > 0 && valuesReadBy(node).every((x) => derived.has(x) || graph.initializers.has(x)));
    if (!fromShape || node.op.startsWith("Random")) continue;
    for (const y of node.outputs) {
      if (y === "") continue;
      derived.add(y);
      const dtype = prober.dtypes.get(y);
      if (dtype === "int64" || dtype === "int32" || dtype === "bool") names.push(y);
    }
  }
  return names;
}

const largestShapeConstant = 4096;

function withConstants(graph: Graph, values: Feeds, names: ReadonlySet<string>): Graph {
  const constants = new Map<string, Initializer>(graph.initializers);
  const outputs = new Set(graph.outputs.map((o) => o.name));
  const nodes = graph.nodes.filter((node) => {
    const given = node.outputs.filter((y) => y !== "");
    const known = given.map((y) => (names.has(y) && !outputs.has(y) ? values[y] : undefined));
    // An output of the graph stays the output of a node.
    if (given.length === 0 || !known.every((v) => v !== undefined && v.data.length <= largestShapeConstant)) return true;
    given.forEach((y, i) => {
      const value = known[i];
      if (value !== undefined) constants.set(y, toInitializer(y, value));
    });
    return false;
  });
  return scalarBounds({ ...graph, initializers: constants, nodes });
}

function equal(a: Tensor, b: Tensor): boolean {
  return (
    a.dims.length === b.dims.length &&
    a.dims.every((d, i) => d === b.dims[i]) &&
    Array.from(a.data as ArrayLike<unknown>).every((v, i) => v === (b.data as ArrayLike<unknown>)[i])
  );
}
