import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openSamples, readRows } from "../../../src/data/samples.js";
import { failure, opened } from "./sampleFiles.js";

const fixture = (name: string): string => join(import.meta.dirname, "../../fixtures/data", name);

test.each(["none", "snappy", "gzip", "zstd", "brotli", "lz4"])("a table, compression %s", async (compression) => {
  const samples = await openSamples(fixture(`${compression}.parquet`));
  expect(samples.columns).toEqual(["text", "x", "n", "profile", "user.age", "ok"]);
  expect((await readRows(samples, "all")).map(({ cells }) => cells)).toEqual([
    { text: "good", x: 1.5, n: 1, profile: [1, 2], "user.age": 3, ok: true },
    { text: "bad", x: null, n: 2, profile: [3, 4], "user.age": 4, ok: false },
    { text: "fine 日本", x: -2, n: 2 ** 40, profile: [5, 6], "user.age": 5, ok: true },
  ]);
  await samples.close();
});

test("rows in the middle of several row groups", async () => {
  const samples = await openSamples(fixture("groups.parquet"));
  expect(await samples.count()).toBe(10000);
  expect((await samples.rows(8998, 4)).map(({ row, cells }) => [row, cells["x"]])).toEqual([8998, 8999, 9000, 9001].map((row) => [row, row % 7]));
  expect(await samples.rows(9999, 10)).toHaveLength(1);
  await samples.close();
});

test("a table that is cut off, and another kind under that suffix", async () => {
  const whole = await readFile(fixture("zstd.parquet"));
  for (const bytes of [whole.subarray(0, 900), whole.subarray(500), Buffer.from("a,b\n1,2\n")])
    expect(await failure(() => opened("x.parquet", bytes))).toMatchObject({ code: "SAMPLES_INVALID" });
});
