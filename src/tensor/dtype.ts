/** ONNX element types by their ONNX Runtime names. Source: onnx.proto TensorProto.DataType. */
export const dtypes = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
  "string",
] as const;
export type Dtype = (typeof dtypes)[number];

/** Types that can carry a derivative. */
export type FloatDtype = "float32" | "float64" | "float16" | "bfloat16";

export function isFloat(dtype: Dtype): dtype is FloatDtype {
  return dtype === "float32" || dtype === "float64" || dtype === "float16" || dtype === "bfloat16";
}

/** TensorProto.DataType codes. */
export const onnxCode: Readonly<Record<Dtype, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

const byCode = new Map<number, Dtype>(dtypes.map((d) => [onnxCode[d], d]));

/** The element type of a TensorProto.DataType code, or undefined for types this project does not handle (complex, float8, 4-bit). */
export function dtypeOfCode(code: number): Dtype | undefined {
  return byCode.get(code);
}

/** Bytes an element takes in `raw_data`; 0 for strings. */
export const byteSize: Readonly<Record<Dtype, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
  string: 0,
};
