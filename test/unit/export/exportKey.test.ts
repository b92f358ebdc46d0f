import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exportKey } from "../../../src/export/exportKey.js";

const folder = mkdtempSync(join(tmpdir(), "export-key-"));
const source = join(folder, "network.py");
const weights = join(folder, "network.pt");
const facts = { name: "Net", arguments: { width: "8" }, shape: "a:number", packages: { torch: "2.13.0" } };

it("is the same while nothing changes that the file depends on", async () => {
  writeFileSync(source, "class Net: ...");
  writeFileSync(weights, "1");
  const key = await exportKey({ files: [source, weights], facts });
  expect(key).toMatch(/^[0-9a-f]{12}$/);
  expect(await exportKey({ files: [source, weights], facts: { ...facts } })).toBe(key);
  const { packages, shape, arguments: given, name } = facts;
  expect(await exportKey({ files: [source, weights], facts: { packages, shape, arguments: given, name } })).toBe(key);
});

it("is another one with other content, weights, class, arguments, shape of the samples or versions", async () => {
  const keys = [await exportKey({ files: [source, weights], facts })];
  keys.push(await exportKey({ files: [source], facts }));
  keys.push(await exportKey({ files: [source, weights], facts: { ...facts, name: "Other" } }));
  keys.push(await exportKey({ files: [source, weights], facts: { ...facts, arguments: { width: "9" } } }));
  keys.push(await exportKey({ files: [source, weights], facts: { ...facts, shape: "a:number, b:text" } }));
  keys.push(await exportKey({ files: [source, weights], facts: { ...facts, packages: { torch: "2.14.0" } } }));
  writeFileSync(weights, "2");
  keys.push(await exportKey({ files: [source, weights], facts }));
  writeFileSync(source, "class Net:  ...");
  keys.push(await exportKey({ files: [source, weights], facts }));
  expect(new Set(keys).size).toBe(keys.length);
});

it("does not take one file's end for the other's beginning, nor fail for a file that is gone", async () => {
  const [a, b] = [join(folder, "a"), join(folder, "b")];
  writeFileSync(a, "12");
  writeFileSync(b, "3");
  const key = await exportKey({ files: [a, b], facts: {} });
  writeFileSync(a, "1");
  writeFileSync(b, "23");
  expect(await exportKey({ files: [a, b], facts: {} })).not.toBe(key);
  expect(await exportKey({ files: [join(folder, "gone")], facts: {} })).toMatch(/^[0-9a-f]{12}$/);
});
