import { describe, expect, it } from "vitest";
import { parseEquation } from "../../../../src/autodiff/rules/einsum.js";

const spelled = (text: string, ranks: readonly number[]): string => {
  const { inputs, output } = parseEquation(text, ranks);
  return `${inputs.map((t) => t.join("")).join()}->${output.join("")}`;
};

describe("parseEquation", () => {
  it("keeps an explicit equation", () => expect(spelled("bij, bjk -> bik", [3, 3])).toBe("bij,bjk->bik"));

  it("makes an implicit output of the letters that appear once, in alphabetic order", () => expect(spelled("kj,ji", [2, 2])).toBe("kj,ji->ik"));

  it("spells out ellipses, aligned on the right", () => expect(spelled("...ij,...jk->...ik", [4, 3])).toBe("abij,bjk->abik"));

  it("puts the ellipsis first in an implicit output", () => expect(spelled("...ij,jk", [3, 2])).toBe("aij,jk->aik"));

  it("refuses a wrong number of terms", () => expect(() => parseEquation("ij->i", [2, 2])).toThrow("1 terms for 2 inputs"));
});
