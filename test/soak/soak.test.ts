import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("calls, cancellations, changing files and dying threads in any order leave nothing open, and memory does not grow", () => {
  // A part of `npm run soak`, which takes 500 explanations and 1,000 interleavings of any seed.
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/soak.mjs", "--explanations", "30", "--interleavings", "10", "--seed", "1"], {
    encoding: "utf8",
  });
  expect(stdout + stderr).toContain("11 passed, 0 failed");
  expect(status).toBe(0);
}, 300_000);
