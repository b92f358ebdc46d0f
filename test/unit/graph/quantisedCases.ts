import type { Attribute } from "../../../src/graph/ir.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { float32 } from "./build.js";

/** A fused operator, held against the runtime's kernel for it. */
export interface DecompositionCase {
  readonly of: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  /** Input names in the operator's order; "" where one is left out. */
  readonly order: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute | number | string>>;
  readonly opset?: number;
}

const [rows, length, width] = [2, 3, 8];
const ms = "com.microsoft:";
const bias = float32([3 * width]);
const float = (value: number): Attribute => ({ kind: "float", value });
const ints = (dims: readonly number[], values: readonly number[]): Tensor => tensor("int32", dims, values);
const bools = (dims: readonly number[], values: readonly number[]): Tensor => ({ dtype: "bool", dims, data: new Uint8Array(values) });
const bytes = (dims: readonly number[], offset = 0): Tensor =>
  tensor(
    "uint8",
    dims,
    Array.from({ length: dims.reduce((p, d) => p * d, 1) }, (_, i) => (i * 37 + offset) % 251),
  );
const signed = (dims: readonly number[]): Tensor =>
  tensor(
    "int8",
    dims,
    Array.from({ length: dims.reduce((p, d) => p * d, 1) }, (_, i) => ((i * 29) % 255) - 127),
  );
const scalar = (value: number): Tensor => float32([], [value]);
const byte = (value: number): Tensor => tensor("uint8", [], [value]);
const zero = tensor("int8", [], [0]);
const gemm = { as: scalar(0.02), az: byte(120), w: signed([4, 3]), ws: scalar(0.01), wz: zero, c: ints([3], [40, -900, 1200]) };

/** Quantised operators: the same level, but for halves that one of the two rounds up. */
export const quantisedCases: readonly DecompositionCase[] = [
  { of: `${ms}QGemm`, inputs: { a: bytes([rows, 4]) }, constants: gemm, order: ["a", "as", "az", "w", "ws", "wz", "c"] },
  {
    of: `${ms}QGemm`,
    inputs: { a: bytes([rows, 4]) },
    constants: { ...gemm, w: signed([3, 4]), ws: float32([3], [0.01, 0.02, 0.03]), wz: tensor("int8", [3], [0, 0, 0]), ys: scalar(0.0511), yz: byte(90) },
    order: ["a", "as", "az", "w", "ws", "wz", "c", "ys", "yz"],
    attributes: { transB: 1, alpha: float(0.5) },
  },
  ...[9, 13].map((opset) => ({
    of: `${ms}QLinearSoftmax`,
    inputs: { a: bytes([rows, 3, 2]) },
    constants: { as: scalar(0.021), az: byte(120), ys: scalar(1 / 256), yz: byte(0) },
    order: ["a", "as", "az", "ys", "yz"],
    attributes: { axis: 1, opset },
  })),
  {
    of: `${ms}QLinearWhere`,
    inputs: { a: bytes([rows, 3]), if: bools([rows, 3], [1, 0, 1, 0, 0, 1]) },
    constants: { as: scalar(0.021), az: byte(120), b: bytes([3], 9), bs: scalar(0.013), bz: byte(100), ys: scalar(0.0233), yz: byte(110) },
    order: ["if", "a", "as", "az", "b", "bs", "bz", "ys", "yz"],
  },
  {
    of: `${ms}QAttention`,
    inputs: { a: bytes([rows, length, width]) },
    constants: {
      as: scalar(0.01),
      az: byte(120),
      w: signed([width, 24]),
      ws: float32(
        [24],
        Array.from({ length: 24 }, (_, i) => 0.005 + 0.0003 * i),
      ),
      wz: tensor("int8", [24], new Array(24).fill(0)),
      b: bias,
    },
    order: ["a", "w", "b", "as", "ws", "", "az", "wz"],
    attributes: { num_heads: 2 },
  },
  {
    of: `${ms}QAttention`,
    inputs: { a: bytes([rows, length, width]), mask: ints([rows], [2, 3]) },
    constants: { as: scalar(0.01), az: byte(120), w: signed([width, 24]), ws: scalar(0.01), wz: zero, b: bias },
    order: ["a", "w", "b", "as", "ws", "mask", "az", "wz"],
    attributes: { num_heads: 4, unidirectional: 1 },
  },
  {
    of: `${ms}QEmbedLayerNormalization`,
    inputs: { ids: ints([rows, length], [1, 2, 0, 3, 3, 1]), segments: ints([rows, length], [0, 1, 1, 0, 0, 1]) },
    constants: {
      ...{ words: bytes([4, width]), positions: bytes([5, width], 3), kinds: bytes([2, width], 5), gamma: bytes([width], 7), beta: bytes([width], 11) },
      ...{ s1: scalar(0.01), s2: scalar(0.02), s3: scalar(0.03), s4: scalar(0.01), s5: scalar(0.02) },
      ...{ z1: byte(120), z2: byte(110), z3: byte(100), z4: byte(90), z5: byte(130) },
    },
    order: ["ids", "segments", "words", "positions", "kinds", "gamma", "beta", "", "s1", "s2", "s3", "s4", "s5", "z1", "z2", "z3", "z4", "z5"],
    outputs: ["y", "count"],
  },
];
