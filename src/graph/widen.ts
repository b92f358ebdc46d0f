import { onnxCode, type Dtype } from "../tensor/dtype.js";
import { toNumbers, type Tensor } from "../tensor/tensor.js";
import { byteLength, readInitializer, toInitializer } from "./initializer.js";
import type { Attribute, Graph, Initializer, Node, ValueInfo } from "./ir.js";
import { freshNames } from "./walk.js";

/** Attributes that name an element type: the result's, or that of the arithmetic inside. */
const typeAttributes: ReadonlySet<string> = new Set(["to", "dtype", "output_dtype", "output_datatype", "stash_type", "softmax_precision", "precision"]);

/** Constants up to this many bytes are converted here; larger ones stay where they lie in the file, with a Cast behind them. */
const convertBelow = 4096;

/** The types that the runtime computes only in part, or not at all, and that have too few digits for differences of gradients. */
export function isHalf(dtype: Dtype | null): dtype is "float16" | "bfloat16" {
  return dtype === "float16" || dtype === "bfloat16";
}

/** Numbers of half precision as float32, exactly; any other tensor as it is. */
export function widenTensor(tensor: Tensor): Tensor {
  return isHalf(tensor.dtype) ? { dtype: "float32", dims: tensor.dims, data: Float32Array.from(toNumbers(tensor)) } : tensor;
}

/**
 * The graph in float32 where it was float16 or bfloat16: inputs, constants, casts, and outputs with them; bodies of control flow too. Names are kept.
 * The same graph if it has neither. Every float16 and bfloat16 number is a float32 number, so weights stay exact.
 */
export function widen(graph: Graph): Graph {
  return hasHalves(graph) ? widenGraph(graph, freshNames(graph)) : graph;
}

function hasHalves(graph: Graph): boolean {
  const inAttribute = (name: string, a: Attribute): boolean =>
    (a.kind === "graph" && hasHalves(a.value)) || (a.kind === "tensor" && isHalf(a.value.dtype)) || (a.kind === "int" && isHalfCode(name, a.value));
  return (
    [...graph.inputs, ...graph.outputs].some((i) => isHalf(i.dtype)) ||
    [...graph.initializers.values()].some((i) => isHalf(i.dtype)) ||
    graph.nodes.some((n) => Object.entries(n.attributes).some(([name, a]) => inAttribute(name, a)))
  );
}

function isHalfCode(attribute: string, code: number): boolean {
  return typeAttributes.has(attribute) && (code === onnxCode.float16 || code === onnxCode.bfloat16);
}

function widenGraph(graph: Graph, fresh: (stem: string) => string): Graph {
  const initializers = new Map<string, Initializer>();
  const casts: Node[] = [];
  for (const [name, initializer] of graph.initializers) {
    if (!isHalf(initializer.dtype)) initializers.set(name, initializer);
    else if (initializer.content.kind === "raw" && byteLength(initializer) <= convertBelow)
      initializers.set(name, toInitializer(name, widenTensor(readInitializer(initializer))));
    else {
      const stored = fresh(`${name}/stored`);
      initializers.set(stored, { ...initializer, name: stored });
      casts.push({ name: stored, op: "Cast", domain: "", inputs: [stored], outputs: [name], attributes: { to: { kind: "int", value: onnxCode.float32 } } });
    }
  }
  return {
    ...graph,
    inputs: graph.inputs.map(widenInfo),
    outputs: graph.outputs.map(widenInfo),
    initializers,
    nodes: [...casts, ...graph.nodes.map((node) => widenNode(node, fresh))],
  };
}

function widenInfo(info: ValueInfo): ValueInfo {
  return isHalf(info.dtype) ? { ...info, dtype: "float32" } : info;
}

function widenNode(node: Node, fresh: (stem: string) => string): Node {
  const widenAttribute = (name: string, a: Attribute): Attribute => {
    if (a.kind === "graph") return { kind: "graph", value: widenGraph(a.value, fresh) };
    if (a.kind === "tensor") return { kind: "tensor", value: widenTensor(a.value) };
    return a.kind === "int" && isHalfCode(name, a.value) ? { kind: "int", value: onnxCode.float32 } : a;
  };
  return { ...node, attributes: Object.fromEntries(Object.entries(node.attributes).map(([name, a]) => [name, widenAttribute(name, a)])) };
}
