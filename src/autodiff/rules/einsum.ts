import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Dim } from "../../graph/ir.js";
import type { RuleContext } from "../rule.js";
import { range } from "./axes.js";

/** An einsum equation with one letter for every axis: the ellipsis is spelled out, the output is explicit. */
export interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const letters = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

/** Parses an equation for operands of these ranks. Source: https://onnx.ai/onnx/operators/onnx__Einsum.html */
export function parseEquation(text: string, ranks: readonly number[]): Equation {
  const compact = text.replace(/\s+/g, "");
  const [left = "", right] = compact.split("->");
  const terms = left.split(",");
  if (terms.length !== ranks.length) throw new ExplainError("MODEL_INVALID", `The einsum "${text}" has ${terms.length} terms for ${ranks.length} inputs.`);
  const spare = letters.filter((l) => !compact.includes(l));
  const named = terms.map((t) => t.replace("...", "").length);
  const widest = Math.max(0, ...terms.map((t, i) => (t.includes("...") ? present(ranks[i], "rank") - present(named[i], "term") : 0)));
  const dots = spare.slice(0, widest);
  // Ellipses of different widths are aligned on the right, as broadcasting is.
  const spell = (term: string, width: number): string[] => {
    const at = term.indexOf("...");
    return at < 0 ? Array.from(term) : [...Array.from(term.slice(0, at)), ...dots.slice(widest - width), ...Array.from(term.slice(at + 3))];
  };
  const inputs = terms.map((t, i) => spell(t, present(ranks[i], "rank") - present(named[i], "term")));
  if (right !== undefined) return { inputs, output: spell(right, widest) };
  const count = (letter: string): number => Array.from(left).filter((l) => l === letter).length;
  const once = letters.filter((l) => count(l) === 1).sort();
  return { inputs, output: [...dots, ...once] };
}

/**
 * Y = Σ Π Xᵢ over the letters that the output lacks. The cotangent of Xᵢ is the einsum of dY and the other operands onto Xᵢ's letters,
 * repeated along letters that only Xᵢ has, and on the diagonal of letters that Xᵢ repeats.
 */
export function einsum(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const dy = present(c.dy[0], "cotangent");
  const { dtype } = b.type(dy);
  const { inputs, output } = parseEquation(
    c.a.string("equation", ""),
    x.map((name) => b.rank(name)),
  );
  const sizes = new Map<string, Dim>();
  x.forEach((name, i) =>
    present(inputs[i], "term").forEach((letter, axis) => {
      const size = present(b.dims(name)[axis] === null ? -1 : b.dims(name)[axis], "dim");
      if (size !== 1 || !sizes.has(letter)) sizes.set(letter, size === -1 ? null : size);
    }),
  );
  return x.map((name, i) => {
    if (!c.needs(i)) return null;
    const term = present(inputs[i], "term");
    const others = x.map((_, j) => j).filter((j) => j !== i);
    const available = new Set([...output, ...others.flatMap((j) => [...present(inputs[j], "term")])]);
    const unique = [...new Set(term)];
    const kept = unique.filter((l) => available.has(l));
    const equation = `${[output, ...others.map((j) => present(inputs[j], "term"))].map((t) => t.join("")).join()}->${kept.join("")}`;
    const operands = [dy, ...others.map((j) => present(x[j], "operand"))];
    let out = b.emit("Einsum", operands, { dtype, dims: kept.map((l) => sizes.get(l) ?? null) }, { equation });
    // Letters of Xᵢ alone were summed: their cotangent is the same everywhere.
    out = b.unsqueeze(
      out,
      unique.flatMap((l, axis) => (kept.includes(l) ? [] : [axis])),
    );
    if (unique.length < term.length) out = onDiagonal(c, out, unique, term, sizes);
    // The dims of 1 that stood in for the letters summed take Xᵢ's size; those that were broadcast stay large and are summed by the driver.
    return kept.length === unique.length ? out : b.add(out, b.zerosLike(name));
  });
}

/** Spreads axes (one a letter) to the axes of `term`, where repeated letters are a diagonal. */
function onDiagonal(c: RuleContext, value: string, unique: readonly string[], term: readonly string[], sizes: ReadonlyMap<string, Dim>): string {
  const { b } = c;
  const firsts = unique.map((l) => term.indexOf(l));
  // Letters are in order of first appearance, so inserting the repeats is an unsqueeze.
  let out = b.unsqueeze(
    value,
    range(term.length).filter((axis) => !firsts.includes(axis)),
  );
  term.forEach((letter, axis) => {
    const first = term.indexOf(letter);
    if (first === axis) return;
    const size = sizes.get(letter);
    if (typeof size !== "number") throw new ExplainError("UNSUPPORTED_OPERATOR", `Einsum "${c.node.name}" takes a diagonal along the batch axis.`);
    const eye = new Float64Array(size * size);
    for (let k = 0; k < size; k++) eye[k * size + k] = 1;
    const shape = term.map((_, k) => (k === first || k === axis ? size : 1));
    const mask = b.cast(b.constant("float32", shape, eye), b.type(value).dtype);
    out = b.mul(out, mask);
  });
  return out;
}
