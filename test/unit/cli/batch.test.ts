import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSamples, type SampleRow } from "../../../src/data/samples.js";
import type { Explanation, Result } from "../../../src/protocol/explanation.js";

/** Data sets through the built program: what it writes, what it leaves behind when it is killed, and that it goes on from there. */

const folder = mkdtempSync(join(tmpdir(), "batch-"));
const place = (name: string): string => join(folder, name);
const model = "examples/diabetes/model.onnx";
const samples = readFileSync("examples/diabetes/samples.csv", "utf8").trim().split("\n");
const header = samples[0] ?? "";

function run(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return { code: status, out: stdout, err: stderr };
}

/** The points that every row of a data set takes, here and on a cluster. */
const samePoints = ["--option", "rule=nested"] as const;

function explain(...args: string[]): Explanation {
  const { code, out, err } = run("explain", ...args, "--format", "json");
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Explanation;
}

/** The samples of the example over and over, numbered. */
function repeated(name: string, rows: number, change: (line: string, row: number) => string = (line) => line): string {
  const body = Array.from({ length: rows }, (_, i) => change(`p${i},${samples[1 + (i % (samples.length - 1))] ?? ""}`, i));
  writeFileSync(place(name), `id,${header}\n${body.join("\n")}\n`);
  return place(name);
}

async function read(file: string): Promise<readonly SampleRow[]> {
  const table = await openSamples(file);
  try {
    return await table.rows(0, 1e6);
  } finally {
    await table.close();
  }
}

const credits = (row: SampleRow | undefined, { attributions }: Result, input: string): readonly number[] =>
  (attributions[input]?.labels ?? []).map((label) => Math.fround(Number(row?.cells[`${input}.${label}`])));
const single = (numbers: readonly number[] | undefined): readonly number[] => (numbers ?? []).map(Math.fround);

beforeAll(() => {
  if (!existsSync("dist/cli.js") || !existsSync("dist/worker.cjs")) spawnSync(process.execPath, ["scripts/build.mjs"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every row is explained as `explain` does it, to the last bit, in Parquet and in CSV; ids and true answers are kept", async () => {
  const data = repeated("same.csv", 700);
  const { results } = explain(model, data, "--row", "all", ...samePoints);
  for (const out of [place("same.parquet"), place("same-out.csv")]) {
    expect(run("batch", model, data, "--out", out)).toMatchObject({ code: 0, err: "" });
    const rows = await read(out);
    expect(rows).toHaveLength(700);
    results.forEach((result, i) => {
      const row = rows[i];
      expect(credits(row, result, "measurements")).toEqual(single(result.attributions["measurements"]?.data));
      expect(single(["prediction.neg", "prediction.pos", "score", "baselineScore", "delta"].map((name) => Number(row?.cells[name])))).toEqual(
        single([...result.prediction.data, result.score ?? NaN, result.baselineScore ?? NaN, Number(result.delta)]),
      );
      expect([Number(row?.cells["row"]), row?.cells["id"], row?.cells["diabetes"], row?.cells["target"]]).toEqual([
        i,
        `p${i}`,
        result.prediction.truth?.label,
        result.target?.label,
      ]);
    });
    expect(existsSync(`${out}.parts`)).toBe(false);
    expect(existsSync(`${out}.rejects.jsonl`)).toBe(false);
  }
});

test("a text beside numbers: tokens and their credits are lists; the report stands alone", async () => {
  const lines = readFileSync("examples/review-profile/samples.jsonl", "utf8").trim();
  writeFileSync(place("reviews.jsonl"), `${lines}\n${lines}\n`);
  const data = place("reviews.jsonl");
  const text = "examples/review-profile/model.onnx";
  expect(run("batch", text, data, "--out", place("reviews.parquet"), "--report", place("reviews.html"))).toMatchObject({ code: 0, err: "" });
  const rows = await read(place("reviews.parquet"));
  const { results } = explain(text, data, "--row", "all", ...samePoints);
  expect(rows).toHaveLength(results.length);
  results.forEach((result, i) => {
    expect(credits(rows[i], result, "profile")).toEqual(single(result.attributions["profile"]?.data));
    expect(single(rows[i]?.cells["tokens"] as readonly number[])).toEqual(single(result.attributions["tokens"]?.data));
    expect(rows[i]?.cells["tokens.elements"]).toEqual(result.attributions["tokens"]?.labels);
  });
  const page = readFileSync(place("reviews.html"), "utf8");
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("predictions (100.0 %) agree");
  expect(page).not.toContain("<script");
});

describe("what is interrupted", () => {
  const data = (): string => place("long.csv");

  test("a run that is killed continues where it stopped: the file has the same bytes, nothing is lost or doubled", async () => {
    repeated("long.csv", 5000, (line, row) => (row === 40 ? line.replace(/,\d+,/u, ",none,") : line));
    expect(run("batch", model, data(), "--out", place("whole.parquet")).code).toBe(0);
    const out = place("killed.parquet");
    const child = spawn(process.execPath, ["dist/cli.js", "batch", model, data(), "--out", out], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const finished = (): number => (existsSync(`${out}.parts`) ? readdirSync(`${out}.parts`).filter((name) => name.endsWith(".jsonl")).length : 0);
    while (finished() < 2 && child.exitCode === null) await pause(20);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(out)).toBe(false);
    expect(finished()).toBeLessThan(10);

    expect(run("batch", model, data(), "--out", out)).toMatchObject({ code: 1, err: expect.stringContaining("--resume") as string });
    expect(run("batch", model, data(), "--out", out, "--resume", "--target", "pos")).toMatchObject({
      code: 1,
      err: expect.stringContaining("the request changed") as string,
    });
    const { code, out: said } = run("batch", model, data(), "--out", out, "--resume");
    expect(code).toBe(0);
    expect(said).toMatch(/rows were done before/);
    expect(readFileSync(out).equals(readFileSync(place("whole.parquet")))).toBe(true);
    expect(readFileSync(`${out}.rejects.jsonl`, "utf8")).toBe(readFileSync(`${place("whole.parquet")}.rejects.jsonl`, "utf8"));
    expect((await read(out)).map((row) => Number(row.cells["row"]))).toEqual(Array.from({ length: 5000 }, (_, i) => i).filter((i) => i !== 40));
    expect(existsSync(`${out}.parts`)).toBe(false);
  }, 60_000);

  test.skipIf(process.platform === "win32")("a file that cannot grow ends the run with what to do, and what is finished is kept", () => {
    const small = repeated("small.csv", 1100);
    const out = place("full.csv");
    const limited = spawnSync("bash", ["-c", `ulimit -f 40; exec "$0" dist/cli.js batch ${model} "$1" --out "$2"`, process.execPath, small, out], {
      encoding: "utf8",
    });
    expect(limited.status).toBe(1);
    expect(limited.stderr).toMatch(/There is no room for .*\n.*--resume/);
    expect(run("batch", model, small, "--out", out, "--resume").code).toBe(0);
    expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(1101);
  });

  test("a run goes on only with the data, the model and the sidecar that it was begun with; or it is begun anew", () => {
    for (const name of ["model.onnx", "model.explain.json", "train.csv"]) cpSync(join("examples/diabetes", name), place(name));
    const own = place("model.onnx");
    const begun = repeated("begun.csv", 1100, (line, row) => (row < 512 ? line : "other"));
    const out = place("begun.parquet");
    expect(run("batch", own, begun, "--out", out).code).toBe(1);
    const goesOn = (): { readonly code: number | null; readonly err: string } => run("batch", own, begun, "--out", out, "--resume");
    const changed = (file: string, change: () => void, words: string): void => {
      const before = readFileSync(file);
      change();
      expect(goesOn()).toMatchObject({ code: 1, err: expect.stringContaining(`${words} changed since it was begun`) as string });
      expect(goesOn().err).toContain("--restart");
      writeFileSync(file, before);
    };
    changed(begun, () => appendFileSync(begun, `p1100,${samples[1] ?? ""}\n`), "the data");
    // One more entry of metadata_props: the same model, other bytes.
    changed(own, () => appendFileSync(own, Buffer.of(0x72, 6, 0x0a, 1, 0x61, 0x12, 1, 0x62)), "the model");
    changed(place("model.explain.json"), () => appendFileSync(place("model.explain.json"), "\n"), "model.explain.json");
    changed(place("train.csv"), () => appendFileSync(place("train.csv"), `${samples[1] ?? ""}\n`), "train.csv");
    // As it was, it goes on to where it stops again.
    expect(goesOn().err).toMatch(/All rows from (512|1024) /);
    repeated("begun.csv", 600);
    expect(run("batch", own, begun, "--out", out, "--restart")).toMatchObject({ code: 0, out: expect.stringContaining("600 rows") as string });
  });

  test("data that goes on in another form stops the run; it continues when that is meant", () => {
    const changed = repeated("changed.csv", 1536, (line, row) => (row < 1000 ? line : `${row};other;form`));
    const out = place("changed-out.csv");
    const { code, err } = run("batch", model, changed, "--out", out);
    expect(code).toBe(1);
    expect(err).toMatch(/changed\.csv:1026: All rows from 1024 to 1535 .*field,/);
    expect(run("batch", model, changed, "--out", out, "--resume", "--keep-going").code).toBe(0);
    const lines = readFileSync(`${out}.rejects.jsonl`, "utf8").trim().split("\n");
    expect(lines).toHaveLength(536);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      row: 1000,
      line: 1002,
      code: "SAMPLES_INVALID",
      reason: "Line 1002 has 1 field, but the first line has 10.",
    });
    expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(1001);
  });
});

test("bad rows are left out with their place and reason, the others explained as ever", async () => {
  const data = repeated("bad.csv", 30, (line, row) => (row === 23 ? "p23,1,2" : row === 7 ? line.replace(/,\d+,/u, ",many,") : line));
  const out = place("bad.parquet");
  expect(run("batch", model, data, "--out", out)).toMatchObject({ code: 0, out: expect.stringContaining("2 rows that could not be explained") as string });
  expect(
    readFileSync(`${out}.rejects.jsonl`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { row: 7, line: 9, code: "VALUE_NOT_A_NUMBER", reason: expect.stringContaining('"many"') as string },
    { row: 23, line: 25, code: "SAMPLES_INVALID", reason: "Line 25 has 3 fields, but the first line has 10." },
  ]);
  expect((await read(out)).map((row) => row.cells["id"])).toEqual(Array.from({ length: 30 }, (_, i) => `p${i}`).filter((id) => id !== "p7" && id !== "p23"));
});

test.each([
  ["no place to write", ["batch", model, "examples/diabetes/samples.csv"], 2, "--out"],
  ["an unknown kind of result", ["batch", model, "examples/diabetes/samples.csv", "--out", "x.xlsx"], 2, "ends in .parquet or .csv"],
  ["single rows", ["batch", model, "examples/diabetes/samples.csv", "--out", "x.csv", "--row", "1"], 2, "--row has no meaning"],
  ["several targets", ["batch", model, "examples/diabetes/samples.csv", "--out", place("x.csv"), "--target", "neg", "--target", "pos"], 1, "one target"],
  ["no such data", ["batch", model, "nowhere.csv", "--out", place("x.csv")], 1, "nowhere.csv does not exist"],
  ["a method that does not exist", ["batch", model, "examples/diabetes/samples.csv", "--out", place("x.csv"), "--method", "magic"], 1, "magic"],
  ["no such folder", ["batch", model, "examples/diabetes/samples.csv", "--out", place("none/x.csv")], 1, "could not be written"],
])("%s: said, and nothing is left behind", (_, args, code, words) => {
  const done = run(...args);
  expect(done.code).toBe(code);
  expect(done.err).toContain(words);
  expect(readdirSync(folder).filter((name) => name.startsWith("x.csv"))).toEqual([]);
});
