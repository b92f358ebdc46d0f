import type { AttributeValue } from "../../src/graph/builder.js";
import type { Dim, Node } from "../../src/graph/ir.js";
import type { Dtype } from "../../src/tensor/dtype.js";

/** Where random values are drawn from: one of the intervals (uniformly), or a shuffled grid whose values differ by at least `gap` (no ties for Max, sorting, pooling). */
export type Domain = readonly (readonly [number, number])[] | { readonly distinct: true; readonly gap: number };

/** Values on both sides of 0. */
export const anywhere: Domain = [[-2, 2]];
export const positive: Domain = [[0.3, 2.5]];
/** Keeps `margin` away from each of the kinks. */
export function awayFrom(kinks: readonly number[], margin = 0.15, reach = 2.5): Domain {
  const sorted = [...kinks].sort((a, b) => a - b);
  const starts = [Math.min(-reach, (sorted[0] ?? 0) - 1), ...sorted.map((k) => k + margin)];
  const ends = [...sorted.map((k) => k - margin), Math.max(reach, (sorted[sorted.length - 1] ?? 0) + 1)];
  return starts.map((start, i): readonly [number, number] => [start, ends[i] ?? reach]).filter(([start, end]) => start < end);
}
export const distinct: Domain = { distinct: true, gap: 0.1 };

/** An input of the operator under test. A null dim follows the batch: the case is compiled once and checked with 2 and with 3 rows. */
export type CaseInput =
  /** Float, fed, random: what is differentiated for. */
  | { readonly kind: "variable"; readonly dims: readonly Dim[]; readonly domain: Domain }
  /** Float, random, an initializer: not differentiated for. */
  | { readonly kind: "weight"; readonly dims: readonly number[]; readonly domain: Domain }
  /** Given values: an initializer, which rules can read as a constant. `dtype` "float" is the case's own. */
  | { readonly kind: "constant"; readonly dtype: CaseDtype; readonly dims: readonly number[]; readonly values: readonly number[] }
  /** Given values that only the run knows. */
  | { readonly kind: "fed"; readonly dtype: CaseDtype; readonly dims: readonly number[]; readonly values: readonly number[] }
  | { readonly kind: "absent" };

type CaseDtype = "float" | Exclude<Dtype, "string" | "float16" | "bfloat16">;

export interface GradientCase {
  /** The operator's key in the table of rules. */
  readonly op: string;
  /** Unique: operator and form. */
  readonly name: string;
  /** The nodes under test: inputs x0, x1, … and outputs y0, y1, …; whatever lies between may have any name. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly CaseInput[];
  /** Outputs that are seeded (those of float type). */
  readonly outputs: readonly string[];
  /** float64 unless ONNX Runtime has no double kernel for the operator. */
  readonly dtype: "float64" | "float32";
  /** 18 unless the operator has a younger form: there ONNX Runtime computes most activations in double (from their function bodies), from 19 on it does not. */
  readonly opset: number;
  /** Stands in for the nodes in the central difference: what a straight-through estimate is the derivative of. Outputs as the nodes'. */
  readonly surrogate?: readonly Node[];
  /** Share of the largest term that the derivatives may differ by; default by dtype (see check.ts). */
  readonly tolerance?: number;
}

export interface CaseOptions {
  /** Told apart from the operator's other cases; default: the shapes and the attributes. */
  readonly form?: string;
  readonly dtype?: "float64" | "float32";
  readonly opset?: number;
  /** Number of outputs, default 1, or which of them exist (`[true, false, true]`: the second is left out). */
  readonly outputs?: number | readonly boolean[];
  /** Which outputs are seeded, default all of them that are float. */
  readonly seeded?: readonly number[];
  readonly surrogate?: readonly Node[];
  readonly tolerance?: number;
}

export function variable(dims: readonly Dim[], domain: Domain = anywhere): CaseInput {
  return { kind: "variable", dims, domain };
}

export function weight(dims: readonly number[], domain: Domain = anywhere): CaseInput {
  return { kind: "weight", dims, domain };
}

/** An int64 vector constant: axes, shape, pads. */
export function ints(values: readonly number[]): CaseInput {
  return { kind: "constant", dtype: "int64", dims: [values.length], values };
}

export function constant(dtype: CaseDtype, dims: readonly number[], values: readonly number[]): CaseInput {
  return { kind: "constant", dtype, dims, values };
}

export function fed(dtype: CaseDtype, dims: readonly number[], values: readonly number[]): CaseInput {
  return { kind: "fed", dtype, dims, values };
}

export const absent: CaseInput = { kind: "absent" };

/** A case of one node. `op` as in the table: "Gelu", "com.microsoft:Gelu". */
export function gradientCase(
  op: string,
  inputs: readonly CaseInput[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  options: CaseOptions = {},
): GradientCase {
  const present = typeof options.outputs === "object" ? options.outputs : Array<boolean>(options.outputs ?? 1).fill(true);
  const outputs = present.map((p, i) => (p ? `y${i}` : ""));
  return caseOfNodes(
    op,
    [
      node(
        op,
        inputs.map((input, i) => (input.kind === "absent" ? "" : `x${i}`)),
        outputs,
        attributes,
      ),
    ],
    inputs,
    {
      ...options,
      form:
        options.form ??
        [
          inputs
            .map(describe)
            .filter((d) => d !== "")
            .join(" "),
          JSON.stringify(attributes).replace(/"/g, ""),
        ]
          .filter((t) => t !== "{}")
          .join(" "),
      seeded: options.seeded ?? outputs.flatMap((o, i) => (o === "" ? [] : [i])),
    },
  );
}

/** A case of several nodes (inputs x0, x1, …; outputs y0, …) for an operator that means something only among others. */
export function caseOfNodes(op: string, nodes: readonly Node[], inputs: readonly CaseInput[], options: CaseOptions = {}): GradientCase {
  return {
    op,
    name: `${op} ${options.form ?? inputs.map(describe).join(" ")}${options.dtype === "float32" ? " float32" : ""}`,
    nodes,
    inputs,
    outputs: (options.seeded ?? [...Array(typeof options.outputs === "number" ? options.outputs : 1).keys()]).map((i) => `y${i}`),
    dtype: options.dtype ?? "float64",
    opset: options.opset ?? 18,
    ...(options.surrogate === undefined ? {} : { surrogate: options.surrogate }),
    ...(options.tolerance === undefined ? {} : { tolerance: options.tolerance }),
  };
}

/** A node by the operator's key in the table. */
export function node(op: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): Node {
  const colon = op.indexOf(":");
  const typed = Object.entries(attributes).map(([key, value]) => [key, attribute(value)] as const);
  return {
    name: `${op}(${outputs.join()})`,
    op: op.slice(colon + 1),
    domain: colon < 0 ? "" : op.slice(0, colon),
    inputs,
    outputs,
    attributes: Object.fromEntries(typed),
  };
}

function attribute(value: AttributeValue): Node["attributes"][string] {
  if (typeof value === "number") return { kind: "int", value };
  if (typeof value === "string") return { kind: "string", value };
  if (!("kind" in value)) return { kind: "ints", value };
  // A file holds single precision.
  return value.kind === "float" ? { kind: "float", value: Math.fround(value.value) } : value;
}

function describe(input: CaseInput): string {
  switch (input.kind) {
    case "variable":
      return `[${input.dims.map((d) => d ?? "n").join()}]`;
    case "weight":
      return `weight[${input.dims.join()}]`;
    case "constant":
    case "fed":
      return `${input.kind === "fed" ? "fed" : ""}(${input.values.length > 8 ? `${input.values.slice(0, 8).join()},…` : input.values.join()})`;
    case "absent":
      return "-";
  }
}

/** Scalar, vector, a zero-size one, rank 5, and one whose rows follow the batch. */
const shapeMenu: readonly (readonly Dim[])[] = [[], [3], [2, 0, 3], [2, 1, 3, 1, 2], [null, 3]];

/** Pairs that broadcast both ways. */
const broadcastMenu: readonly (readonly [readonly Dim[], readonly Dim[]])[] = [
  [[], []],
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], []],
  [[], [2, 3]],
  [[3], [2, 3]],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [
    [2, 1, 3, 1, 2],
    [4, 1],
  ],
  [
    [2, 0, 3],
    [1, 3],
  ],
  [[null, 3], [3]],
  [
    [1, 3],
    [null, 1],
  ],
];

/** A case of a one-input operator for each shape of the menu. */
export function unaryCases(op: string, domain: Domain, attributes: Readonly<Record<string, AttributeValue>> = {}, options: CaseOptions = {}): GradientCase[] {
  return shapeMenu.map((dims) => gradientCase(op, [variable(dims, domain)], attributes, options));
}

/** A case of a two-input operator for each pair of the broadcast menu. */
export function binaryCases(
  op: string,
  first: Domain,
  second: Domain = first,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  options: CaseOptions = {},
): GradientCase[] {
  return broadcastMenu.map(([p, q]) => gradientCase(op, [variable(p, first), variable(q, second)], attributes, options));
}
