// npm test: sets up, then every suite; ends with one line "N passed, N failed".
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run, runModule } from "./run.mjs";
import { setUp } from "./setup.mjs";
import { thisTarget } from "./package/targets.mjs";

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ name: string, needs: readonly ("packages" | "browser" | "workbench")[], run: () => Promise<Count> }} Suite */

/** @type {readonly Suite[]} */
const suites = [
  { name: "lint", needs: ["packages"], run: () => one(run(process.execPath, ["scripts/lint.mjs"])) },
  { name: "types", needs: ["packages"], run: () => one(runModule("typescript/bin/tsc", ["-b"])) },
  { name: "build", needs: ["packages"], run: () => one(run(process.execPath, ["scripts/build.mjs"])) },
  { name: "unit, gradients, golden, properties", needs: ["packages"], run: () => vitest("unit", []) },
  { name: "reference cases", needs: ["packages"], run: conformance },
  { name: "packaging", needs: ["packages"], run: packaging },
  { name: "extension in VS Code", needs: ["packages", "browser", "workbench"], run: () => vitest("e2e", ["--config", "vitest.e2e.config.ts"]) },
];

const missing = await setUp("everything");
mkdirSync(join(root, ".cache"), { recursive: true });
const total = { passed: 0, failed: 0 };
for (const suite of suites) {
  console.log(`\n── ${suite.name} ──`);
  const lacks = suite.needs.flatMap((part) => missing[part] ?? []);
  if (lacks.length > 0) {
    console.error(`Could not run. ${lacks.join(" ")}`);
    total.failed += 1;
    continue;
  }
  const started = Date.now();
  const { passed, failed } = await suite.run();
  total.passed += passed;
  total.failed += failed;
  console.log(`${suite.name}: ${passed} of ${passed + failed} in ${Math.round((Date.now() - started) / 1000)} s`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/**
 * @param {Promise<number>} code
 * @returns {Promise<Count>}
 */
async function one(code) {
  return (await code) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function vitest(name, args) {
  const report = join(root, `.cache/${name}-tests.json`);
  rmSync(report, { force: true });
  const code = await runModule("vitest/vitest.mjs", ["run", ...args, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
  // A file that does not load has no failed test of its own, and a run that found no test has tested nothing.
  const failed = Math.max(numFailedTests, numFailedTests === 0 ? numFailedTestSuites : 0, code === 0 ? 0 : 1, numPassedTests === 0 ? 1 : 0);
  return { passed: numPassedTests, failed };
}

/** @returns {Promise<Count>} */
async function conformance() {
  const report = join(root, ".cache/conformance.json");
  rmSync(report, { force: true });
  const code = await run(process.execPath, [
    "dist/cli.js",
    "conformance",
    "--cases",
    "test/fixtures/reference/cases",
    "--models",
    "test/fixtures/reference",
    "--report",
    report,
  ]);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  /** @type {{ ok: boolean }[]} */
  const cases = JSON.parse(readFileSync(report, "utf8"));
  const passed = cases.filter((c) => c.ok).length;
  return { passed, failed: Math.max(cases.length - passed, code === 0 && cases.length > 0 ? 0 : 1) };
}

/** @param {string} file */
function hashOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** @returns {Promise<Count>} */
async function packaging() {
  if (thisTarget === undefined) {
    console.error(`There is no ONNX Runtime binary for ${process.platform}-${process.arch}.`);
    return { passed: 0, failed: 1 };
  }
  const { packageTarget } = await import("./package.mjs");
  const { checkPackage } = await import("./package/check.mjs");
  const file = await packageTarget(thisTarget);
  if (file === undefined) return { passed: 0, failed: 1 };
  const problems = checkPackage(file, thisTarget);
  // Packed again somewhere else in time and place: the same commit gives the same bytes.
  const first = hashOf(file);
  const zone = process.env["TZ"];
  process.env["TZ"] = "Pacific/Apia";
  await packageTarget(thisTarget);
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
  if (hashOf(file) !== first) problems.push("Packing twice gave two different packages");
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: problems.length };
}
