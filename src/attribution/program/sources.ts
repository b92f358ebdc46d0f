import { ExplainError } from "../../base/diagnostic.js";
import type { Node } from "../../graph/ir.js";
import { isFloat } from "../../tensor/dtype.js";
import type { BoundGraph } from "../bound.js";

/** Where an input gets its credit: at the input itself, or, for integers, at the first float values behind it. */
export interface Source {
  readonly input: string;
  /** The values that move along the path; the input itself for float inputs. */
  readonly values: readonly SourceValue[];
  readonly embedded: boolean;
}

export interface SourceValue {
  readonly name: string;
  /** Axes (embedding, one-hot) that are summed so that one number an element of the input remains. */
  readonly axes: readonly number[];
}

/** Operators that make numbers of an id alone. */
const encoders = new Set(["Cast", "OneHot", "OneHotEncoder", "LabelEncoder"]);

/** Operators through which ids stay ids. */
const movement = new Set([
  "CategoryMapper",
  "LabelEncoder",
  "Identity",
  "Cast",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Expand",
  "Slice",
  "Gather",
  "Concat",
  "Split",
  "Dropout",
  "Tile",
]);

/**
 * The sources of the moving inputs. An input without any (a mask, positions: nothing that its values look up) is reported by `none`.
 * A value that the ids themselves look up by Gather in a float table moves; what is computed from ids (masks, positions) stays.
 */
export function findSources(bound: BoundGraph, moving: readonly string[]): { readonly sources: readonly Source[]; readonly none: readonly string[] } {
  const sources: Source[] = [];
  const none: string[] = [];
  for (const input of moving) {
    const type = bound.types.get(input);
    if (type === undefined) throw new ExplainError("UNKNOWN_INPUT", `The model has no input "${input}".`);
    if (isFloat(type.dtype) && !countsAsIds(bound, input)) {
      sources.push({ input, values: [{ name: input, axes: [] }], embedded: false });
      continue;
    }
    const values = type.dtype === "bool" ? [] : embeddingsOf(bound, input);
    if (values.length === 0) none.push(input);
    else sources.push({ input, values, embedded: true });
  }
  return { sources, none };
}

/** Whether a float input holds whole numbers: whatever reads it makes integers of it, through which no gradient comes. */
function countsAsIds(bound: BoundGraph, input: string): boolean {
  const readers = bound.graph.nodes.filter((n) => n.inputs.includes(input));
  return readers.length > 0 && readers.every((n) => n.op === "Cast" && !isFloat(bound.types.get(n.outputs[0] ?? "")?.dtype ?? "bool"));
}

/** Float values that the integer or text input looks up (Gather) or, failing that, turns into (OneHot, OneHotEncoder, LabelEncoder, Cast). */
function embeddingsOf(bound: BoundGraph, input: string): SourceValue[] {
  const lookups: SourceValue[] = [];
  const conversions: SourceValue[] = [];
  const ids = new Set([input]);
  // Rows of a quantised table are looked up as integers and become floats afterwards.
  const quantised = new Map<string, readonly number[]>();
  // Ids held against a list of all ids, one-hot once they are numbers.
  const compared = new Map<string, readonly number[]>();
  for (const node of bound.graph.nodes) {
    const output = node.outputs[0];
    if (output === undefined) continue;
    const float = isFloat(bound.types.get(output)?.dtype ?? "bool");
    if (float) {
      const stored = quantised.get(node.inputs[0] ?? "");
      if (stored !== undefined && (node.op === "DequantizeLinear" || node.op === "Cast")) lookups.push({ name: output, axes: stored });
      else if (node.op === "Gather" && ids.has(node.inputs[1] ?? "")) lookups.push({ name: output, axes: addedAxes(bound, node, output) });
      else if (encoders.has(node.op) && ids.has(node.inputs[0] ?? "")) conversions.push({ name: output, axes: addedAxes(bound, node, output) });
      else if (node.op === "Cast" && compared.has(node.inputs[0] ?? "")) conversions.push({ name: output, axes: compared.get(node.inputs[0] ?? "")! });
      continue;
    }
    const compares = node.op === "Equal" ? node.inputs.find((x, i) => ids.has(x) && bound.graph.initializers.has(node.inputs[1 - i] ?? "")) : undefined;
    if (compares !== undefined) compared.set(output, broadcastAxes(bound, compares, output));
    if (node.op === "Gather" && ids.has(node.inputs[1] ?? "") && !ids.has(node.inputs[0] ?? "")) {
      quantised.set(output, addedAxes(bound, node, output));
      continue;
    }
    if (
      movement.has(node.op) &&
      ids.has(node.inputs[0] ?? "") &&
      (node.op !== "Concat" || node.inputs.every((x) => ids.has(x) || bound.graph.initializers.has(x)))
    )
      for (const y of node.outputs) if (y !== "") ids.add(y);
  }
  return lookups.length > 0 ? lookups : conversions;
}

/** The axes of an output along which one of its operands is repeated. */
function broadcastAxes(bound: BoundGraph, operand: string, output: string): number[] {
  const from = bound.types.get(operand)?.dims ?? [];
  const to = bound.types.get(output)?.dims ?? [];
  const missing = to.length - from.length;
  return to.flatMap((d, i) => (i < missing || (from[i - missing] === 1 && d !== 1) ? [i] : []));
}

/** The axes of a look-up's output that do not come from its indices. */
function addedAxes(bound: BoundGraph, node: Node, output: string): number[] {
  if (node.op === "Cast" || node.op === "LabelEncoder") return [];
  const rank = bound.types.get(output)?.dims.length ?? 0;
  const attribute = node.attributes["axis"];
  const axis = attribute?.kind === "int" ? attribute.value : node.op.startsWith("OneHot") ? -1 : 0;
  if (node.op.startsWith("OneHot")) return [axis < 0 ? axis + rank : axis];
  const indices = bound.types.get(node.inputs[1] ?? "")?.dims.length ?? 0;
  const tableRank = rank - indices + 1;
  const first = axis < 0 ? axis + tableRank : axis;
  return [...Array(rank).keys()].filter((i) => i < first || i >= first + indices);
}
