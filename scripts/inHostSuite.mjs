import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./root.mjs";

/** Where the suite leaves its results. */
export const inHostResults = join(root, ".cache/inhost/results.json");

/**
 * Bundles the tests that run inside the extension host (test/e2e/inhost), for the workbench in the browser and for the desktop VS Code alike.
 * Results of an earlier run go.
 * @returns {Promise<string>} the bundle, which exports `run`
 */
export async function buildInHostSuite() {
  const outfile = join(root, ".cache/inhost/suite.cjs");
  rmSync(inHostResults, { force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["test/e2e/inhost/suite.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode"],
    logLevel: "warning",
  });
  return outfile;
}
