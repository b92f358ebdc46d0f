import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto,
} from "../onnx/generated/onnx_pb.js";
import { onnxCode } from "../tensor/dtype.js";
import { byteLength, toInitializer } from "./initializer.js";
import type { Attribute, Graph, Initializer, ValueInfo } from "./ir.js";

/** Where large constants lie when they are not embedded. */
export interface WeightPlace {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** Says for a constant whether it is referenced in a file instead of being embedded; undefined embeds it. */
export type PlaceWeights = (initializer: Initializer) => WeightPlace | undefined;

/** Below this, constants are embedded: many tiny external tensors cost more than they save. */
const embedBelow = 1024;

/** A graph as a model message for ONNX Runtime. `irVersion` is one that every runtime of the supported range takes. */
export function encodeModel(graph: Graph, place: PlaceWeights = () => undefined): ModelProto {
  return create(ModelProtoSchema, {
    irVersion: 10n,
    producerName: "explain-prediction",
    opsetImport: Object.entries(graph.opsets).map(([domain, version]) => create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) })),
    graph: encodeGraph(graph, place),
  });
}

function encodeGraph(graph: Graph, place: PlaceWeights): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name === "" ? "graph" : graph.name,
    node: graph.nodes.map((n) =>
      create(NodeProtoSchema, {
        name: n.name,
        opType: n.op,
        domain: n.domain,
        input: [...n.inputs],
        output: [...n.outputs],
        attribute: Object.entries(n.attributes).map(([name, a]) => encodeAttribute(name, a)),
      }),
    ),
    initializer: [...graph.initializers.values()].map((i) => encodeInitializer(i, place)),
    input: graph.inputs.map(encodeValueInfo),
    output: graph.outputs.map(encodeValueInfo),
  });
}

function encodeInitializer(i: Initializer, place: PlaceWeights): TensorProto {
  const head = { name: i.name, dims: i.dims.map(BigInt), dataType: onnxCode[i.dtype] };
  if (i.content.kind === "strings") return create(TensorProtoSchema, { ...head, stringData: i.content.values.map((s) => new TextEncoder().encode(s)) });
  const where = i.content.kind === "external" ? i.content : byteLength(i) >= embedBelow && i.dtype.includes("float") ? place(i) : undefined;
  if (where !== undefined) {
    const entries = { location: where.location, offset: String(where.offset), length: String(where.length) };
    return create(TensorProtoSchema, {
      ...head,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    });
  }
  return create(TensorProtoSchema, i.content.kind === "raw" ? { ...head, rawData: i.content.bytes } : head);
}

function encodeAttribute(name: string, a: Attribute): AttributeProto {
  const utf8 = (s: string): Uint8Array => new TextEncoder().encode(s);
  switch (a.kind) {
    case "int":
      return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(a.value) });
    case "float":
      return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: a.value });
    case "string":
      return create(AttributeProtoSchema, { name, type: Kind.STRING, s: utf8(a.value) });
    case "ints":
      return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: a.value.map(BigInt) });
    case "floats":
      return create(AttributeProtoSchema, { name, type: Kind.FLOATS, floats: [...a.value] });
    case "strings":
      return create(AttributeProtoSchema, { name, type: Kind.STRINGS, strings: a.value.map(utf8) });
    case "tensor":
      return create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: encodeInitializer(toInitializer("", a.value), () => undefined) });
    case "graph":
      return create(AttributeProtoSchema, { name, type: Kind.GRAPH, g: encodeGraph(a.value, () => undefined) });
    case "ref":
      return create(AttributeProtoSchema, { name, refAttrName: a.value });
  }
}

function encodeValueInfo(v: ValueInfo): ValueInfoProto {
  // A value without a type is accepted as an output: the runtime infers it.
  if (v.dtype === null) return create(ValueInfoProtoSchema, { name: v.name });
  const shape =
    v.dims === null
      ? undefined
      : create(TensorShapeProtoSchema, {
          dim: v.dims.map((d) =>
            create(
              TensorShapeProto_DimensionSchema,
              typeof d === "number" ? { value: { case: "dimValue", value: BigInt(d) } } : d === null ? {} : { value: { case: "dimParam", value: d } },
            ),
          ),
        });
  const tensorType = create(TypeProto_TensorSchema, shape === undefined ? { elemType: onnxCode[v.dtype] } : { elemType: onnxCode[v.dtype], shape });
  return create(ValueInfoProtoSchema, { name: v.name, type: create(TypeProtoSchema, { value: { case: "tensorType", value: tensorType } }) });
}
