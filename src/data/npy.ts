import { ExplainError } from "../base/diagnostic.js";
import { halfToNumber } from "../tensor/tensor.js";
import type { NumberArray } from "./arrayRows.js";

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly dims: readonly number[];
}

/**
 * An array in NumPy's format: versions 1 to 3, both orders and byte orders, booleans, whole and floating numbers, texts. Objects (pickles) and records are refused.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(bytes: Uint8Array, file: string, name = ""): NumberArray {
  const fail = (message: string, hint?: string): never => {
    throw new ExplainError("SAMPLES_INVALID", `${name === "" ? "The file" : `The array "${name}"`} ${message}`, {
      file,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (bytes.length < 10 || bytes[0] !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY")
    return fail("is not in NumPy's format.", "Write it with numpy.save.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = (bytes[6] ?? 1) > 1;
  const start = long ? 12 : 10;
  const length = long ? (bytes.length >= 12 ? view.getUint32(8, true) : Infinity) : view.getUint16(8, true);
  if (start + length > bytes.length) return fail("is cut off in its header.");
  const header = parseHeader(new TextDecoder("latin1").decode(bytes.subarray(start, start + length)));
  if (header === undefined) return fail("has a header that can't be read.");
  const { descr, fortran, dims } = header;
  const kind = descr[1] ?? "";
  const size = Number(descr.slice(2));
  if (kind === "O") return fail("holds Python objects, which are pickles and can run code when read.", "Save plain numbers.");
  const read = !(size > 0) ? undefined : elementReader(kind, size, descr[0] !== ">", view);
  if (read === undefined) return fail(`holds elements of the type ${descr}, which is not read.`, "Save float32, int64 or another type of numbers.");
  const count = dims.reduce((product, d) => product * d, 1);
  const bytesEach = kind === "U" ? size * 4 : size;
  const from = start + length;
  if (from + count * bytesEach > bytes.length)
    return fail(`is cut off: shape [${dims.join(", ")}] needs ${count * bytesEach} bytes, ${bytes.length - from} are there.`);
  const strides = stridesOf(dims, fortran);
  return { dims, at: (index) => read(from + index.reduce((offset, i, axis) => offset + i * (strides[axis] ?? 0), 0) * bytesEach) };
}

function parseHeader(text: string): Header | undefined {
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined || !/^[\d\sL,]*$/.test(shape)) return undefined;
  return { descr, fortran: order === "True", dims: [...shape.matchAll(/\d+/g)].map((match) => Number(match[0])) };
}

function elementReader(kind: string, size: number, little: boolean, view: DataView): ((offset: number) => number | string | boolean) | undefined {
  switch (`${kind}${size}`) {
    case "b1":
      return (o) => view.getUint8(o) !== 0;
    case "i1":
      return (o) => view.getInt8(o);
    case "i2":
      return (o) => view.getInt16(o, little);
    case "i4":
      return (o) => view.getInt32(o, little);
    case "i8":
      return (o) => Number(view.getBigInt64(o, little));
    case "u1":
      return (o) => view.getUint8(o);
    case "u2":
      return (o) => view.getUint16(o, little);
    case "u4":
      return (o) => view.getUint32(o, little);
    case "u8":
      return (o) => Number(view.getBigUint64(o, little));
    case "f2":
      return (o) => halfToNumber(view.getUint16(o, little));
    case "f4":
      return (o) => view.getFloat32(o, little);
    case "f8":
      return (o) => view.getFloat64(o, little);
  }
  if (kind === "U") return (o) => text(size, (i) => view.getUint32(o + i * 4, little));
  if (kind === "S") return (o) => text(size, (i) => view.getUint8(o + i));
  return undefined;
}

/** Characters up to the zeros that fill the element. */
function text(length: number, at: (i: number) => number): string {
  const codes = Array.from({ length }, (_, i) => at(i));
  while (codes.at(-1) === 0) codes.pop();
  return codes.map((code) => (code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD")).join("");
}

function stridesOf(dims: readonly number[], fortran: boolean): number[] {
  const strides = dims.map(() => 1);
  if (fortran) for (let i = 1; i < dims.length; i++) strides[i] = (strides[i - 1] ?? 1) * (dims[i - 1] ?? 1);
  else for (let i = dims.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (dims[i + 1] ?? 1);
  return strides;
}
