import { toInitializer } from "../initializer.js";
import { tensor } from "../../tensor/tensor.js";
import type { Attribute, Initializer, Node } from "../ir.js";

/** What a step may use besides the node: new values and constants, and the constants there are. */
export interface StepContext {
  /** A new 1-D int64 constant. */
  ints(values: readonly number[]): string;
  /** A new int64 scalar. */
  int(value: number): string;
  /** A new float32 scalar. */
  scalar(value: number): string;
  floats(values: readonly number[]): string;
  /** An unused value name. */
  fresh(): string;
  /** The numbers of a constant (initializer or Constant node), if it is one. */
  constant(name: string | undefined): readonly number[] | undefined;
  /** The rank of a value, where the graph tells. */
  rank(name: string): number | undefined;
}

/** Rewrites a node of an older opset as nodes of the target opset with the same output names. */
export type Step = (node: Node, c: StepContext) => readonly Node[];

/** A step with the first opset version that no longer needs it. */
export interface Upgrade {
  readonly before: number;
  readonly step: Step;
}

export function int(value: number): Attribute {
  return { kind: "int", value };
}

export function string(value: string): Attribute {
  return { kind: "string", value };
}

/** A node of ai.onnx; the name must be made unique by the caller. */
export function node(
  name: string,
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  return { name, op, domain: "", inputs, outputs, attributes };
}

/** An initializer of ordinary numbers. */
export function constantOf(name: string, dtype: "int64" | "float32", dims: readonly number[], values: readonly number[]): Initializer {
  return toInitializer(name, tensor(dtype, dims, values));
}
