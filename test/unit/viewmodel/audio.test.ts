import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.js";
import type { Credit } from "../../../src/protocol/explanation.js";
import { audioOf, stretchBars, timeOf } from "../../../src/viewmodel/audio.js";

function soundOf(count: number, rate?: number): Credit {
  const values = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? i : -i));
  return { dims: [1, count], data: values.map((_, i) => i / 8), values, ...(rate === undefined ? {} : { rate }) };
}

test("stretches of equal length, the last one shorter, hold every sample once: lowest, highest, sum of credits", () => {
  const { stretches } = present(audioOf(soundOf(500)), "sound");
  expect(stretches).toHaveLength(167);
  expect(stretches[0]).toEqual({ start: 0, end: 3, low: -1, high: 2, credit: 3 / 8 });
  expect(stretches.at(-1)).toEqual({ start: 498, end: 500, low: -499, high: 498, credit: 997 / 8 });
  expect(stretches.reduce((sum, { credit }) => sum + credit, 0)).toBe((499 * 500) / 2 / 8);
});

test("time in seconds with as many digits as tell stretches apart, in samples where no rate is known", () => {
  const known = present(audioOf(soundOf(480, 16_000)), "sound");
  expect([timeOf(known, 0), timeOf(known, 2)]).toEqual(["0.0000", "0.0001"]);
  expect(stretchBars(known)[1]).toEqual({ label: "0.0001–0.0003 s", value: "", credit: 5 / 8 });
  expect(stretchBars(present(audioOf(soundOf(480)), "sound"))[1]?.label).toBe("samples 2–3");
  expect(timeOf(present(audioOf(soundOf(48_000, 8000)), "sound"), 200 * 100)).toBe("2.50");
});

test("pictures, and samples that are not known, are no sound", () => {
  expect(audioOf({ dims: [4, 4], data: new Array<number>(16).fill(1), values: new Array<number>(16).fill(1) })).toBeNull();
  expect(audioOf({ dims: [16], data: new Array<number>(16).fill(1) })).toBeNull();
});
