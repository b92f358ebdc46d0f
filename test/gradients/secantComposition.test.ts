import fc from "fast-check";
import { describe, it } from "vitest";
import type { Node } from "../../src/graph/ir.js";
import { checkSecant } from "./checkSecant.js";
import { caseOfNodes, node, variable } from "./gradientCase.js";

/** A step takes earlier values by position; every value broadcasts against [rows, 3]. */
interface Step {
  readonly op: string;
  readonly first: number;
  readonly second: number;
}

const functions = ["Sigmoid", "Tanh", "Sin", "Softplus", "Relu", "LeakyRelu", "Elu", "Abs", "Cos", "Floor", "Round", "Sign", "Neg", "Identity"];
const pairs = ["Add", "Sub", "Mul", "Max", "Min", "Quotient", "Chosen"];
const across = ["Softmax", "LogSoftmax", "LayerNormalization"];
const reductions = ["ReduceMean", "ReduceMax", "ReduceL2", "ReduceLogSumExp"];

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom(...functions, ...pairs, ...across, ...reductions),
  first: fc.nat(1000),
  second: fc.nat(1000),
});

function nodesOf(op: string, p: string, q: string, y: string): Node[] {
  if (op === "Quotient") return [node("Softplus", [q], [`${y}/divisor`]), node("Div", [p, `${y}/divisor`], [y])];
  if (op === "Chosen")
    return [node("Greater", [p, q], [`${y}/greater`]), node("Sin", [p], [`${y}/first`]), node("Where", [`${y}/greater`, `${y}/first`, q], [y])];
  if (op === "LayerNormalization") return [node(op, [p, "x1"], [y])];
  if (pairs.includes(op)) return [node(op, [p, q], [y])];
  return [node(op, [p], [y], across.includes(op) ? { axis: -1 } : reductions.includes(op) ? { keepdims: 1 } : {})];
}

/** The nodes of a random network whose values all reach the output y0, so that each is used once or several times. */
function network(steps: readonly Step[]): Node[] {
  const values = ["x0"];
  const nodes = steps.flatMap(({ op, first, second }, i) => {
    const made = nodesOf(op, values[first % values.length]!, values[second % values.length]!, `h${i}`);
    values.push(`h${i}`);
    return made;
  });
  return [node("Sub", ["x0", "x1"], ["apart"]), ...nodes, node("Sum", [...values, "apart"], ["y0"])];
}

describe("random networks with kinks, steps and conditions", () => {
  it("have multipliers that add up to the change", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const form = `secant network ${count++}`;
        await checkSecant(caseOfNodes("network", network(steps), [variable([2, 3], [[-0.9, 0.9]]), variable([3], [[-0.9, 0.9]])], { form }));
      }),
      { numRuns: 60, seed: 11 },
    );
  });
});
