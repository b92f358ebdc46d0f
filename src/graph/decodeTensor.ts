import { ExplainError } from "../base/diagnostic.js";
import { TensorProto_DataLocation, type TensorProto } from "../onnx/generated/onnx_pb.js";
import { byteSize, dtypeOfCode, type Dtype } from "../tensor/dtype.js";
import { checkedSize } from "../tensor/checkedSize.js";
import { allocate, sizeOf } from "../tensor/tensor.js";
import type { Initializer } from "./ir.js";

/**
 * A TensorProto as an initializer. `raw_data` stays a view; the typed fields (float_data, int32_data, …) are packed into bytes.
 * Throws MODEL_UNSUPPORTED for element types this project does not handle, MODEL_INVALID for sizes that don't fit.
 */
export function decodeTensor(t: TensorProto, name = t.name): Initializer {
  const dtype = dtypeOfCode(t.dataType);
  if (dtype === undefined)
    throw new ExplainError("MODEL_UNSUPPORTED", `The constant "${name}" has element type ${t.dataType}, which is not supported (complex, float8 or 4-bit).`);
  const dims = t.dims.map((d) => toSize(d, name));
  const size = sizeOf(dims);
  // Weights in files of their own are mapped, and only as long as those files.
  if (t.dataLocation !== TensorProto_DataLocation.EXTERNAL) checkedSize(dims, byteSize[dtype], `The constant "${name}"`);
  if (!Number.isSafeInteger(size)) throw new ExplainError("MODEL_INVALID", `The constant "${name}" claims ${dims.join(" × ")} elements.`);
  if (t.dataLocation === TensorProto_DataLocation.EXTERNAL) return { name, dtype, dims, content: external(t, size * byteSize[dtype], name) };
  if (dtype === "string") return { name, dtype, dims, content: { kind: "strings", values: t.stringData.map((s) => new TextDecoder().decode(s)) } };
  const bytes = t.rawData.length > 0 || size === 0 ? t.rawData : pack(t, dtype, size);
  if (bytes.length !== size * byteSize[dtype])
    throw new ExplainError(
      "MODEL_INVALID",
      `The constant "${name}" has ${bytes.length} bytes of data, but ${dtype}[${dims.join(", ")}] needs ${size * byteSize[dtype]}.`,
      { hint: "The file is damaged; export or download it again." },
    );
  return { name, dtype, dims, content: { kind: "raw", bytes } };
}

function toSize(d: bigint, name: string): number {
  if (d < 0n || d > BigInt(Number.MAX_SAFE_INTEGER)) throw new ExplainError("MODEL_INVALID", `The constant "${name}" has a dimension of ${d}.`);
  return Number(d);
}

function external(t: TensorProto, expected: number, name: string): Initializer["content"] {
  const entries = new Map(t.externalData.map((e) => [e.key, e.value]));
  const location = entries.get("location");
  if (location === undefined) throw new ExplainError("EXTERNAL_DATA", `The constant "${name}" is said to lie in another file, but no file is named.`);
  return { kind: "external", location, offset: Number(entries.get("offset") ?? 0), length: Number(entries.get("length") ?? expected) };
}

/** Typed fields by element type. Source: onnx.proto, TensorProto field comments. */
function pack(t: TensorProto, dtype: Exclude<Dtype, "string">, size: number): Uint8Array {
  const values: readonly (number | bigint)[] =
    dtype === "float32"
      ? t.floatData
      : dtype === "float64"
        ? t.doubleData
        : dtype === "int64"
          ? t.int64Data
          : dtype === "uint32" || dtype === "uint64"
            ? t.uint64Data
            : t.int32Data;
  if (values.length !== size)
    throw new ExplainError("MODEL_INVALID", `The constant "${t.name}" has ${values.length} elements where ${size} are expected.`, {
      hint: "The file is damaged; export or download it again.",
    });
  const data = allocate(dtype, size);
  for (let i = 0; i < size; i++) {
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(values[i]!);
    else data[i] = Number(values[i]);
  }
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
