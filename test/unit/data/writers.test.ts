import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSamples } from "../../../src/data/samples.js";
import { openCsvWriter } from "../../../src/data/writers/csvWriter.js";
import { openParquetWriter } from "../../../src/data/writers/parquetWriter.js";
import type { WrittenCell, WrittenColumn } from "../../../src/data/writers/tableWriter.js";

const folder = mkdtempSync(join(tmpdir(), "writers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns: readonly WrittenColumn[] = [
  { name: "row", kind: "integer" },
  { name: 'a "quoted", name', kind: "text" },
  { name: "credit", kind: "number" },
  { name: "list", kind: "json" },
];
const rows: readonly (readonly WrittenCell[])[] = [
  [0, "plain", 0.1, "[1,2.5]"],
  [1, '=cmd|" /C calc"', -3e-8, '["a","\\"b\\""]'],
  [2 ** 40, null, null, null],
  [3, "line\nend, 終", 0, "[]"],
];

test("Parquet holds what was written: whole numbers beyond 32 bits, float32, nothing, text of any kind, lists", async () => {
  const file = join(folder, "table.parquet");
  const writer = await openParquetWriter(file, columns);
  for (const row of rows) await writer.add(row);
  await writer.finish();
  const table = await openSamples(file);
  expect((await table.rows(0, 10)).map(({ cells }) => Object.values(cells))).toEqual([
    [0, "plain", Math.fround(0.1), [1, 2.5]],
    [1, '=cmd|" /C calc"', Math.fround(-3e-8), ["a", '"b"']],
    [2 ** 40, null, null, null],
    [3, "line\nend, 終", 0, []],
  ]);
  await table.close();
});

test("Parquet of several row groups is read as one table", async () => {
  const file = join(folder, "groups.parquet");
  const wide = Array.from({ length: 600 }, (_, i): WrittenColumn => ({ name: `c${i}`, kind: "number" }));
  const writer = await openParquetWriter(file, wide);
  for (let r = 0; r < 4000; r++) await writer.add(wide.map((_, i) => r + i));
  await writer.finish();
  const table = await openSamples(file);
  expect(await table.count()).toBe(4000);
  expect((await table.rows(3990, 1))[0]?.cells["c7"]).toBe(3997);
  await table.close();
});

test("CSV is quoted where it has to be, and no cell runs as a formula", async () => {
  const file = join(folder, "table.csv");
  const writer = await openCsvWriter(file, columns);
  for (const row of rows) await writer.add(row);
  await writer.finish();
  expect(readFileSync(file, "utf8")).toBe(
    `row,"a ""quoted"", name",credit,list\n0,plain,0.1,"[1,2.5]"\n1,"'=cmd|"" /C calc""",-3e-8,"[""a"",""\\""b\\""""]"\n${2 ** 40},,,\n3,"line\nend, 終",0,[]\n`,
  );
});
