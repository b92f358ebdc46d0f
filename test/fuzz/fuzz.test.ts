import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("broken models, samples, sidecars and vocabularies end in a value or a diagnostic", () => {
  // A part of `npm run fuzz`, which takes 10,000.
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/fuzz.mjs", "--count", "240"], { encoding: "utf8" });
  expect(stdout + stderr).toContain("240 passed, 0 failed");
  expect(status).toBe(0);
}, 300_000);
