import { expect, test } from "vitest";
import { createPace, durationWords, paceWords } from "../../../../src/worker/batch/pace.js";

test("rate and time left are those of this run, not of what it continues", () => {
  let clock = 1000;
  const pace = createPace(20_000, 8000, () => clock);
  expect(paceWords(pace.now(0))).toBe("8,000 of 20,000 rows (40 %)");
  clock += 2000;
  pace.finished(2048, 3);
  expect(pace.now(952)).toEqual({ rows: 11_000, total: 20_000, rejected: 3, rowsPerSecond: 1500, secondsLeft: 6 });
  expect(paceWords(pace.now(952))).toBe("11,000 of 20,000 rows (55 %), 1,500 rows a second, 6 s left, 3 rejected");
});

test.each([
  [0.2, "1 s"],
  [59, "59 s"],
  [61, "1 min 1 s"],
  [3 * 3600 + 1200, "3 h 20 min"],
])("%d seconds are said as %s", (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});
