import { expect, test } from "vitest";
import { featuresBody } from "../../../src/charts/sections/featuresBody.js";
import { themes } from "../../../src/charts/theme.js";
import type { Credit } from "../../../src/protocol/explanation.js";
import { inputViews } from "../../../src/viewmodel/inputs.js";

const count = 6000;
/** One credit of 1, then 5,999 of 0.001. */
const credit: Credit = {
  dims: [count],
  data: Array.from({ length: count }, (_, i) => (i === 0 ? 1 : 0.001)),
  labels: Array.from({ length: count }, (_, i) => (i < 300 ? `gene ${i}` : `probe ${i}`)),
};
const [input] = inputViews({ attributions: { genes: credit } }, new Map());

function chart(look: Readonly<Record<string, string>>): string {
  if (input?.kind !== "features") throw new Error("no features");
  const view = { check: { score: null, baselineScore: null, state: "none" as const, sentence: "", points: null, error: null }, largest: 1, inputs: [input] };
  const options = { theme: themes.light, width: 600, look: (id: string) => look[id] };
  return featuresBody(input, view as unknown as Parameters<typeof featuresBody>[1], "genes", options as unknown as Parameters<typeof featuresBody>[3])
    .body.map((part) => part?.text ?? "")
    .join("");
}

test("of thousands of features all are in the sum of the others, also those that have no bar", () => {
  expect(input).toMatchObject({ kind: "features", cut: { count: 1000 } });
  const text = chart({ "input/genes/top": "10" });
  expect(text).toContain("5990 others, summed");
  expect(text).toContain("5.99");
});

test("a search that finds more than fits sums its other hits, and only those", () => {
  const text = chart({ "input/genes/find": "gene" });
  expect(text).toContain("100 others, summed");
  expect(chart({ "input/genes/find": "gene 7" })).not.toContain("others, summed");
});
