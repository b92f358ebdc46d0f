import { toInitializer } from "../../../src/graph/initializer.js";
import type { Attribute, Graph, Node, ValueInfo } from "../../../src/graph/ir.js";
import { createSession } from "../../../src/runtime/session.js";
import { tensor, toNumbers, type Tensor } from "../../../src/tensor/tensor.js";

type Plain = number | string | readonly number[] | Attribute;

/** A node, named after its first output. Plain numbers are ints. */
export function op(name: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, Plain>> = {}, domain = ""): Node {
  const typed = Object.entries(attributes).map(([key, value]): [string, Attribute] => [key, toAttribute(value)]);
  return { name: `${name}:${outputs[0] ?? ""}`, op: name, domain, inputs, outputs, attributes: Object.fromEntries(typed) };
}

function toAttribute(value: Plain): Attribute {
  if (typeof value === "number") return { kind: "int", value };
  if (typeof value === "string") return { kind: "string", value };
  return "kind" in value ? value : { kind: "ints", value };
}

export function floats(...value: readonly number[]): Attribute {
  return { kind: "floats", value };
}

export function float32(dims: readonly number[], values?: readonly number[]): Tensor {
  return tensor("float32", dims, values ?? pseudoRandom(dims.reduce((p, d) => p * d, 1)));
}

export function int64(...values: readonly number[]): Tensor {
  return tensor("int64", [values.length], values);
}

let seed = 1;

/** Numbers in (-1, 1), the same in every run. */
function pseudoRandom(length: number): number[] {
  return Array.from({ length }, () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647) * 2 - 1;
  });
}

export interface Parts {
  readonly inputs?: Readonly<Record<string, Tensor | ValueInfo>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly Node[];
  readonly outputs: readonly string[];
  readonly opset?: number;
  readonly opsets?: Readonly<Record<string, number>>;
}

/** A graph whose inputs are declared by example tensors. */
export function graphOf(parts: Parts): Graph {
  return {
    name: "test",
    inputs: Object.entries(parts.inputs ?? {}).map(([name, t]) => ({ name, dtype: t.dtype, dims: t.dims })),
    outputs: parts.outputs.map((name) => ({ name, dtype: null, dims: null })),
    nodes: parts.nodes,
    initializers: new Map(Object.entries(parts.constants ?? {}).map(([name, t]) => [name, toInitializer(name, t)])),
    opsets: parts.opsets ?? { "": parts.opset ?? 21 },
  };
}

/** Runs a graph on ONNX Runtime. */
export async function run(graph: Graph, feeds: Readonly<Record<string, Tensor>> = {}): Promise<Map<string, Tensor>> {
  const session = await createSession(graph, { threads: 1, optimization: "basic" });
  try {
    return new Map(Object.entries(await session.run(feeds)));
  } finally {
    await session.release();
  }
}

/** The largest difference between two runs' outputs of the same names, infinite where shapes differ. */
export function difference(a: ReadonlyMap<string, Tensor>, b: ReadonlyMap<string, Tensor>): number {
  let worst = 0;
  for (const [name, expected] of a) {
    const actual = b.get(name);
    if (actual === undefined || actual.dims.join() !== expected.dims.join() || actual.dtype !== expected.dtype) return Infinity;
    const [p, q] = [toNumbers(expected), toNumbers(actual)];
    p.forEach((v, i) => {
      const gap = Object.is(v, q[i]) ? 0 : Math.abs(v - q[i]!);
      worst = Number.isNaN(gap) ? Infinity : Math.max(worst, gap);
    });
  }
  return worst;
}
