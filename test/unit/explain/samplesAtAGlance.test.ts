import { expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import { featureRanges } from "../../../src/explain/featureRanges.js";
import { layerShares } from "../../../src/explain/layerShares.js";
import { samplePredictions } from "../../../src/explain/samplePredictions.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import { modelAt as open } from "../modelAt.js";

const diabetes = "examples/diabetes/model.onnx";
const review = "examples/review-profile/model.onnx";

test("the ends of every feature's slider are those of the file", async () => {
  const ranges = await featureRanges(await open(diabetes), undefined);
  expect(ranges["measurements"]).toHaveLength(8);
  expect(ranges["measurements"]?.[1]).toMatchObject({ kind: "numbers", whole: true });
  expect(ranges["measurements"]?.[6]).toMatchObject({ kind: "numbers", whole: false });
  const mixed = await featureRanges(await open(review), undefined);
  expect(Object.keys(mixed)).toEqual(["profile"]);
});

test("each row's prediction is the one its explanation has, with the file's label beside it", async () => {
  const page = await samplePredictions({ model: diabetes, targets: ["1"] }, { from: 3, count: 2 }, open);
  expect(page).toMatchObject({ labelled: true, rows: [{ row: 3 }, { row: 4 }] });
  const { results } = await explain({ model: diabetes, rows: [3, 4] }, open);
  expect(page.rows.map(({ score }) => score)).toEqual(results.map(({ prediction }) => Math.max(...prediction.data)));
  for (const { right, label, predicted } of page.rows) expect(right).toBe(label === predicted);
  expect((await samplePredictions({ model: diabetes }, { from: page.total, count: 5 }, open)).rows).toEqual([]);
});

test("before the answer comes a first picture of the same form, with wider error bars", async () => {
  const seen: Explanation[] = [];
  const answer = await explain({ model: review, rows: [3], options: { tolerance: 0.001 } }, open, { partial: (make) => seen.push(make()) });
  const [first] = seen;
  const widest = (explanation: Explanation | undefined): number => Math.max(...Object.values(explanation?.results[0]?.error ?? {}).flatMap(({ data }) => data));
  expect(seen.length).toBeGreaterThan(0);
  expect(first?.results[0]?.points).toBeLessThan(answer.results[0]?.points ?? 0);
  expect(widest(first)).toBeGreaterThan(widest(answer));
  expect(Object.keys(first?.results[0]?.attributions ?? {})).toEqual(Object.keys(answer.results[0]?.attributions ?? {}));
  expect(first?.request).toEqual(answer.request);
});

test("several rows are no single picture: nothing is offered before the answer", async () => {
  const seen: unknown[] = [];
  await explain({ model: diabetes, rows: [0, 1] }, open, { partial: () => seen.push(1) });
  expect(seen).toEqual([]);
});

test("layers say what feeds them: text and profile are two branches that join", async () => {
  const { layers } = await layerShares({ model: review }, open);
  const from = (path: string): readonly string[] => layers.find((layer) => layer.path === path)?.from ?? ["?"];
  const value = (path: string): string => layers.find((layer) => layer.path === path)?.value ?? "";
  expect(from("text_encoder.embedding")).toEqual([]);
  expect(from("profile_encoder.linear")).toEqual([]);
  expect(from("text_encoder.lstm")).toEqual([value("text_encoder.embedding")]);
  expect(from("classifier")).toContain(value("profile_encoder.relu"));
});

test("the text that tokens come from stands beside them", async () => {
  const { results } = await explain({ model: review, rows: [0] }, open);
  const credit = results[0]?.attributions["tokens"];
  expect(credit?.text).toMatch(/^An absorbing story/u);
  expect(credit?.spans?.map(([start, end]) => credit.text?.slice(start, end).toLowerCase())[1]).toBe("absorbing");
});
