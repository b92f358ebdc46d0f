import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";

const parts = JSON.parse(readFileSync("test/fixtures/panel/whatIf.json", "utf8")) as ViewParts;
const view = buildView(parts);

test("what can be edited: numbers with their range, the whole text; what was changed and what it was", () => {
  const profile = view.whatIf?.inputs.find(({ name }) => name === "profile");
  if (profile?.kind !== "features") throw new Error("expected features");
  expect(profile.features[1]).toMatchObject({ label: "exclamation marks", original: 1, now: 6, range: { kind: "numbers", least: 0, most: 2 } });
  expect(view.whatIf?.inputs.find(({ name }) => name === "tokens")).toMatchObject({
    kind: "text",
    original: "An absorbing story with a brilliant cast, and the last twenty minutes are perfect!",
    now: "An absorbing story with a cast, and the last twenty minutes are perfect!",
  });
});

test("the sentence tells both predictions and how the score moved", () => {
  expect(view.whatIf?.sentence).toBe("positive 98.3 % → positive 80.1 %: the score of positive falls by 0.182.");
  const before = parts.original?.results[0]?.score ?? NaN;
  expect(view.whatIf).toMatchObject({ edited: true, scoreBefore: before, scoreNow: parts.explanation.results[0]?.score });
});

test("bars remember the credit before the edit", () => {
  const profile = view.inputs.find(({ name }) => name === "profile");
  if (profile?.kind !== "features") throw new Error("expected features");
  const original = parts.original?.results[0]?.attributions["profile"];
  for (const { label, former } of profile.bars) expect(former).toBe(original?.data[original.labels?.indexOf(label) ?? -1]);
});

test("words are written as in the text, also those that the tokenizer does not know", () => {
  const tokens = view.inputs.find(({ name }) => name === "tokens");
  if (tokens?.kind !== "tokens") throw new Error("expected tokens");
  expect(tokens.tokens.map(({ text, after }) => text + after).join("")).toBe("An absorbing story with a cast, and the last twenty minutes are perfect!");
  expect(tokens.tokens.find(({ text }) => text === "twenty")?.parts?.[0]?.text).toBe("[UNK]");
});

test("each input alone: sums, and what belongs to all together", () => {
  const { isolated } = view;
  const sum = (data: readonly number[] = []): number => data.reduce((a, b) => a + b, 0);
  for (const { name, joint } of isolated?.inputs ?? []) expect(joint).toBeCloseTo(sum(parts.explanation.results[0]?.attributions[name]?.data), 9);
  expect(isolated?.sentence).toMatch(/belongs to the inputs together and to none of them alone\.$/u);
});

test("layers come after those that feed them", () => {
  const order = view.layers.map(({ value }) => value);
  for (const { value, from = [] } of view.layers)
    for (const feeder of from) if (feeder !== value) expect(order.indexOf(feeder)).toBeLessThan(order.lastIndexOf(value));
  expect(order).toHaveLength(parts.layers?.layers.length ?? 0);
});

test("a first picture says that it is one, and never that it is poor", () => {
  const { check } = buildView({ ...parts, partial: true });
  expect(check.state).toBe("partial");
  expect(check.sentence).toMatch(/^First picture after \d+ points/u);
});
