import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
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

test.each(["weights.bin", "data/more.bin", "./weights.bin", "data/../weights.bin", "not there yet.bin", "own", "..weights", "%2e%2e"])(
  "%s stays inside",
  (path) => {
    expect(staysInside(folder, path)).toBe(true);
  },
);

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
])("%j leads out", (path) => {
  expect(staysInside(folder, path)).toBe(false);
});

test("a folder that is reached through a link is itself", () => {
  expect(staysInside(join(home, "alias"), "weights.bin")).toBe(true);
  expect(staysInside(join(home, "alias"), "linked/key")).toBe(false);
});
