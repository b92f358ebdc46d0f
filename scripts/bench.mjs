// Times our work against the bare forward pass and, given a Python with Captum, against Captum on the same machine in the same run.
//   npm run bench [-- --captum PYTHON [--script captum_bench.py]]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "./root.mjs";

const { values } = parseArgs({ options: { captum: { type: "string" }, script: { type: "string" } } });
await build({
  entryPoints: [resolve(root, "scripts/bench/workloads.ts")],
  outfile: resolve(root, ".cache/bench.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});

/** @typedef {{ name: string, points: number, compile: number, milliseconds: number, forward: number, captum: string, goal?: number }} Result */

/** @type {{ load: number, results: Result[] }} */
const ours = JSON.parse(run(process.execPath, [resolve(root, ".cache/bench.mjs"), resolve(root, "examples/diabetes/model.onnx")]));
const captum =
  values.captum === undefined
    ? {}
    : captumTimes(
        values.captum,
        values.script ?? resolve(root, "../shared/bench/captum_bench.py"),
        ours.results.map((r) => r.captum),
      );

console.log(`model loaded in ${ours.load.toFixed(1)} ms\n`);
const columns = ["", "points", "first ms", "ms", "forwards", "Captum ms", "faster", "goal"];
const lines = ours.results.map((r) => {
  const theirs = captum[r.captum]?.milliseconds;
  return [
    r.name,
    r.points,
    r.compile.toFixed(1),
    r.milliseconds.toFixed(3),
    (r.milliseconds / r.forward).toFixed(1),
    theirs?.toFixed(2) ?? "-",
    theirs === undefined ? "-" : `${(theirs / r.milliseconds).toFixed(1)} x`,
    r.goal === undefined ? "" : `${r.goal} x`,
  ].map(String);
});
const widths = columns.map((c, i) => Math.max(c.length, ...lines.map((l) => l[i]?.length ?? 0)));
for (const line of [columns, ...lines]) console.log(line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "));
console.log('\n"first ms" is paid once per model and method (compiling the plan); "forwards" is the time in units of one bare forward pass of the same rows.');

/**
 * Captum's time for each of the named workloads, measured by a Python script that prints JSON.
 * @param {string} python
 * @param {string} script
 * @param {readonly string[]} names
 * @returns {Record<string, { milliseconds: number }>}
 */
function captumTimes(python, script, names) {
  if (!existsSync(script)) throw new Error(`There is no Captum bench script at "${script}"; name it with --script.`);
  return JSON.parse(run(python, [script, "--only", [...new Set(names)].join(",")]));
}

/**
 * What a program prints. Throws when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  const { status, stdout, error } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26 });
  if (status !== 0) throw error ?? new Error(`${command} ended with exit code ${status}`);
  return stdout;
}
