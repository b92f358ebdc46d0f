import { expect, test } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import type { PredictedSample, SamplePredictions } from "../../../src/protocol/explanation.js";
import type { TableQuery } from "../../../src/protocol/viewModel.js";
import { pageSize, SamplesTable } from "../../../src/vscode/samplesTable.js";

const total = 450;
const sample = (row: number): PredictedSample => ({
  row,
  cells: [`text ${row}`],
  label: row % 3 === 0 ? "a" : "b",
  predicted: row % 2 === 0 ? "a" : "b",
  score: (row * 37) % total,
  right: (row % 3 === 0) === (row % 2 === 0),
});
const query: TableQuery = { from: 0, sort: "row", descending: false, only: "all", predicted: "", search: "" };
const request = { model: "/m.onnx" };

function open(predictions: (page: { from: number; count: number }) => Promise<SamplePredictions>) {
  const asked: number[] = [];
  const seen: number[] = [];
  const table: SamplesTable = new SamplesTable(
    {
      predictions: ([, page]) => {
        asked.push(page.from);
        return predictions(page);
      },
    },
    () => seen.push(table.view?.read ?? 0),
  );
  return { table, asked, seen };
}
const answer = ({ from, count }: { from: number; count: number }): Promise<SamplePredictions> =>
  Promise.resolve({
    total,
    columns: ["text"],
    labelled: true,
    rows: Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, i) => sample(from + i)),
  });

test("the file is read portion by portion, once, and what is read can be looked at meanwhile", async () => {
  const { table, asked, seen } = open(answer);
  expect(table.view).toBeNull();
  await table.ask(query, request);
  await table.ask({ ...query, from: pageSize }, request);
  // Answers that come at once are asked for in larger portions.
  expect(asked).toEqual([0, 200]);
  expect(seen).toEqual([0, 200, 450, 450]);
  expect(table.view).toMatchObject({ read: total, total, matching: total, classes: ["a", "b"], labelled: true });
  expect(table.view?.rows.map(({ row }) => row)).toEqual(Array.from({ length: pageSize }, (_, i) => pageSize + i));
});

test("sorted, filtered and searched", async () => {
  const { table } = open(answer);
  await table.ask({ ...query, sort: "score", descending: true }, request);
  const scores = table.view?.rows.map(({ score }) => score) ?? [];
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(scores[0]).toBe(total - 1);
  await table.ask({ ...query, only: "wrong", predicted: "a" }, request);
  expect(table.view?.rows.every(({ right, predicted }) => right === false && predicted === "a")).toBe(true);
  const wrong = Array.from({ length: total }, (_, row) => sample(row)).filter(({ right, predicted }) => right === false && predicted === "a");
  expect(table.view?.matching).toBe(wrong.length);
  await table.ask({ ...query, search: "TEXT 44" }, request);
  expect(table.view?.rows.map(({ row }) => row)).toEqual([44, 440, 441, 442, 443, 444, 445, 446, 447, 448, 449]);
});

test("what can't be read says why; after the file changed it is read anew", async () => {
  const { table, asked } = open(() => Promise.reject(new ExplainError("COLUMN_MISSING", "There is no column text.")));
  await table.ask(query, request);
  expect(table.view).toMatchObject({ error: "There is no column text.", rows: [] });
  table.forget();
  expect(table.view).toBeNull();
  await table.ask(query, request);
  expect(asked).toEqual([0, 0]);
});

test("rows that come later are merged into every order as if all had been there at once", async () => {
  for (const sort of ["row", "score", "predicted", "label"] as const)
    for (const descending of [false, true]) {
      const { table } = open(answer);
      await table.ask({ ...query, sort, descending }, request);
      const merged: number[] = [];
      for (let from = 0; from < total; from += pageSize) {
        await table.ask({ ...query, sort, descending, from }, request);
        merged.push(...(table.view?.rows.map(({ row }) => row) ?? []));
      }
      const key = (row: number): string | number => (sort === "row" ? row : (sample(row)[sort] ?? ""));
      const sign = descending ? -1 : 1;
      const sorted = Array.from({ length: total }, (_, row) => row).sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : a - b));
      expect(merged).toEqual(sorted);
    }
});
