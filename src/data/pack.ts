import type { Dtype } from "../tensor/dtype.js";
import { allocate, sizeOf, tensor, type Tensor } from "../tensor/tensor.js";

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** A tensor of any numeric type from ordinary numbers; half floats are rounded to the nearest (ties to even). */
export function pack(dtype: Exclude<Dtype, "string">, dims: readonly number[], values: ArrayLike<number>): Tensor {
  if (dtype !== "float16" && dtype !== "bfloat16") return tensor(dtype, dims, values);
  const data = allocate(dtype, sizeOf(dims));
  for (let i = 0; i < data.length; i++) data[i] = dtype === "float16" ? toHalf(values[i] ?? 0) : toBfloat(values[i] ?? 0);
  return { dtype, dims, data };
}

/** IEEE 754 binary16 bits of a number. */
function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  // A fraction that rounds up to 1024 carries into the exponent, as the bits do.
  return sign | (((exponent + 15) << 10) + roundEven((size / 2 ** exponent - 1) * 1024));
}

function toBfloat(value: number): number {
  single[0] = value;
  const raw = bits[0] ?? 0;
  if (Number.isNaN(value)) return 0x7fc0;
  return ((raw + 0x7fff + ((raw >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
