// npm run test:electron: the in-host suite in a desktop VS Code, for machines that can download one.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisTarget } from "./package/targets.mjs";
import { root } from "./root.mjs";
import { setUp } from "./setup.mjs";

const missing = await setUp("packages");
if (missing.packages !== undefined || thisTarget === undefined) {
  console.error(missing.packages ?? `There is no ONNX Runtime binary for ${process.platform}-${process.arch}.`);
  process.exit(1);
}
const { runTests } = await import("@vscode/test-electron");
const { buildAll } = await import("./build.mjs");
const { stage } = await import("./package/stage.mjs");
const { buildInHostSuite, inHostResults } = await import("./inHostSuite.mjs");

const problems = await buildAll();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), "explain-electron-"));
try {
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  await runTests({
    // VSCODE names an installed program to use instead of a download; VSCODE_VERSION a version to download.
    ...(process.env.VSCODE === undefined ? { version: process.env.VSCODE_VERSION ?? "stable" } : { vscodeExecutablePath: process.env.VSCODE }),
    cachePath: join(root, ".cache/vscode"),
    extensionDevelopmentPath: stage(thisTarget),
    extensionTestsPath: await buildInHostSuite(),
    launchArgs: [join(folder, "examples"), "--disable-extensions", "--disable-workspace-trust", "--user-data-dir", join(folder, "data")],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error("Where VS Code can't be downloaded or has no display, `npm run test:vscode` runs the same suite in a browser.");
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** @type {readonly { name: string, error?: string }[]} */
const results = existsSync(inHostResults) ? JSON.parse(readFileSync(inHostResults, "utf8")) : [];
for (const { name, error } of results) console.log(`${error === undefined ? "ok    " : "failed"} ${name}${error === undefined ? "" : `: ${error}`}`);
const failed = results.filter(({ error }) => error !== undefined).length;
console.log(`${results.length - failed} passed, ${results.length === 0 ? 1 : failed} failed`);
