import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptMean } from "../../../src/explain/baseline/keptMean.js";
import { explain } from "../../../src/explain/explain.js";
import { readSetting } from "../../../src/explain/setting.js";
import { openModel } from "../../../src/runtime/open.js";
import type { OpenModel } from "../../../src/runtime/openModel.js";
import type { Tensor } from "../../../src/tensor/tensor.js";

let folder: string;
let opened: OpenModel;
const place = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kept-mean-"));
  cpSync("examples/diabetes", folder, { recursive: true });
  opened = await openModel(place("model.onnx"));
});

afterEach(async () => {
  await opened.dispose();
  rmSync(folder, { recursive: true });
});

/** The score at the baseline: the training file's mean. */
const atMean = async (): Promise<number | null | undefined> => {
  const { results } = await explain({ model: opened.file, rows: [0] }, () => Promise.resolve(opened));
  return results[0]?.baselineScore;
};

test("the mean is made once for as long as nothing changes", async () => {
  let made = 0;
  const mean: Tensor = { dtype: "float32", dims: [1, 1], data: Float32Array.of(3) };
  const ask = async (): Promise<Tensor> => {
    // Each request reads its setting anew.
    const setting = await readSetting({ model: opened.file }, opened);
    const [slot] = setting.slots;
    if (slot === undefined) throw new Error("the model has no input");
    return keptMean(setting, slot, place("train.csv"), () => {
      made++;
      return made === 1 ? Promise.reject(new Error("locked")) : Promise.resolve(mean);
    });
  };
  await expect(ask()).rejects.toThrow("locked");
  expect(await ask()).toBe(mean);
  expect(await ask()).toBe(mean);
  expect(made).toBe(2);
});

test("another training file and other columns have a mean of their own", async () => {
  const before = await atMean();
  expect(await atMean()).toBe(before);
  const lines = readFileSync(place("train.csv"), "utf8").split("\n");
  writeFileSync(place("train.csv"), lines.slice(0, 20).join("\n"));
  const shorter = await atMean();
  expect(shorter).not.toBe(before);
  const sidecar = readFileSync(place("model.explain.json"), "utf8");
  writeFileSync(place("model.explain.json"), sidecar.replace('"pregnant", "glucose", "pressure"', '"glucose", "pregnant", "pressure"'));
  expect(await atMean()).not.toBe(shorter);
  writeFileSync(place("model.explain.json"), sidecar);
  writeFileSync(place("train.csv"), lines.join("\n"));
  expect(await atMean()).toBe(before);
});
