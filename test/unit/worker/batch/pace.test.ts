import { expect, test } from "vitest";
import { clusterPace, createPace, durationWords, paceWords } from "../../../../src/worker/batch/pace.js";

test("rate and time left are those of this run, not of what it continues", () => {
  let clock = 1000;
  const pace = createPace(20_000, 8000, () => clock);
  expect(paceWords(pace.now(0))).toBe("8,000 of 20,000 rows (40 %)");
  clock += 2000;
  pace.finished(2048, 3);
  expect(pace.now(952)).toEqual({ rows: 11_000, total: 20_000, rejected: 3, rowsPerSecond: 1500, secondsLeft: 6 });
  expect(paceWords(pace.now(952))).toBe("11,000 of 20,000 rows (55 %), 1,500 rows a second, 6 s left, 3 rejected");
});

test("of a cluster's job the rate is that of its own rows, and nothing is said of an end that nobody knows", () => {
  expect(paceWords(clusterPace({ rows: 600_000, explained: 100_000, total: 1_000_000, seconds: 20 }))).toBe(
    "600,000 of 1,000,000 rows (60 %), 5,000 rows a second, 1 min 20 s left",
  );
  expect(paceWords(clusterPace({ rows: 600, explained: 600, total: null, seconds: 2 }))).toBe("600 rows, 300 rows a second");
  expect(paceWords(clusterPace({ rows: 0, explained: 0, total: 10, seconds: 0 }))).toBe("0 of 10 rows (0 %)");
});

test.each([
  [0.2, "1 s"],
  [59, "59 s"],
  [61, "1 min 1 s"],
  [3 * 3600 + 1200, "3 h 20 min"],
])("%d seconds are said as %s", (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});
