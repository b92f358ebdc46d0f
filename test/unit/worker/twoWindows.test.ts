import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleForNode } from "../../../scripts/bundle.mjs";
import { createCrashMemory } from "../../../src/worker/crashMemory.js";

const folder = mkdtempSync(join(tmpdir(), "two-windows-"));
const windows = 3;
const times = 40;
let modules: Readonly<Record<"journal" | "crashMemory" | "putInPlace", string>>;

beforeAll(async () => {
  mkdirSync(".cache", { recursive: true });
  const place = basename(mkdtempSync(".cache/windows-"));
  const bundle = (entry: string): Promise<string> => bundleForNode(entry, join(place, `${basename(entry, ".ts")}.mjs`));
  modules = {
    journal: await bundle("src/worker/batch/journal.ts"),
    crashMemory: await bundle("src/worker/crashMemory.ts"),
    putInPlace: await bundle("src/export/putInPlace.ts"),
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(".cache", basename(join(modules.journal, ".."))), { recursive: true });
});

/** Runs a module's body in several processes that begin together, each with its number in `me`, and gives what each printed as JSON. None ends before all are done. */
async function together(body: string): Promise<readonly unknown[]> {
  const started = Array.from({ length: windows }, (_, me) => {
    const script = `const me = ${me}, times = ${times}, folder = ${JSON.stringify(folder)};
      process.stdout.write("ready\\n");
      await new Promise((go) => process.stdin.once("data", go));
      ${body}
      process.stdin.once("data", () => process.exit());`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    const lines = (n: number): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const all = text.split("\n");
          if (all.length > n) resolve(all[n - 1] ?? "");
        };
        child.stdout.on("data", (chunk) => ((text += String(chunk)), look()));
        child.on("close", (code) => reject(new Error(`A process ended with ${code} after "${text}".`)));
        look();
      });
    return { child, lines };
  });
  await Promise.all(started.map(({ lines }) => lines(1)));
  for (const { child } of started) child.stdin.write("go");
  const answers = await Promise.all(started.map(({ lines }) => lines(2)));
  for (const { child } of started) child.stdin.write("end");
  return answers.map((line) => JSON.parse(line) as unknown);
}

test("a run belongs to one of the windows that begin or continue it at the same moment, also where a lock was left behind by a process that is gone", async () => {
  // Processes that are gone, also in the moment between making the lock and writing their number into it.
  for (const [k, holder] of Array.from({ length: times }, (_, i) => (i % 2 === 0 ? undefined : i % 9 === 0 ? "" : "999999999")).entries()) {
    if (holder === undefined) continue;
    mkdirSync(join(folder, `${k}.csv.parts`));
    writeFileSync(join(folder, `${k}.csv.parts`, "running"), holder);
  }
  const won = (await together(`
    const { beginJournal } = await import(${JSON.stringify(modules.journal)});
    const won = [], codes = new Set();
    for (let k = 0; k < times; k++)
      await beginJournal(folder + "/" + k + ".csv", { version: 1, total: 0, chunk: 1, by: me }).then(() => won.push(k), (error) => codes.add(error.diagnostic?.code ?? String(error)));
    console.log(JSON.stringify({ won, codes: [...codes] }));`)) as readonly { readonly won: readonly number[]; readonly codes: readonly string[] }[];
  expect(won.flatMap((one) => one.won).sort((a, b) => a - b)).toEqual(Array.from({ length: times }, (_, k) => k));
  expect(new Set(won.flatMap(({ codes }) => codes))).toEqual(new Set(["FILE_EXISTS"]));
  for (const [me, one] of won.entries())
    for (const k of one.won) expect(JSON.parse(readFileSync(join(folder, `${k}.csv.parts`, "plan.json"), "utf8"))).toMatchObject({ by: me });
  // Nothing else is left in the folders.
  expect(readdirSync(join(folder, "1.csv.parts")).sort()).toEqual(["plan.json", "running"]);
});

test("crashes that several windows remember at once are all remembered, and no more than are kept", async () => {
  const notes = join(folder, "crashes");
  await together(`
    const { createCrashMemory } = await import(${JSON.stringify(modules.crashMemory)});
    const crashes = createCrashMemory(${JSON.stringify(notes)});
    for (let k = 0; k < times; k++) {
      crashes.running("/m/" + me + "-" + k + ".onnx");
      crashes.remember("/m/" + me + "-" + k + ".onnx");
    }
    crashes.running(undefined);
    console.log("{}");`);
  const crashes = createCrashMemory(notes);
  expect(crashes.found).toEqual([]);
  for (let me = 0; me < windows; me++) for (let k = 0; k < times; k++) expect(crashes.crashed(`/m/${me}-${k}.onnx`)).toBe(true);
  for (let k = 0; k < 100; k++) crashes.remember(`/later/${k}.onnx`);
  expect(readdirSync(notes)).toHaveLength(200);
  expect(crashes.crashed("/later/99.onnx")).toBe(true);
});

test("the same export put into its place by several windows at once is there, complete, and nothing else", async () => {
  const cache = join(folder, "explain");
  mkdirSync(cache);
  const answers = await together(`
    const { mkdirSync, writeFileSync, existsSync } = await import("node:fs");
    const { putInPlace } = await import(${JSON.stringify(modules.putInPlace)});
    const failures = [];
    for (let k = 0; k < times; k++) {
      const place = ${JSON.stringify(cache)} + "/" + k, part = place + ".part-" + me;
      mkdirSync(part);
      for (const name of ["model.onnx", "export.json"]) writeFileSync(part + "/" + name, name);
      await putInPlace(part, place, async () => existsSync(place + "/export.json")).catch((error) => failures.push(String(error)));
      if (existsSync(part)) (await import("node:fs")).rmSync(part, { recursive: true });
    }
    console.log(JSON.stringify(failures));`);
  expect(answers).toEqual(Array.from({ length: windows }, () => []));
  expect(readdirSync(cache)).toHaveLength(times);
  for (const name of readdirSync(cache)) expect(readdirSync(join(cache, name)).sort()).toEqual(["export.json", "model.onnx"]);
});
