import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withLimits } from "../../../src/base/limits.js";
import { readText } from "../../../src/base/readText.js";
import { openSamples } from "../../../src/data/samples.js";
import { openTokenizer } from "../../../src/data/tokenizer.js";
import { loadSidecar, parseSidecar } from "../../../src/explain/sidecar.js";
import { openModel } from "../../../src/runtime/open.js";

const folder = mkdtempSync(join(tmpdir(), "explain-text-"));
afterAll(() => rmSync(folder, { recursive: true }));
const code = (expected: string): unknown => expect.objectContaining({ diagnostic: expect.objectContaining({ code: expected }) as unknown });

test("a text file is read, and what is none is not: nothing, a folder, more than the limit", async () => {
  const file = join(folder, "a.txt");
  writeFileSync(file, "é".repeat(600_000));
  mkdirSync(join(folder, "b.txt"));
  expect((await readText(file))?.length).toBe(600_000);
  expect(await withLimits({ sampleMegabytes: 1 }, () => readText(file))).toBeUndefined();
  expect(await readText(join(folder, "b.txt"))).toBeUndefined();
  expect(await readText(join(folder, "c.txt"))).toBeUndefined();
});

// Windows has neither under a file's name.
const endless = process.platform === "win32" ? [] : ["a pipe", "a device behind a link"];

test.each(endless)("%s in a file's place is refused, not waited for", async (kind) => {
  const place = mkdtempSync(join(folder, "endless-"));
  const make = (name: string): string => {
    const file = join(place, name);
    if (kind === "a pipe") execFileSync("mkfifo", [file]);
    else symlinkSync("/dev/zero", file);
    return file;
  };
  await expect(openModel(make("model.onnx"))).rejects.toEqual(code("NOT_A_MODEL"));
  make("model.explain.json");
  await expect(loadSidecar(join(place, "model.onnx"))).rejects.toEqual(code("SIDECAR_INVALID"));
  await expect(openTokenizer(make("tokenizer.json"))).rejects.toEqual(code("FILE_NOT_FOUND"));
  await expect(openSamples(make("samples.csv"))).rejects.toEqual(code("SAMPLES_INVALID"));
});

test.each([70, 100_000])("a sidecar of %i levels is refused where it gets too deep, without running out of stack", (levels) => {
  for (const [open, close] of [
    ['{"a":', "}"],
    ["[", "]"],
  ] as const)
    expect(() => parseSidecar(`{ // [[[\n"labels": ${open.repeat(levels)}0${close.repeat(levels)} }`, join(folder, "m.explain.json"))).toThrow(
      expect.objectContaining({ diagnostic: expect.objectContaining({ code: "SIDECAR_INVALID", line: 2 }) as unknown }) as Error,
    );
});
