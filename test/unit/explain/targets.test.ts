import { describe, expect, it } from "vitest";
import { parseElement, resolveTarget, type ClassScores } from "../../../src/explain/targets.js";

const scores: ClassScores = { value: "probabilities", dims: [3], data: [0.2, 0.5, 0.3], labels: ["cat", "dog", "7"] };
const dims = (value: string): readonly number[] | undefined => ({ probabilities: [3], hidden: [4, 2], score: [1] })[value];
const of = (text: string, s = scores): unknown => resolveTarget(text, s, dims).map(({ value, index, label }) => [value, ...index, label]);

describe("resolveTarget", () => {
  it.each([
    ["predicted", [["probabilities", 1, "dog"]]],
    [
      "top:2",
      [
        ["probabilities", 1, "dog"],
        ["probabilities", 2, "7"],
      ],
    ],
    [
      "top:9",
      [
        ["probabilities", 1, "dog"],
        ["probabilities", 2, "7"],
        ["probabilities", 0, "cat"],
      ],
    ],
    ["0", [["probabilities", 0, "cat"]]],
    ["dog", [["probabilities", 1, "dog"]]],
    // A label wins over a class index: it is what people see.
    ["7", [["probabilities", 2, "7"]]],
    ["hidden[3,1]", [["hidden", 3, 1, undefined]]],
    ["probabilities[2]", [["probabilities", 2, "7"]]],
    ["score", [["score", 0, undefined]]],
    ["score[]", [["score", 0, undefined]]],
  ])("%s", (text, expected) => {
    expect(of(text)).toEqual(expected);
  });

  it.each([
    ["3", /3 classes, counted from 0/],
    ["bird", /no such class, label or value/],
    ["top:0", /starts at 1/],
    ["nothing[1]", /no value named "nothing"/],
    ["hidden[4,0]", /hidden\[0…3,0…1\]/],
    ["hidden", /has \[4, 2\] a row/],
  ])("refuses %s and says what there is", (text, message) => {
    expect(() => of(text)).toThrow(message);
  });

  it("takes the logit instead of the probability, for whatever names a class", () => {
    const made = { ...scores, logits: "z" };
    expect(of("logit:predicted", made)).toEqual([["z", 1, "dog"]]);
    expect(of("logit:cat", made)).toEqual([["z", 0, "cat"]]);
    expect(of("logit:top:2", made)).toEqual([
      ["z", 1, "dog"],
      ["z", 2, "7"],
    ]);
    expect(() => of("logit:predicted")).toThrow(/no Softmax or Sigmoid makes "probabilities"/);
    expect(() => of("logit:hidden[0,0]", made)).toThrow(/no Softmax or Sigmoid makes "hidden"/);
  });

  it("takes a position of a sequence of predictions", () => {
    const sequence: ClassScores = { value: "p", dims: [2, 3], data: [0.1, 0.2, 0.7, 0.5, 0.3, 0.2], labels: ["a", "b", "c"], logits: "z" };
    expect(of("predicted@0", sequence)).toEqual([["p", 0, 2, "c"]]);
    expect(of("predicted@1", sequence)).toEqual([["p", 1, 0, "a"]]);
    expect(of("b@1", sequence)).toEqual([["p", 1, 1, "b"]]);
    expect(of("top:2@1", sequence)).toEqual([
      ["p", 1, 0, "a"],
      ["p", 1, 1, "b"],
    ]);
    expect(of("logit:predicted@0", sequence)).toEqual([["z", 0, 2, "c"]]);
    expect(of("predicted@1,0", { value: "p", dims: [2, 1, 2], data: [1, 2, 4, 3] })).toEqual([["p", 1, 0, 0, undefined]]);
    expect(() => of("predicted@2", sequence)).toThrow(/names no position of "p"/);
    expect(() => of("d@1", sequence)).toThrow(/no such class/);
    expect(() => of("predicted@0")).toThrow(/one prediction a row/);
    expect(() => of("1", sequence)).toThrow(/which of the positions/);
  });

  it("explains the one number of a regression, a row of rank 0 among them", () => {
    expect(of("predicted", { value: "y", dims: [1], data: [4] })).toEqual([["y", 0, undefined]]);
    expect(of("predicted", { value: "y", dims: [], data: [4] })).toEqual([["y", undefined]]);
  });

  it("takes the largest element of a sequence output, and asks which position a bare class means", () => {
    const sequence: ClassScores = { value: "tags", dims: [2, 3], data: [0, 1, 2, 9, 1, 0] };
    expect(of("predicted", sequence)).toEqual([["tags", 1, 0, undefined]]);
    expect(() => of("1", sequence)).toThrow(/which of the positions/);
  });
});

describe("parseElement", () => {
  it("keeps names with brackets and slashes of their own", () => {
    expect(parseElement("/layer[0]/out[1, 2]")).toEqual({ value: "/layer[0]/out", index: [1, 2] });
    expect(parseElement("plain")).toBeUndefined();
  });
});
