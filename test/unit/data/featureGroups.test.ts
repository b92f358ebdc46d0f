import { expect, test } from "vitest";
import { featureGroups } from "../../../src/data/featureGroups.js";

const labels = ["age", "colour_red", "colour_blue"];

test("groups are the places of their features", () => {
  expect(featureGroups("x", labels, { colour: ["colour_blue", "colour_red"] })).toEqual([{ name: "colour", members: [2, 1] }]);
});

test("a feature that is not there, and one in two groups, are told", () => {
  expect(() => featureGroups("x", labels, { colour: ["colour_bleu"] })).toThrow(
    /group "colour" names the feature "colour_bleu", which the input "x" does not have/,
  );
  expect(() => featureGroups("x", labels, { a: ["age"], b: ["age"] })).toThrow(/"age" of the input "x" is in the groups "a" and "b"/);
});
