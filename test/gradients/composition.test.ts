import fc from "fast-check";
import { describe, it } from "vitest";
import { opStates } from "../../src/autodiff/rules/index.js";
import type { Node } from "../../src/graph/ir.js";
import { checkGradient } from "./check.js";
import { caseOfNodes, node, variable } from "./gradientCase.js";

/** A step takes earlier values by position; every value broadcasts against [rows, 3]. */
interface Step {
  readonly op: string;
  readonly first: number;
  readonly second: number;
}

const smooth = ["Sigmoid", "Tanh", "Sin", "Softplus", "Mish", "Neg", "Identity"];
const binary = ["Add", "Sub", "Mul", "Max"];
const across = ["Softmax", "LogSoftmax"];
const reductions = ["ReduceMean", "ReduceSum", "ReduceLogSumExp"];

const step: fc.Arbitrary<Step> = fc.record({ op: fc.constantFrom(...smooth, ...binary, ...across, ...reductions), first: fc.nat(1000), second: fc.nat(1000) });

/** The nodes of a random network whose values all reach the output y0, so that each is used once or several times. */
function network(steps: readonly Step[]): Node[] {
  const values = ["x0", "x1"];
  const nodes = steps.map(({ op, first, second }, i) => {
    const [p, q] = [values[first % values.length]!, values[second % values.length]!];
    const output = `h${i}`;
    values.push(output);
    // A maximum with itself is a kink everywhere; against a shifted value it is one almost nowhere.
    if (binary.includes(op)) return node(op === "Max" && p === q ? "Add" : op, [p, q], [output]);
    return node(op, [p], [output], across.includes(op) ? { axis: -1 } : {});
  });
  const keep = nodes.map((n) => (reductions.includes(n.op) ? { ...n, attributes: { keepdims: { kind: "int", value: 1 } as const } } : n));
  return [...keep, node("Sum", values, ["y0"])];
}

describe("random networks", () => {
  it("agree with difference quotients in both modes", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const form = `network ${count++}`;
        // Products of products grow: the quotient's error with them.
        await checkGradient(
          caseOfNodes("network", network(steps), [variable([null, 3], [[-0.9, 0.9]]), variable([3], [[-0.9, 0.9]])], { form, tolerance: 1e-5 }),
          opStates,
        );
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
