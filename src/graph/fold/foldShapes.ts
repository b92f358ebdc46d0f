import { attribute } from "../attributes.js";
import { readInitializer, toInitializer } from "../initializer.js";
import type { Dim, Graph, Initializer, Node, Types } from "../ir.js";
import { sizeOf, tensor, toNumbers } from "../../tensor/tensor.js";

/** What is known of a small integer tensor: its elements, null where they follow the batch; rank 0 or 1. */
interface Partial {
  readonly scalar: boolean;
  readonly elements: readonly Dim[];
}

const longest = 64;

/**
 * Replaces shape arithmetic by constants where the bound types tell the numbers: Shape and Size, and what is computed from them by
 * Gather, Slice, Concat, Squeeze, Unsqueeze, Cast, Add, Sub, Mul and Div. A Reshape whose target has one element that follows the batch gets -1 there.
 * The graph is then specialised to the sample's shape; only the batch stays free.
 */
export function foldShapes(graph: Graph, types: Types): Graph {
  const known = new Map<string, Partial>();
  for (const [name, initializer] of graph.initializers) {
    const partial = ofInitializer(initializer);
    if (partial !== undefined) known.set(name, partial);
  }
  const initializers = new Map<string, Initializer>(graph.initializers);
  const outputs = new Set(graph.outputs.map((o) => o.name));
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const name = node.outputs[0] ?? "";
    const partial = node.domain === "" ? evaluate(node, known, types) : undefined;
    if (partial !== undefined && partial.elements.length <= longest) {
      known.set(name, partial);
      const { elements } = partial;
      const dtype = types.get(name)?.dtype ?? (node.op === "Shape" || node.op === "Size" ? "int64" : undefined);
      if (elements.every((d) => d !== null) && !outputs.has(name) && (dtype === "int64" || dtype === "int32")) {
        initializers.set(name, toInitializer(name, tensor(dtype, partial.scalar ? [] : [elements.length], elements)));
        continue;
      }
    }
    nodes.push(node.op === "Reshape" && node.domain === "" ? withConstantTarget(node, known, initializers) : node);
  }
  return { ...graph, nodes, initializers };
}

/** A Reshape to a shape that is known up to one element that follows the batch. */
function withConstantTarget(node: Node, known: ReadonlyMap<string, Partial>, initializers: Map<string, Initializer>): Node {
  const [x = "", target = ""] = node.inputs;
  const elements = known.get(target)?.elements;
  if (elements === undefined || initializers.has(target) || elements.filter((d) => d === null).length !== 1 || elements.some((d) => d !== null && d <= 0))
    return node;
  const values = elements.map((d) => d ?? -1);
  const name = `explain/shape/${values.join("x")}`;
  initializers.set(name, toInitializer(name, tensor("int64", [values.length], values)));
  return { ...node, inputs: [x, name] };
}

function ofInitializer(initializer: Initializer): Partial | undefined {
  const { dims, dtype, content } = initializer;
  if ((dtype !== "int64" && dtype !== "int32") || dims.length > 1 || sizeOf(dims) > longest || content.kind !== "raw") return undefined;
  return { scalar: dims.length === 0, elements: Array.from(toNumbers(readInitializer(initializer))) };
}

function evaluate(node: Node, known: ReadonlyMap<string, Partial>, types: Types): Partial | undefined {
  if (node.op === "Shape") {
    const dims = types.get(node.inputs[0] ?? "")?.dims;
    return dims === undefined
      ? undefined
      : { scalar: false, elements: dims.slice(attribute(node, "start", "int") ?? 0, attribute(node, "end", "int") ?? dims.length) };
  }
  if (node.op === "Size") {
    const dims = types.get(node.inputs[0] ?? "")?.dims;
    return dims === undefined ? undefined : { scalar: true, elements: [dims.reduce<Dim>(product, 1)] };
  }
  const inputs = node.inputs.map((name) => (name === "" ? undefined : known.get(name)));
  const [a, b] = inputs;
  if (a === undefined) return undefined;
  switch (node.op) {
    case "Identity":
      return a;
    case "Cast":
      return attribute(node, "to", "int") === 7 || attribute(node, "to", "int") === 6 ? a : undefined;
    case "Squeeze":
      return a.elements.length === 1 && !a.scalar ? { scalar: true, elements: a.elements } : undefined;
    case "Unsqueeze":
      return a.scalar ? { scalar: false, elements: a.elements } : undefined;
    case "Concat":
      return inputs.every((i) => i !== undefined) ? { scalar: false, elements: inputs.flatMap((i) => i.elements) } : undefined;
    case "Gather":
      return b === undefined || a.scalar ? undefined : gather(a, b);
    case "Slice":
      return slice(inputs);
    case "Add":
      return b === undefined ? undefined : combine(a, b, (p, q) => (p === null || q === null ? null : p + q));
    case "Sub":
      return b === undefined ? undefined : combine(a, b, (p, q) => (p === null || q === null ? null : p - q));
    case "Mul":
      return b === undefined ? undefined : combine(a, b, product);
    case "Div":
      return b === undefined ? undefined : combine(a, b, (p, q) => (p === null || q === null || q === 0 ? null : Math.trunc(p / q)));
    default:
      return undefined;
  }
}

function product(p: Dim, q: Dim): Dim {
  return p === 0 || q === 0 ? 0 : p === null || q === null ? null : p * q;
}

function gather(data: Partial, indices: Partial): Partial | undefined {
  const elements: Dim[] = [];
  for (const index of indices.elements) {
    const at = index === null ? undefined : data.elements.at(index);
    if (at === undefined) return undefined;
    elements.push(at);
  }
  return { scalar: indices.scalar, elements };
}

function slice(inputs: readonly (Partial | undefined)[]): Partial | undefined {
  const [data, starts, ends, , steps] = inputs;
  const start = starts?.elements[0];
  const end = ends?.elements[0];
  if (data === undefined || data.scalar || typeof start !== "number" || typeof end !== "number" || starts?.elements.length !== 1) return undefined;
  if (inputs.length > 4 && steps?.elements[0] !== 1) return undefined;
  return { scalar: false, elements: data.elements.slice(start, end) };
}

function combine(a: Partial, b: Partial, f: (p: Dim, q: Dim) => Dim): Partial | undefined {
  const length = Math.max(a.elements.length, b.elements.length);
  const at = (p: Partial, i: number): Dim | undefined => (p.elements.length === 1 ? p.elements[0] : p.elements[i]);
  const elements: Dim[] = [];
  for (let i = 0; i < length; i++) {
    const [p, q] = [at(a, i), at(b, i)];
    if (p === undefined || q === undefined) return undefined;
    elements.push(f(p, q));
  }
  return { scalar: a.scalar && b.scalar, elements };
}
