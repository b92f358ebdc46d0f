// npm run fuzz: feeds broken models, samples, sidecars and vocabularies; each has to end in a value or a diagnostic with a code, within limits of time and memory.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { bundleForNode } from "./bundle.mjs";
import { root } from "./root.mjs";

/** @typedef {{ seed: number, subject: string, state: "started" | "ended", outcome?: string, message?: string, milliseconds?: number, megabytes?: number }} Line */

const { values } = parseArgs({ options: { count: { type: "string", default: "10000" }, first: { type: "string", default: "0" } } });
const first = Number(values.first);
const end = first + Number(values.count);
/** One input may take this long, in milliseconds; what the runtime allocates is part of `mostMegabytes`. */
const timeLimit = 30_000;
const mostMegabytes = 3000;
const bundle = await bundleForNode("test/fuzz/child.ts", "fuzz-child.mjs");

/** @type {Map<string, Map<string, number>>} */
const table = new Map();
/** @type {string[]} */
const bad = [];
let slowest = 0;
let largest = 0;
let next = first;
while (next < end) next = await runFrom(next);

for (const [subject, outcomes] of table)
  console.log(
    `${subject}: ${[...outcomes]
      .sort((a, b) => b[1] - a[1])
      .map(([outcome, n]) => `${outcome} ${n}`)
      .join(", ")}`,
  );
console.log(`slowest ${slowest} ms, largest process ${largest} MB`);
for (const line of bad) console.log(`FAIL ${line}`);
console.log(`\n${end - first - bad.length} passed, ${bad.length} failed`);
process.exitCode = bad.length === 0 ? 0 : 1;

/**
 * Runs inputs in one process until it is through or dies, and says which seed comes next.
 * @param {number} from
 * @returns {Promise<number>}
 */
function runFrom(from) {
  return new Promise((resolve) => {
    // A process that has grown old is replaced: what one input leaves behind should not be blamed on another.
    const count = Math.min(500, end - from);
    const child = spawn(process.execPath, ["--max-old-space-size=1500", bundle, String(from), String(count)], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint = (complaint + String(chunk)).slice(-2000);
    });
    /** @type {Line | undefined} */
    let current;
    /** @type {NodeJS.Timeout | undefined} */
    let watch;
    let reason = "";
    createInterface({ input: child.stdout }).on("line", (text) => {
      clearTimeout(watch);
      /** @type {Line} */
      const line = JSON.parse(text);
      current = line;
      if (line.state === "started") {
        watch = setTimeout(() => {
          reason = `was not done after ${timeLimit / 1000} s`;
          child.kill("SIGKILL");
        }, timeLimit);
        return;
      }
      record(line);
    });
    child.on("close", (code, signal) => {
      clearTimeout(watch);
      if (current === undefined) {
        bad.push(`the process did not start: ${complaint}`);
        resolve(end);
      } else if (current.state === "started") {
        count1(current.subject, "process ended");
        bad.push(
          `seed ${current.seed} (${current.subject}) ${reason || `ended the process (${signal ?? code}): ${complaint.split("\n").slice(-6).join(" ")}`}`,
        );
        resolve(current.seed + 1);
      } else resolve(current.seed + 1);
    });
  });
}

/** @param {Line} line */
function record({ seed, subject, outcome = "", message = "", milliseconds = 0, megabytes = 0 }) {
  count1(subject, outcome);
  slowest = Math.max(slowest, milliseconds);
  largest = Math.max(largest, megabytes);
  if (outcome === "no diagnostic" || outcome === "INTERNAL") bad.push(`seed ${seed} (${subject}): ${message}`);
  else if (megabytes > mostMegabytes) bad.push(`seed ${seed} (${subject}): the process has ${megabytes} MB`);
}

/**
 * @param {string} subject
 * @param {string} outcome
 */
function count1(subject, outcome) {
  const outcomes = table.get(subject) ?? new Map();
  table.set(subject, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
}
