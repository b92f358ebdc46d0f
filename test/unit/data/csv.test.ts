import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSamples, readRows } from "../../../src/data/samples.js";
import { failure, opened, rowsOf } from "./sampleFiles.js";

const diabetes = join(import.meta.dirname, "../../../examples/diabetes/samples.csv");
const cells = async (name: string, content: string | Uint8Array): Promise<unknown[]> => (await rowsOf(name, content)).map((row) => row.cells);

describe("CSV", () => {
  test("the diabetes samples: columns, count, a row with its line", async () => {
    const samples = await openSamples(diabetes);
    expect(samples.columns).toEqual(["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age", "diabetes"]);
    expect(await samples.count()).toBe(231);
    const [row] = await readRows(samples, [2]);
    expect(row).toEqual({
      row: 2,
      line: 4,
      cells: { pregnant: "9", glucose: "72", pressure: "78", triceps: "25", insulin: "0", mass: "31.6", pedigree: "0.28", age: "38", diabetes: "neg" },
    });
    expect((await readRows(samples, "all")).length).toBe(231);
    await samples.close();
  });

  test.each([
    ["comma", "a,b\n1,2\n3,4\n"],
    ["semicolon", "a;b\n1;2\n3;4\n"],
    ["tab", "a\tb\n1\t2\n3\t4\n"],
    ["bar", "a|b\n1|2\n3|4\n"],
    ["CR LF", "a,b\r\n1,2\r\n3,4\r\n"],
    ["CR alone", "a,b\r1,2\r3,4\r"],
    ["mixed line ends", "a,b\r\n1,2\n3,4"],
    ["blank lines", "a,b\n\n1,2\n\n\n3,4\n\n"],
    ["byte-order mark", "\uFEFFa,b\n1,2\n3,4\n"],
    ["quotes", '"a","b"\n"1","2"\n3,"4"\n'],
  ])("%s", async (_, content) => {
    expect(await cells("x.csv", content)).toEqual([
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ]);
  });

  test("a tsv file is split at tabs even where commas abound", async () => {
    expect(await cells("x.tsv", "text\tn\na, b, c\t1\nd, e, f\t2\n")).toEqual([
      { text: "a, b, c", n: "1" },
      { text: "d, e, f", n: "2" },
    ]);
  });

  test("quoted fields hold delimiters, quotes and line ends; later rows know their line", async () => {
    const rows = await rowsOf("x.csv", 'text,n\n"one, ""two""\nthree",1\nfour,2\n');
    expect(rows).toEqual([
      { row: 0, line: 2, cells: { text: 'one, "two"\nthree', n: "1" } },
      { row: 1, line: 4, cells: { text: "four", n: "2" } },
    ]);
  });

  test("a quote inside a field that is not quoted is a character like any other for the search of line ends", async () => {
    const diagnostic = await failure(() => rowsOf("x.csv", 'size,n\n5" pipe,1\n6,2\n'));
    expect(diagnostic).toMatchObject({ code: "SAMPLES_INVALID", line: 2 });
  });

  test("no header: numbers in the first line", async () => {
    expect(await cells("x.csv", "1,2,pos\n3,4,neg\n")).toEqual([
      { "column 1": "1", "column 2": "2", "column 3": "pos" },
      { "column 1": "3", "column 2": "4", "column 3": "neg" },
    ]);
  });

  test("decimal comma", async () => {
    expect(await cells("x.csv", "a;b\n1,5;text, more\n2;x\n")).toEqual([
      { a: "1.5", b: "text, more" },
      { a: "2", b: "x" },
    ]);
  });

  test("equal and empty column names become distinct", async () => {
    const samples = await opened("x.csv", ",a,a\n0,1,2\n");
    expect(samples.columns).toEqual(["column 1", "a", "a (2)"]);
    await samples.close();
  });

  test("a column named __proto__ is a column", async () => {
    const [row] = await rowsOf("x.csv", "__proto__,a\n1,2\n");
    expect(Object.keys(row?.cells ?? {})).toEqual(["__proto__", "a"]);
  });

  test.each([
    ["long lines without quotes", (i: number) => `${i},${i * 2},${"x".repeat(80)}`, 0],
    ["short lines without quotes", (i: number) => `${i},${i * 2},`, 0],
    [
      "long quoted fields with line ends and doubled quotes at every place",
      (i: number) => `${i},${i * 2},"${"y".repeat(i % 150)}${i % 500 === 3 ? "\n\n" : ""}""${"x".repeat(150 - (i % 150))}${i % 1000 === 9 ? '""\n' : ""}"`,
      87 * 2 + 44,
    ],
    ["quotes, some around line ends", (i: number) => `${i},${i * 2},"${i % 1000 === 7 ? "\n" : ""}""${"x".repeat(60)}"`, 44],
  ])("rows far into a file of several chunks: %s", async (_, line, more) => {
    const total = 50_000;
    const samples = await opened("x.csv", `a,b,c\n${Array.from({ length: total }, (_unused, i) => line(i)).join("\n")}\n`);
    const [row] = await readRows(samples, [43_210]);
    expect(row).toMatchObject({ row: 43_210, line: 43_210 + 2 + more, cells: { a: "43210", b: "86420" } });
    expect(await samples.count()).toBe(total);
    expect((await readRows(samples, [49_999, 0, 1])).map((r) => r.cells["a"])).toEqual(["49999", "0", "1"]);
    let sum = 0;
    for await (const { cells: own } of samples.all()) sum += Number(own["b"]);
    expect(sum).toBe(total * (total - 1));
    await samples.close();
  });
});

describe("broken CSV", () => {
  test("empty file, blank file, header only", async () => {
    expect(await failure(() => opened("x.csv", ""))).toMatchObject({ code: "SAMPLES_EMPTY" });
    expect(await failure(() => opened("x.csv", "\n\n"))).toMatchObject({ code: "SAMPLES_EMPTY" });
    expect(await failure(() => opened("x.csv", "a,b\n"))).toMatchObject({ code: "SAMPLES_EMPTY", message: "The sample file has a header line but no rows." });
  });

  test("a row that does not exist", async () => {
    const samples = await opened("x.csv", "a\n1\n2\n");
    expect(await failure(() => readRows(samples, [1, 2]))).toMatchObject({
      code: "ROW_MISSING",
      message: "Row 2 does not exist: the file has 2 rows.",
      hint: "Rows count from 0; the last is 1.",
    });
    expect((await failure(() => readRows(samples, [-1]))).code).toBe("ROW_MISSING");
    await samples.close();
  });

  test("a row with too many fields, an open quote, other encodings, binary data: with the line", async () => {
    expect(await failure(() => rowsOf("x.csv", "a,b\n1,2\n1,2,3\n"))).toMatchObject({ code: "SAMPLES_INVALID", line: 3 });
    expect(await failure(() => rowsOf("x.csv", 'a,b\n1,2\n"3,4\n5,6\n'))).toMatchObject({ code: "SAMPLES_INVALID" });
    expect(await failure(() => rowsOf("x.csv", Buffer.from("a,b\n1,2\nM\xfcller,4\n", "latin1")))).toMatchObject({
      code: "SAMPLES_INVALID",
      line: 3,
      hint: "Save the file as UTF-8.",
    });
    expect(await failure(() => opened("x.csv", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le")))).toMatchObject({
      code: "SAMPLES_INVALID",
      message: "The file is encoded as UTF-16.",
    });
    expect(await failure(() => opened("x.csv", new Uint8Array([1, 0, 2, 0, 10])))).toMatchObject({ code: "SAMPLES_INVALID" });
  });

  test("a file that is not there, a folder, another kind", async () => {
    expect((await failure(() => openSamples("/nowhere/x.csv"))).code).toBe("FILE_NOT_FOUND");
    expect((await failure(() => openSamples(import.meta.dirname))).code).toBe("SAMPLES_INVALID");
    expect(await failure(() => opened("x.xlsx", "PK"))).toMatchObject({ code: "SAMPLES_INVALID", message: "Excel workbooks are not read." });
  });
});
