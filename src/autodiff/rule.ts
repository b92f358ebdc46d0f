import type { Builder } from "../graph/builder.js";
import type { Attribute, Node, Types, ValueType } from "../graph/ir.js";

/**
 * What a rule sees: the forward node's inputs `x`, outputs `y` and the cotangents `dy` of its outputs ("" where none flows), as value names;
 * `b` emits nodes named `<node>/grad/<k>`; `a` reads typed attributes. Types of every name, emitted ones included, through `b.type(name)`.
 */
export interface RuleContext {
  readonly node: Node;
  readonly x: readonly string[];
  readonly y: readonly string[];
  /** Same length as y. Never all "". */
  readonly dy: readonly string[];
  readonly b: Builder;
  /** The forward nodes that are differentiated, in order: for rules that look at a node's neighbours. */
  readonly nodes: readonly Node[];
  readonly a: AttributeReader;
  /** Whether input i lies on a path from a source: only then its cotangent is used, so an expensive one may be skipped. */
  readonly needs: (i: number) => boolean;
  /** The constant behind input i as numbers (axes, shapes, pads), or undefined if it is computed at run time. */
  readonly constant: (i: number) => readonly number[] | undefined;
}

/** Typed attribute access with the operator's default. Throws MODEL_INVALID when the kind differs. */
export interface AttributeReader {
  int(name: string, fallback: number): number;
  float(name: string, fallback: number): number;
  string(name: string, fallback: string): string;
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  has(name: string): boolean;
  raw(name: string): Attribute | undefined;
}

/**
 * The vector-Jacobian product of one operator: one cotangent per input, `null` where none flows.
 * A cotangent may have the broadcast shape of the output: the driver sums it to the input's shape, accumulates, and checks dtype and rank.
 * The cotangent of an integer value (a quantised number) is float32: straight-through rules pass it on, `Cast` from int32 among them; `Cast` to an integer does not.
 * A rule is a formula over differentiable operators, linear in `dy`: forward mode differentiates it again with respect to `dy`.
 */
export type Vjp = (c: RuleContext) => readonly (string | null)[];

/** An operator is in exactly one of three states. */
export type OpState =
  | {
      readonly state: "rule";
      readonly vjp: Vjp;
      /** Why the result is an approximation of the derivative, if it is (rounding passed straight through). */ readonly approximation?: string;
      /** A reason why this particular node has no rule (an attribute value, a rank), else undefined. */ readonly refuse?: (
        node: Node,
        types: Types,
      ) => string | undefined;
    }
  /** The derivative is zero (almost everywhere) or the inputs are not differentiable, on purpose. */
  | { readonly state: "zero" }
  | { readonly state: "unsupported"; readonly reason: string };

export const zero: OpState = { state: "zero" };

export function rule(vjp: Vjp, refuse?: (node: Node, types: Types) => string | undefined): OpState {
  return refuse === undefined ? { state: "rule", vjp } : { state: "rule", vjp, refuse };
}

/** A rule whose result is not the derivative but stands for it; `why` is told with the result. */
export function approximateRule(vjp: Vjp, why: string, refuse?: (node: Node, types: Types) => string | undefined): OpState {
  return refuse === undefined ? { state: "rule", vjp, approximation: why } : { state: "rule", vjp, approximation: why, refuse };
}

export function unsupported(reason: string): OpState {
  return { state: "unsupported", reason };
}

/** Rules of one family, by operator name; the key is `op` for ai.onnx and `domain:op` otherwise. */
export type RuleFamily = Readonly<Record<string, OpState>>;

export type { ValueType };
