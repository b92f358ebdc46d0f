import { describe, expect, it } from "vitest";
import { ExplainError } from "../../src/base/diagnostic.js";
import { opStates } from "../../src/autodiff/rules/index.js";
import { secantStates } from "../../src/autodiff/secant/index.js";
import { gradientCases } from "./cases/index.js";
import { checkSecant } from "./checkSecant.js";

/** Forms that have a gradient but no multipliers. */
const refused: Readonly<Record<string, RegExp>> = {
  ScatterElements: /reduction:(mul|min|max)/,
  ScatterND: /reduction:(mul|min|max)/,
  ReduceProd: /\[n,3\] (\(0\) )?\{/,
  "com.microsoft:FusedConv": /./,
};

describe("DeepLIFT multipliers add up to the change, operator by operator", () => {
  for (const c of gradientCases) {
    if (refused[c.op]?.test(c.name) === true)
      it(`refuses ${c.name}`, async () => {
        await expect(checkSecant(c)).rejects.toThrow(ExplainError);
      });
    else it(c.name, () => checkSecant(c, secantStates[c.op]?.state === "approximate" ? 0.1 : c.tolerance));
  }

  it("has a state for every operator with a gradient", () => {
    expect(
      Object.entries(opStates)
        .filter(([op, state]) => state.state === "rule" && !(op in secantStates))
        .map(([op]) => op),
    ).toEqual([]);
  });
});
