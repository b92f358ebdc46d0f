import { allocate, sizeOf, type Tensor } from "../tensor/tensor.js";
import type { BoundGraph } from "./bound.js";
import type { AttributionResult, Feeds, Plan, Program } from "./plan.js";
import { alphaInput, weightInput } from "./program/frame.js";

/** A program that a plan asks for, and what it would be fed. */
export interface AskedProgram {
  readonly program: Program;
  readonly feeds: Feeds;
}

/** What a plan asks for, each program once, in order, and what its result looks like: which parts it has, made of zeros. */
export interface Asked {
  readonly programs: readonly AskedProgram[];
  readonly blank: AttributionResult;
}

/** Asks a plan for its programs. Nothing is run: the plan is answered with zeros, so it must not depend on what comes out. */
export function programsOf(plan: Plan, bound: BoundGraph): Asked {
  const asked = new Map<string, AskedProgram>();
  let next = plan.next();
  while (next.done !== true) {
    const step = next.value;
    if (step.kind === "progress") {
      next = plan.next({});
      continue;
    }
    if (!asked.has(step.program.key)) asked.set(step.program.key, { program: step.program, feeds: step.feeds });
    next = plan.next(zeroOutputs(step.program, step.feeds, bound));
  }
  return { programs: [...asked.values()], blank: next.value };
}

/** Zeros in the sizes that a program's outputs have, as far as a plan looks at them. */
function zeroOutputs({ graph }: Program, feeds: Feeds, bound: BoundGraph): Feeds {
  const [points, levels] = [feeds[alphaInput]?.dims[0] ?? 1, feeds[weightInput]?.dims[0] ?? 1];
  const zeros = (dims: readonly number[]): Tensor => ({ dtype: "float32", dims, data: allocate("float32", sizeOf(dims)) });
  return Object.fromEntries(
    graph.outputs.map(({ name }) => {
      if (!name.startsWith("credit/")) return [name, zeros([points, 1])];
      const dims = bound.types.get(name.slice("credit/".length))?.dims ?? [];
      return [name, zeros([levels, ...dims.map((d) => d ?? 1)])];
    }),
  );
}
