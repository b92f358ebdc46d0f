import type { Dtype } from "./dtype.js";

/** Element storage, as onnxruntime-node takes and gives it: float16 and bfloat16 are raw Uint16Array bits, bool is Uint8Array, 64-bit integers are BigInt arrays. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint16Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint32Array
  | BigUint64Array
  | readonly string[];

/** A dense row-major tensor. Plain data: it crosses threads. `data.length` is the product of `dims`. */
export interface Tensor {
  readonly dtype: Dtype;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** Number of elements; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, d) => product * d, 1);
}

/** An array of the storage type of `dtype`, zero-filled. */
export function allocate(dtype: Exclude<Dtype, "string">, length: number): Exclude<TensorData, readonly string[]> {
  switch (dtype) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "float16":
    case "bfloat16":
    case "uint16":
      return new Uint16Array(length);
    case "int8":
      return new Int8Array(length);
    case "int16":
      return new Int16Array(length);
    case "int32":
      return new Int32Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "uint8":
    case "bool":
      return new Uint8Array(length);
    case "uint32":
      return new Uint32Array(length);
    case "uint64":
      return new BigUint64Array(length);
  }
}

/** A numeric tensor from ordinary numbers (booleans as 0 and 1); integers are truncated. */
export function tensor(dtype: Exclude<Dtype, "string" | "float16" | "bfloat16">, dims: readonly number[], values: ArrayLike<number>): Tensor {
  const data = allocate(dtype, sizeOf(dims));
  if (data.length !== values.length) throw new Error(`${values.length} values for dims [${dims.join(", ")}]`);
  for (let i = 0; i < values.length; i++) {
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(Math.trunc(values[i]!));
    else data[i] = values[i]!;
  }
  return { dtype, dims, data };
}

/** The elements as ordinary numbers (64-bit integers lose precision beyond 2^53). Not for strings; half floats are decoded. */
export function toNumbers(t: Tensor): Float64Array {
  const { data } = t;
  if (data instanceof Float32Array || data instanceof Float64Array) return new Float64Array(data);
  const out = new Float64Array(data.length);
  if (t.dtype === "float16") {
    for (let i = 0; i < out.length; i++) out[i] = halfToNumber(data[i] as number);
    return out;
  }
  if (t.dtype === "bfloat16") {
    for (let i = 0; i < out.length; i++) out[i] = bfloatToNumber(data[i] as number);
    return out;
  }
  for (let i = 0; i < out.length; i++) out[i] = Number(data[i]);
  return out;
}

/** IEEE 754 binary16 bits to a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const bits32 = new Uint32Array(1);
const float32 = new Float32Array(bits32.buffer);

/** bfloat16 bits to a number. */
function bfloatToNumber(bits: number): number {
  bits32[0] = bits << 16;
  return float32[0]!;
}
