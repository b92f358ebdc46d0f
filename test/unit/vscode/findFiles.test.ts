import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findModels, modelsBeside, samplesBeside } from "../../../src/vscode/findFiles.js";

const root = mkdtempSync(join(tmpdir(), "find-files-"));
const names = (files: readonly string[]): string[] => files.map((file) => relative(root, file));

beforeAll(() => {
  for (const file of [
    "deep/er/c.onnx",
    "deep/b.ONNX",
    "deep/b.onnx.data",
    "node_modules/x/d.onnx",
    "a.onnx",
    "train.csv",
    "zebra.csv",
    "samples.jsonl",
    "tokenizer.json",
    "a.explain.json",
    "package.json",
    "notes.md",
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  symlinkSync(root, join(root, "deep/loop"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("models come nearest first, packages are skipped, a loop of links ends", async () =>
  expect(names(await findModels([root]))).toEqual(["a.onnx", "deep/b.ONNX", "deep/er/c.onnx"]));

test("a folder that does not exist has no models", async () => expect(await findModels([join(root, "none")])).toEqual([]));

test("samples beside a model: likely ones first, the training rows last, configuration never", async () =>
  expect(names(await samplesBeside(join(root, "a.onnx")))).toEqual(["samples.jsonl", "zebra.csv", "train.csv"]));

test("models beside a sample file", async () => expect(names(await modelsBeside(join(root, "train.csv")))).toEqual(["a.onnx"]));

test("of exports of one source the newest is listed; samples and source of an export are those beside the source", async () => {
  const exported = mkdtempSync(join(tmpdir(), "exported-"));
  const place = (key: string): string => join(exported, ".explain", "deep", key, "net.onnx");
  for (const [key, seconds] of [
    ["aaaaaaaaaaaa", 30],
    ["bbbbbbbbbbbb", 50],
    ["cccccccccccc", 40],
  ] as const) {
    mkdirSync(dirname(place(key)), { recursive: true });
    writeFileSync(place(key), "");
    utimesSync(place(key), seconds, seconds);
  }
  mkdirSync(join(exported, "deep"));
  writeFileSync(join(exported, "deep/samples.csv"), "");
  writeFileSync(join(exported, "deep/net.onnx"), "");
  expect(await findModels([exported])).toEqual([join(exported, "deep/net.onnx"), place("bbbbbbbbbbbb")]);
  expect(await samplesBeside(place("aaaaaaaaaaaa"))).toEqual([join(exported, "deep/samples.csv")]);
  rmSync(exported, { recursive: true });
});
