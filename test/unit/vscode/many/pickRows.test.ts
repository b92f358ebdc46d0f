import { expect, test } from "vitest";
import { pickRows } from "../../../../src/vscode/many/pickRows.js";

test.each([1, 2, 3, 7, 231, 999, 1000])("all of %i rows, each once", (count) => {
  const rows = Array.from({ length: count }, (_, i) => 2 * i);
  expect([...pickRows(rows)].sort((a, b) => a - b)).toEqual(rows);
});

test("of more, evenly picked ones", () => {
  const picked = [...pickRows(Array.from({ length: 100_000 }, (_, row) => row))].sort((a, b) => a - b);
  expect(picked).toHaveLength(1000);
  expect(picked.slice(0, 3)).toEqual([0, 100, 200]);
  expect(picked.at(-1)).toBe(99_900);
});

test("every beginning is spread over the whole", () => {
  const rows = Array.from({ length: 1000 }, (_, row) => row);
  for (const first of [8, 40, 200]) {
    const sorted = [...pickRows(rows)].slice(0, first).sort((a, b) => a - b);
    const gaps = [...sorted, 1000].map((row, i) => row - (sorted[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(3 * (1000 / first));
  }
});
