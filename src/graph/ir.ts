import type { Dtype } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";

/** The intermediate representation: immutable records in SSA form. Values are names; every name is defined once. `""` marks an absent optional input or output. */

/** A node attribute. Integers are numbers (ONNX attributes beyond 2^53 do not occur in practice and are refused by decode). */
export type Attribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: Tensor }
  | { readonly kind: "graph"; readonly value: Graph }
  /** Only inside a LocalFunction: the value of the named attribute of the calling node. */
  | { readonly kind: "ref"; readonly value: string };

export interface Node {
  readonly name: string;
  readonly op: string;
  /** "" is ai.onnx. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** `metadata_props` of the exporter: module path, class, stack trace. Absent on nodes we made. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A dimension of a declared type: a number, a symbol ("batch"), or null when nothing is known. */
export type DeclaredDim = number | string | null;

/** A graph input or output as the file declares it. */
export interface ValueInfo {
  readonly name: string;
  /** null: not a tensor (sequence, map, optional), or an element type this project does not handle. */
  readonly dtype: Dtype | null;
  /** null: rank unknown. */
  readonly dims: readonly DeclaredDim[] | null;
}

/** A constant. Large float weights stay where they are in the file: `bytes` is a view on the file's buffer, or `external` names another file. */
export interface Initializer {
  readonly name: string;
  readonly dtype: Dtype;
  readonly dims: readonly number[];
  readonly content:
    | { readonly kind: "raw"; readonly bytes: Uint8Array }
    | { readonly kind: "strings"; readonly values: readonly string[] }
    | { readonly kind: "external"; readonly location: string; readonly offset: number; readonly length: number };
}

/** A model-local function (FunctionProto); inlined before anything else looks at the graph. */
export interface LocalFunction {
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly nodes: readonly Node[];
  readonly opsets: Readonly<Record<string, number>>;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** In topological order. */
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Initializer>;
  /** Opset version by domain ("" = ai.onnx). Empty for a subgraph (it has its parent's). */
  readonly opsets: Readonly<Record<string, number>>;
}

/** A decoded model file. */
export interface Model {
  readonly graph: Graph;
  readonly functions: readonly LocalFunction[];
  readonly irVersion: number;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** What the file declares of values inside the graph; exporters write all, some or none. */
  readonly declared?: ReadonlyMap<string, ValueInfo>;
}

/**
 * A dimension of a bound type: a number that holds for every run, or null where it follows the batch
 * (the number of rows fed at once). Two null dims of one graph that meet elementwise are equal.
 */
export type Dim = number | null;

/** The type of a value once the graph is bound to a sample's shape. */
export interface ValueType {
  readonly dtype: Dtype;
  readonly dims: readonly Dim[];
}

/** Bound types by value name; tensors only. */
export type Types = ReadonlyMap<string, ValueType>;
