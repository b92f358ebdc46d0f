import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { DiagnosticCode } from "../../../src/base/diagnostic.js";
import { limitNames, limitOf, limitTable, readLimit, withLimits, type LimitName } from "../../../src/base/limits.js";
import { takeLimits } from "../../../src/cli/limits.js";
import { rowsOf } from "../../../src/cli/explainArguments.js";
import type { AudioFormat } from "../../../src/data/media/audioFormat.js";
import type { ImageFormat } from "../../../src/data/media/imageFormat.js";
import { readMedia } from "../../../src/data/media/readMedia.js";
import { readImage } from "../../../src/data/media/readImage.js";
import { readSound } from "../../../src/data/media/readSound.js";
import { openSamples, readRows } from "../../../src/data/samples.js";
import { explain } from "../../../src/explain/explain.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { openModel } from "../../../src/runtime/open.js";
import { checkedSize } from "../../../src/tensor/checkedSize.js";

const folder = mkdtempSync(join(tmpdir(), "explain-limits-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => resolve("examples", name);

async function ask(request: ExplainRequest): Promise<unknown> {
  const opened: Awaited<ReturnType<typeof openModel>>[] = [];
  try {
    return await explain(request, async (file) => {
      const model = await openModel(file, { threads: 1 });
      opened.push(model);
      return model;
    });
  } finally {
    for (const model of opened) await model.dispose();
  }
}

const data = (name: string): string => resolve("test/fixtures/data", name);
const twoPictures = (): string => {
  const pictures = join(folder, "pictures");
  mkdirSync(pictures);
  for (const name of ["a.png", "b.png"]) copyFileSync(data("picture.png"), join(pictures, name));
  return pictures;
};
const diabetes: ExplainRequest = { model: at("diabetes/model.onnx"), samples: at("diabetes/samples.csv"), rows: [0, 1, 2], method: "saliency" };
const review: ExplainRequest = { model: at("review-profile/model.onnx"), rows: [0], method: "saliency" };
const write = (name: string, bytes: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};
const picture: ImageFormat = { layout: "NCHW", colours: "rgb", height: 4, width: 4, fit: "stretch", resample: "bilinear", range: [0, 1], mean: [0], std: [1] };

/** For every limit: something real that is fine by default and refused, by name, when the limit is set below it. */
const cases: Readonly<Record<LimitName, { readonly set: number; readonly code?: DiagnosticCode; readonly run: () => unknown }>> = {
  modelMegabytes: { set: 1, run: () => openModel(write("large.onnx", new Uint8Array(2 ** 20 + 1))) },
  sampleMegabytes: { set: 1, code: "SAMPLES_INVALID", run: () => openSamples(write("large.json", `[{"a":1}${" ".repeat(2 ** 20)}]`)) },
  mediaMegabytes: { set: 1, code: "SAMPLES_INVALID", run: () => readMedia(write("large.wav", new Uint8Array(2 ** 20 + 1)), "sound") },
  pixels: { set: 3, code: "SAMPLES_INVALID", run: () => readImage(data("picture.png"), picture) },
  soundSamples: {
    set: 10,
    code: "SAMPLES_INVALID",
    run: () => Promise.all(["tone.wav", "tone.flac"].map((name) => readSound(data(name), { rate: null } as AudioFormat))),
  },
  folderFiles: { set: 1, code: "SAMPLES_INVALID", run: () => openSamples(twoPictures()) },
  rows: { set: 2, run: () => ask(diabetes) },
  tokens: { set: 3, run: () => ask(review) },
  tensorMegabytes: { set: 1, run: async () => Promise.resolve(checkedSize([2 ** 20], 4, "The input x")) },
  unrollSteps: { set: 1, code: "UNSUPPORTED_OPERATOR", run: () => ask(review) },
  planNodes: { set: 3, run: () => ask(diabetes) },
  memoryMegabytes: {
    set: 1,
    run: () => withLimits({ memoryMegabytes: 1 }, () => ask({ model: at("digits/model.onnx"), rows: [0], method: "integratedGradients" })),
  },
};

test.each(limitNames)("%s: what is beyond it is refused by name, before it is taken", async (name) => {
  const { set, code = "LIMIT_EXCEEDED", run } = cases[name];
  const refusal: unknown = await Promise.resolve(withLimits({ [name]: set }, run)).then(
    () => "nothing was refused",
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({ diagnostic: { code } });
  expect(JSON.stringify(refusal)).toContain(`explainPrediction.limits.${name}`);
  // The limit is gone with the call that it was for.
  expect(limitOf(name)).toBe(limitTable[name].default);
});

test("the settings are the table's: names, defaults, ranges, out of a workspace's reach, and each described", () => {
  const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
    contributes: { configuration: { properties: Record<string, Record<string, unknown>> } };
  };
  const words = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
  const prefix = "explainPrediction.limits.";
  const settings = Object.entries(contributes.configuration.properties).filter(([name]) => name.startsWith(prefix));
  expect(settings.map(([name]) => name.slice(prefix.length))).toEqual(limitNames);
  for (const [i, [, setting]] of settings.entries()) {
    const name = limitNames[i] ?? "rows";
    const { default: usual, most } = limitTable[name];
    expect(setting).toMatchObject({ default: usual, maximum: most, minimum: usual === 0 ? 0 : 1, scope: "machine" });
    expect(words[`setting.limits.${name}`]).toContain(limitTable[name].unit);
  }
});

test("sizes are multiplied without wrapping around", () => {
  expect(checkedSize([0, 2 ** 52], 4, "x")).toBe(0);
  expect(checkedSize([], 8, "x")).toBe(1);
  for (const dims of [
    [2 ** 32, 2 ** 32],
    [65_536, 65_536, 65_536, 65_536],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    Array.from({ length: 200 }, () => 1e9),
  ])
    expect(() => checkedSize(dims, 1, "x")).toThrow(/MB; the limit is 2048/);
});

test("what is no limit counts as unset", () => {
  for (const value of [0, -1, 1.5, NaN, Infinity, "7", null, undefined, {}, 2 ** 53]) expect(readLimit("rows", value)).toBeUndefined();
  expect(readLimit("rows", 7)).toBe(7);
  expect(readLimit("memoryMegabytes", 0)).toBe(0);
});

test("--limit is taken from anywhere in a command's arguments", () => {
  expect(takeLimits(["m.onnx", "--limit", "rows=5", "s.csv", "--limit=tokens=9"])).toEqual({ limits: { rows: 5, tokens: 9 }, args: ["m.onnx", "s.csv"] });
  for (const args of [["--limit"], ["--limit", "rows"], ["--limit", "rows=0"], ["--limit", "rows=1e99"], ["--limit", "__proto__=1"], ["--limit", "row=5"]])
    expect(() => takeLimits(args)).toThrow(/--limit/);
  expect(() => takeLimits(["--limit", "row=5"])).toThrow(/Did you mean rows/);
});

test("a range of rows is refused before it is written out, and many rows are read without running out of stack", async () => {
  expect(() => rowsOf("0-99999999999")).toThrow(/rows; the limit is 1000000/);
  const file = write("many.csv", `a\n${"1\n".repeat(200_000)}`);
  const samples = await openSamples(file);
  try {
    expect(
      await readRows(
        samples,
        Array.from({ length: 200_000 }, (_, i) => i),
      ),
    ).toHaveLength(200_000);
  } finally {
    await samples.close();
  }
});
