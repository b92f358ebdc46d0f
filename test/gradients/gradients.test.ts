import { describe, expect, it } from "vitest";
import { opStates } from "../../src/autodiff/rules/index.js";
import { gradientCases } from "./cases/index.js";
import { checkGradient } from "./check.js";

describe("rules against difference quotients", () => {
  for (const c of gradientCases) it(c.name, () => checkGradient(c, opStates));

  it("has a case for every operator with a rule", () => {
    const covered = new Set(gradientCases.map((c) => c.op));
    expect(
      Object.entries(opStates)
        .filter(([op, state]) => state.state === "rule" && !covered.has(op))
        .map(([op]) => op),
    ).toEqual([]);
  });

  it("has distinct names for all cases", () => {
    const names = gradientCases.map((c) => c.name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
