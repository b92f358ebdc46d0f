import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const model = "examples/diabetes/model.onnx";
const folder = mkdtempSync(join(tmpdir(), "cli-"));

function cli(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
  if (!existsSync("dist/cli.js") || !existsSync("dist/worker.cjs")) spawnSync(process.execPath, ["scripts/build.mjs"]);
});

describe("the command line", () => {
  it("explains as JSON", () => {
    const { code, out, err } = cli("explain", model, "--row", "0,3", "--target", "pos", "--baseline", "zero", "--format", "json");
    expect([code, err]).toEqual([0, ""]);
    const read = JSON.parse(out) as { schema: number; results: { row: number; attributions: { measurements: { data: number[] } } }[] };
    expect(read.schema).toBe(1);
    expect(read.results.map((r) => r.row)).toEqual([0, 3]);
    // The exact value of the reference case, to the default tolerance of half a percent of the largest credit.
    expect(Math.abs((read.results[0]?.attributions.measurements.data[1] ?? NaN) - 0.132210316)).toBeLessThan(0.00066);
  });

  it("writes a report that stands alone", () => {
    const file = join(folder, "why.html");
    expect(cli("explain", model, "--format", "html", "--out", file).code).toBe(0);
    const page = readFileSync(file, "utf8");
    expect(page).toContain("glucose");
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it("shows the bundled example", () => {
    const file = join(folder, "explanation.html");
    const { code, out } = cli("demo", "--out", file);
    expect(code).toBe(0);
    for (const part of ["glucose", "sigmoid1", "Averages over all 231 patients", "unit 0 of sigmoid1", "unit 3 of sigmoid1"]) expect(out).toContain(part);
    expect(readFileSync(file, "utf8")).toContain("Average conductance");
  });

  it("inspects, lists methods, tells its version", () => {
    const inspection = JSON.parse(cli("inspect", model, "--format", "json").out) as { inputs: { role: string }[] };
    expect(inspection.inputs[0]?.role).toBe("features");
    expect(cli("methods").out).toContain("integratedGradients");
    expect(cli("--version").out.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(cli("explain", "--help")).toMatchObject({ code: 0, err: "" });
  });

  it("finds the smallest change that flips the class", () => {
    const { code, out, err } = cli("flip", model, "--row", "0", "--format", "json");
    expect([code, err]).toEqual([0, ""]);
    const read = JSON.parse(out) as { found: boolean; changes: { label: string; from: number; to: number }[]; edits: { measurements: { values: number[] } } };
    expect(read).toMatchObject({ schema: 1, found: true, minimal: true, goal: { kind: "otherClass", from: 0 } });
    expect(read.changes).toMatchObject([{ label: "glucose", from: 134 }]);
    const flipped = cli("explain", model, "--input", `measurements=${JSON.stringify(read.edits.measurements.values)}`, "--format", "json");
    expect((JSON.parse(flipped.out) as { results: { target: { label: string } }[] }).results[0]?.target.label).toBe("pos");
    const table = cli("flip", model, "--row", "0", "--to", "pos", "--only", "measurements", "--runs", "2000").out;
    expect(table).toMatch(/neg 75\.1 % → pos 5\d\.\d % with one change\.\n\n {2}glucose {2}134 → 1\d\d {2}\d\.\d+\n/u);
    expect(cli("flip", model, "--to", "neg")).toMatchObject({ code: 1, err: expect.stringContaining("predicts neg already") as string });
    expect(cli("flip", model, "--method", "saliency")).toMatchObject({
      code: 2,
      err: expect.stringContaining("See: explain-prediction flip --help") as string,
    });
    expect(cli("flip", model, "--runs", "many").code).toBe(2);
  });

  it("runs reference cases and counts them", () => {
    const report = join(folder, "report.json");
    const { code, out } = cli("conformance", "--filter", "diabetes.json ig-", "--report", report);
    expect(code).toBe(0);
    const [, passed] = /^(\d+) passed, 0 failed$/m.exec(out) ?? [];
    expect(JSON.parse(readFileSync(report, "utf8"))).toHaveLength(Number(passed));
    expect(Number(passed)).toBeGreaterThan(5);
  });

  it.each([
    [["explain"], 2],
    [["frobnicate"], 2],
    [[], 2],
    [["explain", model, "--nonsense"], 2],
    [["explain", model, "--row", "-"], 2],
    [["explain", "missing.onnx"], 1],
    [["explain", model, "--target", "nobody"], 1],
    [["conformance", "--cases", "nowhere"], 1],
  ] as const)("exits %j with %d", (args, code) => {
    expect(cli(...args).code).toBe(code);
  });

  it("gives an error as JSON on stdout and in words on stderr", () => {
    const file = join(folder, "text.csv");
    writeFileSync(file, readFileSync("examples/diabetes/samples.csv", "utf8").replace("134", "high"));
    const { code, out, err } = cli("explain", model, file, "--format", "json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "VALUE_NOT_A_NUMBER", file, line: 2 } });
    expect(err).toContain('"high"');
    expect(err).not.toContain("    at ");
  });
});
