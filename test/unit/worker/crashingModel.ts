import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as Kind,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from "../../../src/onnx/generated/onnx_pb.js";

const float = 1;

function value(name: string, columns: bigint): ReturnType<typeof create<typeof ValueInfoProtoSchema>> {
  const dim = [{ value: { case: "dimParam" as const, value: "n" } }, { value: { case: "dimValue" as const, value: columns } }];
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType: float, shape: { dim } } } } });
}

/** A valid ONNX file whose Split leaves out its second output: ONNX Runtime 1.30 ends its process with a segmentation fault when it runs it. */
export function crashingModel(): Uint8Array {
  const number = (name: string, i: bigint): ReturnType<typeof create<typeof AttributeProtoSchema>> => create(AttributeProtoSchema, { name, type: Kind.INT, i });
  const node = [
    create(NodeProtoSchema, { opType: "Split", input: ["x"], output: ["a", ""], attribute: [number("axis", 1n), number("num_outputs", 2n)] }),
    create(NodeProtoSchema, { opType: "Identity", input: ["a"], output: ["y"] }),
  ];
  const graph = create(GraphProtoSchema, { name: "split", node, input: [value("x", 4n)], output: [value("y", 2n)] });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 9n, opsetImport: [{ domain: "", version: 18n }], graph }));
}
