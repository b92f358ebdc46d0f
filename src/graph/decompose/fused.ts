import { attribute } from "../attributes.js";
import type { Builder } from "../builder.js";
import type { Dim, Node } from "../ir.js";

/** What a decomposition sees: typed attributes with defaults, inputs by position ("" when absent), and the builder. */
export class Fused {
  readonly b: Builder;
  readonly node: Node;

  constructor(b: Builder, node: Node) {
    this.b = b;
    this.node = node;
  }

  input(i: number): string {
    return this.node.inputs[i] ?? "";
  }

  has(i: number): boolean {
    return this.input(i) !== "";
  }

  wants(output: number): boolean {
    return (this.node.outputs[output] ?? "") !== "";
  }

  int(name: string, fallback: number): number {
    return attribute(this.node, name, "int") ?? fallback;
  }

  float(name: string, fallback: number): number {
    return attribute(this.node, name, "float") ?? fallback;
  }

  string(name: string, fallback: string): string {
    return attribute(this.node, name, "string") ?? fallback;
  }

  floats(name: string): readonly number[] {
    return attribute(this.node, name, "floats") ?? [];
  }
}

/** The node's outputs as plain values ("" for those left out), or a reason why it stays as it is. */
export type Decomposition = (f: Fused) => readonly string[] | { readonly reason: string };

/** The last dim, which must not follow the batch. */
export function lastDim(b: Builder, value: string): number {
  const dim: Dim = b.dims(value).at(-1) ?? null;
  if (dim === null) throw new Error(`the last dim of ${value} follows the batch`);
  return dim;
}
