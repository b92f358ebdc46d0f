import { expect, test } from "vitest";
import type { Credit } from "../../../src/protocol/explanation.js";
import type { FeatureRows } from "../../../src/protocol/viewModel.js";
import { editableCategories, withGroups } from "../../../src/viewmodel/groupedFeatures.js";
import { inputViews } from "../../../src/viewmodel/inputs.js";

function rowsOf(credit: Credit, error?: readonly number[]): FeatureRows | undefined {
  const result = { attributions: { x: credit }, ...(error === undefined ? {} : { error: { x: { dims: credit.dims, data: error } } }) };
  const [input] = withGroups(inputViews(result, new Map()), result);
  return input?.kind === "features" ? input.grouped : undefined;
}

const credit: Credit = {
  dims: [5],
  data: [0.1, 0.2, -0.05, -0.3, 0.01],
  labels: ["age", "colour_red", "colour_blue", "size[x]", "size[y]"],
  values: [40, 1, 0, 1.5, 2],
  featureGroups: [
    { name: "colour", members: [1, 2] },
    { name: "size", members: [3, 4] },
  ],
};

test("a group is the sum of its members, and a category is told by its name", () => {
  const rows = rowsOf(credit, [0.001, 0.002, 0.003, 0.004, 0.005]);
  expect(rows?.bars.map(({ label, value, members }) => [label, value, members?.map((bar) => bar.label)])).toEqual([
    ["size", "2 features", ["size[x]", "size[y]"]],
    ["colour", "red", ["colour_red", "colour_blue"]],
    ["age", "40", undefined],
  ]);
  expect(rows?.bars.map((bar) => bar.credit)).toEqual([-0.3 + 0.01, 0.2 - 0.05, 0.1]);
  expect(rows?.bars.map((bar) => bar.error)).toEqual([0.004 + 0.005, 0.002 + 0.003, 0.001]);
});

test("a category of which none holds, and one of which several hold", () => {
  const valueOf = (values: readonly number[]): string | undefined => rowsOf({ ...credit, values })?.bars.find(({ label }) => label === "colour")?.value;
  expect(valueOf([40, 0, 0, 1, 1])).toBe("none");
  expect(valueOf([40, 1, 1, 1, 1])).toBe("red, blue");
  expect(valueOf([40, 0.7, -1.2, 1, 1])).toBe("2 features");
});

test("a category is edited as one: which holds, before and now", () => {
  const choices = [
    { position: 1, label: "red" },
    { position: 2, label: "blue" },
  ];
  expect(editableCategories(credit, [40, 0, 1, 1.5, 2])).toEqual([{ name: "colour", choices, original: 1, now: 2 }]);
  expect(editableCategories(credit, [40, 0, 0, 1.5, 2])).toEqual([{ name: "colour", choices, original: 1, now: null }]);
  // What holds more than one, or parts, is edited feature by feature.
  expect(editableCategories(credit, [40, 1, 1, 1.5, 2])).toEqual([]);
  expect(editableCategories(credit, [40, 0.5, 0, 1.5, 2])).toEqual([]);
});

test("nothing is grouped that nobody declared, or that names can't tell apart", () => {
  const { featureGroups: _, ...plain } = credit;
  expect(rowsOf(plain)).toBeUndefined();
  expect(rowsOf({ ...credit, labels: ["a", "a", "b", "c", "d"] })).toBeUndefined();
});

test("of thousands, groups are whole and the smallest others are summed", () => {
  const count = 6000;
  const data = Array.from({ length: count }, (_, i) => 1 / (i + 1));
  const rows = rowsOf({ dims: [count], data, labels: data.map((_, i) => `f${i}`), featureGroups: [{ name: "last", members: [count - 2, count - 1] }] });
  const last = rows?.bars.find(({ label }) => label === "last");
  expect(last?.credit).toBe(1 / (count - 1) + 1 / count);
  expect((rows?.cut?.count ?? 0) + (rows?.bars.length ?? 0) - 1).toBe(count - 2);
  expect((rows?.cut?.sum ?? 0) + (rows?.bars ?? []).reduce((sum, bar) => sum + bar.credit, 0)).toBeCloseTo(
    data.reduce((a, b) => a + b, 0),
    9,
  );
});
