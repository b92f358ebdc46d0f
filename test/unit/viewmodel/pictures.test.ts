import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Credit } from "../../../src/protocol/explanation.js";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";
import { creditBars, largestBars } from "../../../src/viewmodel/elements.js";
import { formerPicture } from "../../../src/viewmodel/formerPicture.js";
import { pictureLayout } from "../../../src/viewmodel/pictureLayout.js";
import { rank } from "../../../src/viewmodel/rank.js";
import { editRegion } from "../../../src/vscode/regionEdits.js";

const digits = JSON.parse(readFileSync("test/fixtures/panel/digits.json", "utf8")) as ViewParts;

test.each([
  [[3, 8, 9], { channels: 3, height: 8, width: 9, at: (2 * 8 + 4) * 9 + 5 }],
  [[8, 9, 4], { channels: 4, height: 8, width: 9, at: (4 * 9 + 5) * 4 + 2 }],
  [[8, 9, 3], { channels: 3, height: 8, width: 9, at: (4 * 9 + 5) * 3 + 2 }],
])("of shape %j: where channel 2, line 4, column 5 is", (dims, { at, ...size }) => {
  const layout = pictureLayout({ dims }, undefined);
  expect(layout).toMatchObject(size);
  expect(layout?.position(2, 4, 5)).toBe(at);
});

test("one plane is a picture only where its role says so; a list, named elements and other shapes never", () => {
  expect(pictureLayout({ dims: [6, 7] }, "image")).toMatchObject({ channels: 1, height: 6, width: 7 });
  expect(pictureLayout({ dims: [6, 7] }, "features")).toBeNull();
  expect(pictureLayout({ dims: [80, 300] }, "audio")).toMatchObject({ channels: 1, height: 80, width: 300 });
  expect(pictureLayout({ dims: [2, 16_000] }, "audio")).toBeNull();
  expect(pictureLayout({ dims: [1, 64] }, "image")).toBeNull();
  expect(pictureLayout({ dims: [2, 8, 8] }, "image")).toBeNull();
  expect(pictureLayout({ dims: [1, 2, 8] }, "image")).toBeNull();
  expect(pictureLayout({ dims: [1, 8, 8], labels: ["a"] }, "image")).toBeNull();
});

test("a picture is edited as a whole: how many of its pixels are changed, and the picture before with three digits", () => {
  expect(buildView(digits).whatIf).toMatchObject({ edited: false, inputs: [{ kind: "picture", name: "image", changed: 0, size: 64 }] });
  const base = digits.explanation;
  const edits = editRegion({}, base, "image", { left: 0, top: 0, width: 8, height: 8 }, "remove");
  const change = edits["image"];
  const values = change?.kind === "values" ? change.values : [];
  const results = base.results.map((result) => ({
    ...result,
    attributions: Object.fromEntries(Object.entries(result.attributions).map(([name, credit]): [string, Credit] => [name, { ...credit, values }])),
  }));
  const view = buildView({ ...digits, explanation: { ...base, results }, original: base, edits });
  expect(view.whatIf?.inputs[0]).toMatchObject({ kind: "picture", changed: 64 });
  const [input] = view.inputs;
  if (input?.kind !== "image") throw new Error("expected a picture");
  expect(new Set(input.pixels.values).size).toBe(1);
  const before = base.results[0]?.attributions["image"];
  expect(input.former).toMatchObject({ channels: 1, height: 8, width: 8 });
  const largest = Math.max(...(before?.data ?? []).map(Math.abs));
  input.former?.credits.forEach((credit, i) => expect(Math.abs(credit - (before?.data[i] ?? NaN))).toBeLessThan(largest / 100));
});

test("what was not edited has no picture before", () => {
  const [input] = buildView(digits).inputs;
  if (input?.kind !== "image") throw new Error("expected a picture");
  expect(formerPicture(input.pixels, input.pixels)).toBeNull();
  expect(input.former).toBeUndefined();
});

test("the largest bars are those that all bars begin with, equal ones and missing numbers too", () => {
  const data = [1, -3, 2, NaN, 3, -2, 0, 2];
  const credit: Credit = { dims: [2, 4], data, values: data.map((_, i) => i) };
  const error = { dims: [2, 4], data: data.map((x) => Math.abs(x) / 10) };
  for (const count of [1, 4, 8, 20]) expect(largestBars(credit, count, error)).toEqual(rank(creditBars(credit, error)).slice(0, count));
});
