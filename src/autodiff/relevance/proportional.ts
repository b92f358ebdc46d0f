import { assert } from "../../base/assert.js";
import { entryOf } from "../../graph/operatorTable.js";
import { opStates } from "../rules/index.js";
import { share, type RelevanceContext } from "./context.js";

/**
 * In proportion to contributions: x ⊙ (derivative of x) · R / y, for operators that are homogeneous of degree 1 in each active operand (ε rule).
 * Where several operands are multiplied each gets its part, all of it goes to one whose partners are gates.
 */
export function proportional(c: RelevanceContext): (string | null)[] {
  return divided(c, multiplies(c));
}

/** The same for operators that are homogeneous of some other degree: their derivatives count so many times. */
export function ofDegree(degree: number): (c: RelevanceContext) => (string | null)[] {
  return (c) => divided(c, { degree, takes: () => true });
}

interface Division {
  readonly degree: number;
  readonly takes: (i: number) => boolean;
}

function divided(c: RelevanceContext, { degree, takes }: Division): (string | null)[] {
  const { b, node } = c;
  const own = entryOf(opStates, node);
  assert(own?.state === "rule", () => `${node.op} has no derivative`);
  const dy = c.dy.map((relevance, i) => (relevance === "" ? "" : share(c, relevance, b.scale(c.y[i]!, degree))));
  const needs = (i: number): boolean => c.needs(i) && takes(i);
  const slopes = own.vjp({ ...c, dy, needs });
  return c.x.map((x, i) => {
    const slope = slopes[i];
    return slope === undefined || slope === null || !needs(i) ? null : b.mul(x, slope);
  });
}

const products = new Set(["MatMul", "Gemm", "Conv", "ConvTranspose", "Einsum"]);

function multiplies(c: RelevanceContext): Division {
  // Where a grid samples is held: it says which numbers are taken.
  if (c.node.op === "GridSample") return { degree: 1, takes: (i) => i === 0 };
  if (!products.has(c.node.op)) return { degree: 1, takes: () => true };
  const active = c.x.map((_, i) => i).filter((i) => c.needs(i));
  const held = active.filter((i) => c.structure.isGate(c.x[i]!));
  const takers = held.length < active.length ? active.filter((i) => !held.includes(i)) : active;
  return { degree: takers.length, takes: (i) => takers.includes(i) };
}
