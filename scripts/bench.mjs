// Times our work against the bare forward pass and, given a Python with Captum, against Captum on the same machine in the same run.
//   npm run bench -- ui [workbench] [drawing] [sizes]   how long a person waits for the panel, beside the goals
//   npm run bench [-- NAME… | trees] [--models FOLDER] [--only NAME,…] [--captum PYTHON [--script captum_bench.py]] [--shap PYTHON] [--rounds N] [--memory]
// "trees" times treeShap beside the shap package, with a Python that has it, scikit-learn and skl2onnx.
// Models lie in FOLDER/<name>/model.onnx; without a folder those of examples/ are timed. --memory writes models of 600 MB and 2.2 GB to a temporary folder.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchUi } from "./bench/ui.mjs";
import { treeLines } from "./bench/treeLines.mjs";
import { bundleForNode } from "./bundle.mjs";
import { root } from "./root.mjs";

/** @typedef {{ name: string, points: number, compile: number, milliseconds: number, forward: number, captum?: string, goal?: number, forwards?: number }} Timing */
/** @typedef {{ load: number, results: Timing[] }} Timings */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: "string" },
    only: { type: "string" },
    captum: { type: "string" },
    script: { type: "string" },
    shap: { type: "string" },
    rounds: { type: "string", default: "1" },
    memory: { type: "boolean", default: false },
  },
});
if (positionals[0] === "ui") process.exit(await benchUi(positionals.slice(1)));
const only = [...positionals, ...(values.only?.split(",") ?? [])];
const bundle = await bundleForNode("scripts/bench/main.ts", "bench.mjs");

const columns = ["", "points", "first ms", "ms", "forwards", "a point", "goal", "Captum ms", "faster", "goal"];
/** @type {Record<string, (string | undefined)[]>} */
const names = JSON.parse(run(process.execPath, [bundle, "names"]));
for (const name of Object.keys(names).filter((n) => only.length === 0 || only.includes(n))) {
  const file = [values.models, resolve(root, "examples")]
    .flatMap((folder) => (folder === undefined ? [] : [join(folder, name, "model.onnx")]))
    .find(existsSync);
  if (file === undefined) {
    console.log(`${name}: no model; name the folder that holds it with --models\n`);
    continue;
  }
  /** @type {Timings[]} */
  const ours = [];
  /** @type {Record<string, { milliseconds: number }>[]} */
  const theirs = [];
  // In turn: each ratio is of times that were taken one after the other.
  for (let round = 0; round < Number(values.rounds); round += 1) {
    ours.push(JSON.parse(run(process.execPath, [bundle, "time", name, file])));
    if (values.captum !== undefined) theirs.push(captumTimes(values.captum, names[name] ?? []));
  }
  console.log(`${name}, loaded in ${median(ours.map((o) => o.load)).toFixed(0)} ms`);
  print([
    columns,
    ...(ours[0]?.results ?? []).map((r, i) =>
      line(
        r,
        ours.map((o) => o.results[i] ?? r),
        theirs,
      ),
    ),
  ]);
}

if (values.shap !== undefined) print(treeLines(values.shap, bundle, run, Number(values.rounds)));
else if (only.includes("trees")) throw new Error("Trees are timed beside the shap package: name a Python that has it with --shap.");

if (only.length === 1 && only[0] === "trees") process.exit();
const { nodes, derive, load } = JSON.parse(run(process.execPath, [bundle, "compile"]));
console.log(`compile: the gradient of ${nodes} nodes is derived in ${derive.toFixed(0)} ms (goal 150) and loaded by the runtime in ${load.toFixed(0)} ms\n`);
if (values.memory) memory();
console.log(`"first ms" is paid once per model and method (compiling the plan); "forwards" is the time in units of one bare forward pass of the same rows, "a point" the same for each
point of the path; "faster" is against Captum. With several rounds: medians.`);

/**
 * @param {Timing} first
 * @param {Timing[]} rounds
 * @param {Record<string, { milliseconds: number }>[]} theirs
 */
function line(first, rounds, theirs) {
  const milliseconds = median(rounds.map((r) => r.milliseconds));
  const forwards = median(rounds.map((r) => r.milliseconds / r.forward));
  const captum = theirs.map((t) => t[first.captum ?? ""]?.milliseconds).filter((t) => t !== undefined);
  const faster = median(captum.map((t, i) => t / (rounds[i]?.milliseconds ?? NaN)));
  return [
    first.name,
    String(Math.round(first.points)),
    first.compile.toFixed(1),
    milliseconds.toFixed(3),
    forwards.toFixed(1),
    first.forwards === undefined ? "" : (forwards / first.points).toFixed(2),
    first.forwards === undefined ? "" : `<= ${first.forwards}`,
    captum.length === 0 ? "-" : median(captum).toFixed(2),
    captum.length === 0 ? "-" : `${faster.toFixed(faster < 10 ? 2 : 0)} x`,
    first.goal === undefined ? "" : `>= ${first.goal} x`,
  ];
}

/** Resident memory as multiples of the file, each in a process of its own. */
function memory() {
  const folder = mkdtempSync(join(tmpdir(), "explain-bench-"));
  try {
    /** @type {(readonly [string, number, boolean, number])[]} */
    const cases = [
      ["weights of 200 MB in the file", 200, false, 3.5],
      ["weights of 600 MB in the file", 600, false, 1.5],
      ["weights of 2.2 GB beside the file", 2200, true, 1.5],
    ];
    const lines = [["memory", "forward", "at most", "backward", "at most", "goal"]];
    for (const [what, megabytes, external, goal] of cases) {
      const file = join(folder, `${megabytes}.onnx`);
      run(process.execPath, [bundle, "write", file, String(megabytes), external ? "external" : "inside"]);
      const size = [file, `${file}.data`].reduce((sum, f) => sum + (existsSync(f) ? statSync(f).size : 0), 0);
      const cells = ["forward", "backward"].flatMap((way) => {
        const { resident, most } = JSON.parse(run(process.execPath, [bundle, "memory", way, file]));
        return [resident, most].map((bytes) => `${(bytes / size).toFixed(2)} x`);
      });
      lines.push([what, ...cells, `<= ${goal} x`]);
      rmSync(file);
      rmSync(`${file}.data`, { force: true });
    }
    print(lines);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string[][]} lines */
function print(lines) {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((l) => l[i]?.length ?? 0)));
  for (const cells of lines) console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "));
  console.log("");
}

/** @param {number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

/**
 * Captum's time for each of the named workloads, measured by a Python script that prints JSON.
 * @param {string} python
 * @param {readonly (string | undefined)[]} workloads
 */
function captumTimes(python, workloads) {
  const script = values.script ?? resolve(root, "../shared/bench/captum_bench.py");
  if (!existsSync(script)) throw new Error(`There is no Captum bench script at "${script}"; name it with --script.`);
  const wanted = [...new Set(workloads.filter((w) => w !== undefined))];
  return JSON.parse(run(python, [script, "--repeats", "1", "--only", wanted.join(",")]));
}

/**
 * What a program prints. Throws when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")} ended with exit code ${status}\n${stderr}`);
  return stdout;
}
