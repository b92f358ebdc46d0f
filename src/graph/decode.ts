import { ExplainError } from "../base/diagnostic.js";
import {
  AttributeProto_AttributeType as Kind,
  type AttributeProto,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetIdProto,
  type ValueInfoProto,
} from "../onnx/generated/onnx_pb.js";
import { dtypeOfCode } from "../tensor/dtype.js";
import { decodeTensor } from "./decodeTensor.js";
import { readInitializer } from "./initializer.js";
import type { Attribute, Graph, Initializer, LocalFunction, Model, Node, ValueInfo } from "./ir.js";

/** A model message as the intermediate representation. Weights stay views on the file's buffer. */
export function decodeModel(message: ModelProto): Model {
  if (message.graph === undefined) throw new ExplainError("NOT_A_MODEL", "The file holds no ONNX graph.");
  return {
    graph: decodeGraph(message.graph, opsets(message.opsetImport)),
    functions: message.functions.map(decodeFunction),
    irVersion: Number(message.irVersion),
    producer: `${message.producerName} ${message.producerVersion}`.trim(),
    metadata: Object.fromEntries(message.metadataProps.map((p) => [p.key, p.value])),
    declared: new Map(message.graph.valueInfo.map((value) => [value.name, decodeValueInfo(value)])),
  };
}

function opsets(imports: readonly OperatorSetIdProto[]): Record<string, number> {
  return Object.fromEntries(imports.map((o) => [normalDomain(o.domain), Number(o.version)]));
}

function normalDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

function decodeGraph(g: GraphProto, versions: Record<string, number>): Graph {
  const initializers = new Map<string, Initializer>();
  for (const t of g.initializer) initializers.set(t.name, decodeTensor(t));
  if (g.sparseInitializer.length > 0)
    throw new ExplainError("MODEL_UNSUPPORTED", "The model has sparse initializers, which are not supported.", { hint: "Export it with dense weights." });
  return {
    name: g.name,
    // Before IR version 4 initializers were listed among the inputs; such an input is a default value, not something to feed.
    inputs: g.input.filter((i) => !initializers.has(i.name)).map(decodeValueInfo),
    outputs: g.output.map(decodeValueInfo),
    nodes: uniqueNames(g.node.map(decodeNode)),
    initializers,
    opsets: versions,
  };
}

function decodeFunction(f: FunctionProto): LocalFunction {
  return {
    domain: normalDomain(f.domain),
    name: f.name,
    inputs: f.input,
    outputs: f.output,
    attributes: Object.fromEntries(f.attributeProto.map((a) => [a.name, decodeAttribute(a, f.name)])),
    nodes: f.node.map(decodeNode),
    opsets: opsets(f.opsetImport),
  };
}

function decodeNode(n: NodeProto): Node {
  const node = {
    name: n.name,
    op: n.opType,
    domain: normalDomain(n.domain),
    inputs: n.input,
    outputs: n.output,
    attributes: Object.fromEntries(n.attribute.map((a) => [a.name, decodeAttribute(a, n.name === "" ? n.opType : n.name)])),
  };
  return n.metadataProps.length === 0 ? node : { ...node, metadata: Object.fromEntries(n.metadataProps.map((p) => [p.key, p.value])) };
}

/** Node names are optional in ONNX; diagnostics and emitted names need them. */
function uniqueNames(nodes: readonly Node[]): Node[] {
  const taken = new Set<string>();
  return nodes.map((node) => {
    let name = node.name === "" ? `${node.op}:${node.outputs[0] ?? ""}` : node.name;
    while (taken.has(name)) name += "'";
    taken.add(name);
    return name === node.name ? node : { ...node, name };
  });
}

function decodeAttribute(a: AttributeProto, node: string): Attribute {
  if (a.refAttrName !== "") return { kind: "ref", value: a.refAttrName };
  switch (a.type) {
    case Kind.FLOAT:
      return { kind: "float", value: a.f };
    case Kind.INT:
      return { kind: "int", value: safe(a.i) };
    case Kind.STRING:
      return { kind: "string", value: text(a.s) };
    case Kind.FLOATS:
      return { kind: "floats", value: a.floats };
    case Kind.INTS:
      return { kind: "ints", value: a.ints.map(safe) };
    case Kind.STRINGS:
      return { kind: "strings", value: a.strings.map(text) };
    case Kind.TENSOR:
      if (a.t !== undefined) return { kind: "tensor", value: readInitializer(decodeTensor(a.t, a.t.name === "" ? `${node}.${a.name}` : a.t.name)) };
      break;
    case Kind.GRAPH:
      if (a.g !== undefined) return { kind: "graph", value: decodeGraph(a.g, {}) };
      break;
    default:
      break;
  }
  throw new ExplainError("MODEL_UNSUPPORTED", `The attribute "${a.name}" of the node "${node}" has a kind that is not supported (${Kind[a.type] ?? a.type}).`, {
    node,
  });
}

/** Ends of slices are often the largest int64: kept as the largest safe integer, which means the same. */
function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function decodeValueInfo(v: ValueInfoProto): ValueInfo {
  const type = v.type?.value;
  if (type?.case !== "tensorType") return { name: v.name, dtype: null, dims: null };
  // Some exporters write −1 for a size that is free.
  const dims = type.value.shape?.dim.map((d) =>
    d.value.case === "dimValue" && d.value.value >= 0n ? Number(d.value.value) : d.value.case === "dimParam" && d.value.value !== "" ? d.value.value : null,
  );
  return { name: v.name, dtype: dtypeOfCode(type.value.elemType) ?? null, dims: dims ?? null };
}
