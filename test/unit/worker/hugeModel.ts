import { create, toBinary } from "@bufbuild/protobuf";
import { GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, ValueInfoProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";

const [float, int64] = [1, 7];

function value(name: string, elemType: number, size: bigint): ReturnType<typeof create<typeof ValueInfoProtoSchema>> {
  const dim = [{ value: { case: "dimValue" as const, value: size } }];
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } } });
}

/** A model whose input `size` says how large a value within it is, so that only running it tells: y = x · Σ (zeros of that size). */
export function hugeModel(): Uint8Array {
  const node = [
    create(NodeProtoSchema, { opType: "ConstantOfShape", input: ["size"], output: ["zeros"] }),
    create(NodeProtoSchema, { opType: "ReduceSum", input: ["zeros"], output: ["sum"] }),
    create(NodeProtoSchema, { opType: "Mul", input: ["x", "sum"], output: ["y"] }),
  ];
  const graph = create(GraphProtoSchema, { name: "huge", node, input: [value("x", float, 2n), value("size", int64, 2n)], output: [value("y", float, 2n)] });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 9n, opsetImport: [{ domain: "", version: 18n }], graph }));
}
