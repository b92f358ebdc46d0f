import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.js";
import type { Result } from "../../../src/protocol/explanation.js";
import type { ViewParts } from "../../../src/viewmodel/build.js";
import { observedRow } from "../../../src/viewmodel/observed.js";

const resultOf = (name: string): Result =>
  present((JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8")) as ViewParts).explanation.results[0], "result");
const none = new Map<string, string>();

test("features by name, with their values", () => {
  const result = resultOf("diabetes");
  const { credits, pictures, predicted, score } = observedRow(result, none);
  expect(pictures).toEqual([]);
  expect(credits.map(({ label }) => label)).toEqual(result.attributions["measurements"]?.labels);
  expect(credits[1]).toEqual({ key: "measurements\n1", input: "measurements", label: "glucose", credit: credits[1]?.credit, value: 134, word: false });
  expect(predicted).toBe("neg");
  expect(score).toBe(Math.max(...result.prediction.data));
});

test("a text's words, each once, however often and in whatever case they stand there; the other input's features beside them", () => {
  const text = "The plot and the cast";
  const spans = [...text.matchAll(/\w+/gu)].map(({ index, 0: word }) => [index, index + word.length] as const);
  const tokens = { dims: [5], data: [1, 2, 3, 4, 5], labels: text.split(" "), spans, text };
  const { credits } = observedRow(
    { ...resultOf("diabetes"), attributions: { tokens, stars: { dims: [1], data: [-1], labels: ["stars"], values: [3] } } },
    none,
  );
  expect(credits.map(({ label, credit, word }) => [label, credit, word])).toEqual([
    ["tokens: the", 5, true],
    ["tokens: plot", 2, true],
    ["tokens: and", 3, true],
    ["tokens: cast", 5, true],
    ["stars: stars", -1, false],
  ]);
});

test("pictures whole, in their tensor's order", () => {
  const result = resultOf("digits");
  const [name = "", credit] = Object.entries(result.attributions)[0] ?? [];
  const { credits, pictures } = observedRow(result, new Map([[name, "image"]]));
  expect(credits).toEqual([]);
  expect(pictures).toEqual([{ input: name, dims: credit?.dims, credits: credit?.data }]);
});
