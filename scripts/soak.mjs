// npm run soak: hundreds of explanations by the real worker with its memory measured, and seeded interleavings of calls, cancellations, changing files and dying threads.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { buildOptions, bundles } from "./build.mjs";
import { bundleForNode } from "./bundle.mjs";
import { root } from "./root.mjs";

/** @typedef {{ explanations: number, resident: number, worker: number, buffers: number, host: number }} Measurement */
/** @typedef {{ measurements: readonly Measurement[], refused: Record<string, number>, growth: readonly string[] }} MemoryReport */
/** @typedef {{ outcomes: Record<string, number>, events: Record<string, number>, failures: readonly string[] }} InterleavingReport */

const { values } = parseArgs({
  options: {
    explanations: { type: "string", default: "500" },
    interleavings: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const explanations = Number(values.explanations);
const interleavings = Number(values.interleavings);
const seed = Number(values.seed);
/** Interleavings mostly wait: two processes share the processors. */
const processes = 2;
/** Every thread that starts reads the worker's file again: another run, or a change to the sources, must not write it meanwhile. */
mkdirSync(join(root, ".cache"), { recursive: true });
const folder = mkdtempSync(join(root, ".cache/soak-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const program = await bundleForNode("test/soak/main.ts", `${basename(folder)}/soak.mjs`);
const worker = await bundleOfWorker(join(folder, "worker.cjs"));
let [passed, failed] = [0, 0];

if (explanations > 0) {
  console.log(`${explanations} explanations, seed ${seed}; megabytes after a collection of garbage`);
  /** @type {MemoryReport} */
  const { measurements, refused, growth } = await child("memory", explanations, seed);
  console.log("  explanations  resident  worker heap  worker buffers  host heap");
  for (const m of measurements)
    console.log(`  ${String(m.explanations).padStart(12)}  ${fixed(m.resident, 8)}  ${fixed(m.worker, 11)}  ${fixed(m.buffers, 14)}  ${fixed(m.host, 9)}`);
  for (const [reason, times] of Object.entries(refused)) console.log(`  refused ${times} times: ${reason}`);
  for (const line of growth) console.log(`FAIL ${line}`);
  if (growth.length === 0) passed += 1;
  else failed += 1;
}

if (interleavings > 0) {
  console.log(
    `\n${interleavings} interleavings, seeds ${seed} to ${seed + interleavings - 1}; "npm run soak -- --explanations 0 --interleavings 1 --seed N" repeats one`,
  );
  const share = Math.ceil(interleavings / processes);
  const parts = Array.from({ length: processes }, (_, i) => ({ from: i * share, count: Math.min(share, interleavings - i * share) })).filter(
    ({ count }) => count > 0,
  );
  /** @type {InterleavingReport[]} */
  const reports = await Promise.all(parts.map(({ from, count }) => child("interleavings", count, seed + from)));
  console.log(`  happened: ${told(reports.map((r) => r.events))}`);
  console.log(`  calls ended: ${told(reports.map((r) => r.outcomes))}`);
  const failures = reports.flatMap((r) => r.failures);
  for (const line of failures) console.log(`FAIL ${line}`);
  const bad = new Set(failures.map((line) => line.split(":")[0])).size;
  passed += interleavings - bad;
  failed += bad;
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * The worker as it is shipped: its packages in one file, which halves the time that a thread takes to start.
 * @param {string} outfile
 */
async function bundleOfWorker(outfile) {
  const shipped = bundles.find(({ entry }) => entry === "src/worker/main.ts");
  if (shipped === undefined) throw new Error("scripts/build.mjs has no bundle of the worker");
  const { limit, ...options } = shipped;
  void limit;
  await build(buildOptions({ ...options, entry: "test/soak/worker.ts", outfile }));
  return outfile;
}

/**
 * @param {string} what
 * @param {number} count
 * @param {number} from
 * @returns {Promise<any>}
 */
function child(what, count, from) {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, ["--expose-gc", program, worker, what, String(count), String(from)], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    started.stdout.on("data", (chunk) => (text += String(chunk)));
    started.on("close", (code, signal) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`The process of the ${what} from seed ${from} on ended with ${signal ?? code}.`));
    });
  });
}

/** @param {readonly Record<string, number>[]} tables */
function told(tables) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const table of tables) for (const [key, n] of Object.entries(table)) sums.set(key, (sums.get(key) ?? 0) + n);
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .map(([key, n]) => `${key} ${n}`)
    .join(", ");
}

/**
 * @param {number} x
 * @param {number} width
 */
function fixed(x, width) {
  return x.toFixed(1).padStart(width);
}
