import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import type * as PathModule from "node:path";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { staysInside } from "../../../src/base/inside.js";

const home = mkdtempSync(join(tmpdir(), "explain-inside-"));
const folder = join(home, "model");
mkdirSync(join(folder, "data"), { recursive: true });
mkdirSync(join(home, "model-secret"));
writeFileSync(join(home, "model-secret", "key"), "secret");
writeFileSync(join(folder, "weights.bin"), "");
symlinkSync(join(home, "model-secret"), join(folder, "linked"));
symlinkSync(join(folder, "weights.bin"), join(folder, "own"));
symlinkSync(folder, join(home, "alias"));

test.each([
  "weights.bin",
  "data/more.bin",
  "./weights.bin",
  "data/../weights.bin",
  "not there yet.bin",
  "own",
  "..weights",
  "%2e%2e",
  "a%2f..%2fb",
  "..%5cw",
  "console.bin",
  "nullable",
  "company",
  "a.nul",
])("%s stays inside", (path) => {
  expect(staysInside(folder, path)).toBe(true);
});

test.each([
  "",
  "..",
  "../model-secret/key",
  "data/../../model-secret/key",
  "linked/key",
  "linked/not there",
  join(folder, "weights.bin"),
  "/etc/hostname",
  "..\\model-secret\\key",
  "\\\\host\\share\\w",
  "//host/share/w",
  "C:\\weights.bin",
  "c:weights.bin",
  "weights.bin\0.txt",
  "NUL",
  "con.bin",
  "data/Aux",
  "COM1:",
  "lpt9 .bin",
  "...",
  ".. /model-secret/key",
  "data/. ./key",
])("%j leads out", (path) => {
  expect(staysInside(folder, path)).toBe(false);
});

test("a folder that is reached through a link is itself", () => {
  expect(staysInside(join(home, "alias"), "weights.bin")).toBe(true);
  expect(staysInside(join(home, "alias"), "linked/key")).toBe(false);
});

// The same function with Windows' rules for paths. What it asks of the disk is not there: links are a matter of the real system.
const onWindows = async (): Promise<typeof staysInside> => {
  vi.resetModules();
  vi.doMock("node:path", async () => {
    const { win32 } = await vi.importActual<typeof PathModule>("node:path");
    return { ...win32, default: win32 };
  });
  return (await import("../../../src/base/inside.js")).staysInside;
};
afterAll(() => {
  vi.doUnmock("node:path");
  vi.resetModules();
});

test.each(["C:\\models\\m", "c:/models/m", "\\\\server\\share\\models"])("on Windows, from %s", async (place) => {
  const inside = await onWindows();
  for (const path of ["weights.bin", "data\\more.bin", "data/more.bin", "DATA/../Weights.BIN"]) expect(inside(place, path), path).toBe(true);
  for (const path of ["..\\w", "data\\..\\..\\w", "D:w", "D:\\w", "\\\\host\\share\\w", "\\\\?\\C:\\w", "\\w", "w.bin:stream", "w.bin::$DATA", "NUL.txt"])
    expect(inside(place, path), path).toBe(false);
});
