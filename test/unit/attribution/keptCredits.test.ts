import { expect, test } from "vitest";
import { evaluate } from "../../../src/attribution/evaluate.js";
import type { Rows } from "../../../src/attribution/rows.js";
import { withLimits } from "../../../src/base/limits.js";
import { tensor } from "../../../src/tensor/tensor.js";

test("credits of many rows that can't be stacked, each of everything, are refused before they fill the memory", () => {
  // 4096 rows with 4096 credits each: 128 MB.
  const rows = { bound: { stacked: false }, feeds: () => ({}) } as unknown as Rows;
  const items = Array.from({ length: 4096 }, (_, row) => ({ row }));
  const run = (): unknown => {
    const steps = evaluate(rows, { key: "k" } as unknown as Parameters<typeof evaluate>[1], items, { alphas: [1], weights: [[1]] }, 1, null);
    steps.next();
    return steps.next({ "credit/x": tensor("float32", [4096], new Float32Array(4096)) }).done;
  };
  expect(() => withLimits({ memoryMegabytes: 64 }, run)).toThrow(/4096 rows need 128 MB; the limit is 64/);
  expect(withLimits({ memoryMegabytes: 256 }, run)).toBe(false);
});
