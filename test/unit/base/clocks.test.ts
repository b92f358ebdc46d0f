import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { fileStamp } from "../../../src/base/fileStamp.js";
import { withKeptSamples } from "../../../src/explain/keptSamples.js";
import { createPace } from "../../../src/worker/batch/pace.js";

const folder = mkdtempSync(join(tmpdir(), "explain-clocks-"));
afterAll(() => rmSync(folder, { recursive: true }));
const firstCell = (file: string) => withKeptSamples(file, async (samples) => (await samples.rows(0, 1))[0]?.cells["a"]);

test("durations are measured by a clock that nobody sets; the time of day is asked where a time of day is meant", () => {
  const files = ["src", "webview"]
    .flatMap((root) => readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name)))
    .filter((name) => name.endsWith(".ts"));
  const asking = files.filter((name) => /Date\.now|new Date\(/.test(readFileSync(name, "utf8"))).map((name) => name.replaceAll("\\", "/"));
  // When an explanation was made, for the list of past ones, which is in the order of making and not of that time.
  expect(asking).toEqual(["src/vscode/history/explanationTree.ts"]);
});

test("rate and time left don't follow a clock that jumps", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2030-01-01") });
  const pace = createPace(100, 0);
  pace.finished(10, 0);
  vi.setSystemTime(new Date("2001-01-01"));
  const { rowsPerSecond, secondsLeft } = pace.now(0);
  vi.useRealTimers();
  expect(rowsPerSecond).toBeGreaterThan(0);
  expect(secondsLeft).toBeGreaterThan(0);
});

test.each([
  ["a clock that was set back", -400],
  ["a clock that was ahead", 400],
  ["a copy that keeps the time", 0],
])("a file replaced under %s is read anew", async (name, days) => {
  const file = join(folder, `${name.replaceAll(" ", "-")}.csv`);
  const time = new Date("2026-01-02T03:04:05Z");
  writeFileSync(file, "a,b\n1,2\n");
  utimesSync(file, time, time);
  const stamp = await fileStamp(file);
  expect(await firstCell(file)).toBe("1");
  // As many bytes as before.
  writeFileSync(file, "a,b\n7,8\n");
  const later = new Date(time.getTime() + days * 86_400_000);
  utimesSync(file, later, later);
  expect(await fileStamp(file)).not.toBe(stamp);
  expect(await firstCell(file)).toBe("7");
});
