// npm run test:ray: compiled explanations under Python's onnxruntime, and a data set on a real two-node Ray cluster of which one node is killed half-way.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { buildAll } from "./build.mjs";
import { root } from "./root.mjs";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" }, only: { type: "string" }, here: { type: "string" } } });
const rows = Number(values.rows);
const home = join(root, ".cache/ray");
const bin = join(home, process.platform === "win32" ? "Scripts" : "bin");
const python = join(bin, "python");
const work = join(root, ".cache/ray-test");
const port = 8299;
const address = `http://127.0.0.1:${port}`;
const packages = ["ray[default,data]==2.60.*", "onnxruntime"];
const diabetes = join(root, "examples/diabetes/model.onnx");
/** Of a row's largest credit. */
const goal = 1e-5;

let passed = 0;
let failed = 0;

install();
const problems = await buildAll();
if (problems.length > 0) throw new Error(problems.join("\n"));
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
if (values.only !== "ray") compiledInPython();
if (values.only !== "python") await onRay();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Ray and ONNX Runtime for Python, 800 MB, once. */
function install() {
  if (!existsSync(python)) must("python3", ["-m", "venv", home]);
  if (spawnSync(python, ["-c", "import ray.data, onnxruntime"]).status === 0) return;
  console.log(`Installing ${packages.join(" and ")} into .cache/ray`);
  must(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
}

/** Each compiled file gives in Python what the command line says. */
function compiledInPython() {
  const cases = [
    { model: "examples/diabetes/model.onnx", row: 3, extra: [] },
    { model: "examples/diabetes/model.onnx", row: 0, extra: ["--method", "deepLift", "--target", "pos"] },
    { model: "examples/digits/model.onnx", row: 2, extra: [] },
    { model: "examples/digits/model.onnx", row: 1, extra: ["--method", "layerConductance"] },
    { model: "examples/review-profile/model.onnx", row: 0, extra: [] },
  ];
  for (const [i, { model, row, extra }] of cases.entries()) {
    const file = join(work, `explanation-${i}.onnx`);
    cli(["compile", model, "--row", String(row), ...extra, "--out", file]);
    const nested = extra.includes("deepLift") ? [] : ["--option", "rule=nested"];
    // What the model was fed stands in the explanation by its inputs.
    const fed = JSON.parse(cli(["explain", model, "--row", String(row), ...nested, "--format", "json"])).results[0];
    const wanted = JSON.parse(cli(["explain", model, "--row", String(row), ...nested, ...extra, "--format", "json"])).results[0];
    const feeds = Object.fromEntries(Object.entries(fed.attributions).map(([name, { values: given }]) => [name, given]));
    const answer = JSON.parse(must(python, [join(root, "scripts/ray/runCompiled.py"), file], JSON.stringify(feeds)));
    const deviation = Object.entries(wanted.attributions).map(([name, { data }]) => {
      const got = answer[`attributions/${name}`] ?? [];
      const largest = Math.max(...data.map(Math.abs));
      return Math.max(...data.map((/** @type {number} */ x, /** @type {number} */ k) => Math.abs(x - (got[k] ?? NaN)))) / largest;
    });
    check(`${model} ${extra.join(" ")} in Python's onnxruntime: off by ${Math.max(...deviation).toExponential(1)}`, Math.max(...deviation) < goal);
  }
}

/** A cluster of two nodes, one of which goes away while it works. */
async function onRay() {
  const data = join(work, "rows.parquet");
  must(python, [join(root, "scripts/ray/makeRows.py"), join(root, "examples/diabetes/train.csv"), data, String(rows)]);
  // The rows are the same every time: --here names what this machine made of them before.
  const here = values.here ?? join(work, "here.parquet");
  const began = performance.now();
  if (values.here === undefined) cli(["batch", diabetes, data, "--out", here, "--quiet"]);
  console.log(`${rows} rows on this machine: ${seconds(began)} s`);
  try {
    ray(["start", "--head", "--port", "6399", "--dashboard-host", "127.0.0.1", "--dashboard-port", String(port)]);
    const first = raylets();
    ray(["start", "--address", "127.0.0.1:6399"]);
    const second = raylets().filter((pid) => !first.includes(pid));
    check(`the second node is a process of its own: ${second.join(", ")}`, second.length === 1);

    const there = join(work, "there");
    const started = performance.now();
    const job = batchOnRay(data, there);
    const at = await progressOf(0.4, job);
    for (const pid of second) process.kill(pid, "SIGKILL");
    console.log(`the second node was killed after ${at} rows`);
    const { code, text } = await job;
    console.log(`${rows} rows on two nodes, then one: ${seconds(started)} s\n${text.trim()}`);
    check("the job ends well though a node was killed", code === 0 && at > 0 && at < rows);
    compare(here, there);

    const again = await batchOnRay(data, there);
    check("a result that is there is not written over", again.code === 1 && again.text.includes("--resume"));
    const missing = await batchOnRay(join(work, "nothing.parquet"), join(work, "none"));
    check("data that the cluster does not see is named", missing.code === 1 && missing.text.includes("nothing.parquet"));
    await cancelAndResume(data, here);
  } finally {
    spawnSync(join(bin, "ray"), ["stop", "--force"], { stdio: "ignore" });
  }
  const gone = await batchOnRay(data, join(work, "none"));
  check("a cluster that does not answer is named", gone.code === 1 && gone.text.includes(address));
}

/** A job that is interrupted stops on the cluster; the next one goes on. @param {string} data @param {string} here */
async function cancelAndResume(data, here) {
  const out = join(work, "resumed");
  let interrupt = () => {};
  const job = batchOnRay(data, out, [], (child) => (interrupt = () => child.kill("SIGINT")));
  await progressOf(0.2, job);
  interrupt();
  check("Ctrl-C ends the command with 130", (await job).code === 130);
  check(
    "and stops the job on the cluster",
    (await jobs()).every(({ status }) => status !== "RUNNING" && status !== "PENDING"),
  );
  const other = await batchOnRay(data, out, ["--resume", "--target", "pos"]);
  check("another question does not go on where this one stopped", other.code === 1 && other.text.includes("changed since it was begun"));
  const report = join(work, "report.html");
  const { code, text } = await batchOnRay(data, out, ["--resume", "--report", report]);
  console.log(text.trim());
  check("--resume goes on", code === 0);
  check("the report is of rows drawn from all", existsSync(report) && readFileSync(report, "utf8").includes("rows drawn at random"));
  compare(here, out);
}

/** @param {string} here @param {string} there */
function compare(here, there) {
  const found = JSON.parse(must(python, [join(root, "scripts/ray/compareResults.py"), here, there]));
  console.log(JSON.stringify(found));
  check("the same rows as on this machine, none lost, none doubled", found.sameRows && found.rows[0] === rows);
  check("the same columns", found.lostColumns.length === 0);
  check(
    `the same numbers: off by ${found.largestDeviation} of a row's largest credit`,
    found.largestDeviation !== null && found.largestDeviation < goal && found.otherWords === 0,
  );
}

/** @param {string} data @param {string} out @param {readonly string[]} [extra] @param {(child: import("node:child_process").ChildProcess) => void} [started] @returns {Promise<{ code: number, text: string }>} */
function batchOnRay(data, out, extra = [], started) {
  return new Promise((resolve) => {
    const args = ["dist/cli.js", "batch", diabetes, data, "--out", out, "--engine", "ray", "--address", address, ...extra];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += String(part)));
    started?.(child);
    child.on("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

/** Rows that the running job has explained, once they are this share; 0 when it ends before. @param {number} share @param {Promise<unknown>} job */
async function progressOf(share, job) {
  let ended = false;
  void job.then(() => (ended = true));
  while (!ended) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const running = (await jobs()).find(({ status }) => status === "RUNNING");
    if (running === undefined) continue;
    const { logs } = /** @type {{ logs: string }} */ (await (await fetch(`${address}/api/jobs/${running.submission_id}/logs`)).json());
    const done = [...logs.matchAll(/^explain-prediction (\{"kind": "progress".*\})$/gmu)].map((m) => JSON.parse(m[1] ?? "{}").rows).at(-1) ?? 0;
    if (done >= share * rows) return done;
  }
  return 0;
}

/** @returns {Promise<readonly { status: string, submission_id: string }[]>} */
async function jobs() {
  return /** @type {readonly { status: string, submission_id: string }[]} */ (await (await fetch(`${address}/api/jobs/`)).json());
}

/** The processes that are nodes of a cluster. */
function raylets() {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+\S*raylet\/raylet\s/.exec(line);
    return match?.[1] === undefined ? [] : [Number(match[1])];
  });
}

/** @param {readonly string[]} args */
function ray(args) {
  // Jobs run the Python that comes first on the path.
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const node = ["--node-ip-address", "127.0.0.1", "--num-cpus", "1", "--object-store-memory", "400000000", "--disable-usage-stats"];
  const { status, stdout, stderr } = spawnSync(join(bin, "ray"), [...args, ...node], { encoding: "utf8", env });
  if (status !== 0) throw new Error(`ray ${args.join(" ")}: ${stdout}${stderr}`);
}

/** @param {readonly string[]} args */
function cli(args) {
  return must(process.execPath, ["dist/cli.js", ...args]);
}

/** A program's output; throws with its words when it fails. @param {string} command @param {readonly string[]} args @param {string} [input] */
function must(command, args, input) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28, ...(input === undefined ? {} : { input }) });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** @param {number} since */
function seconds(since) {
  return Math.round((performance.now() - since) / 1000);
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
  if (holds) passed++;
  else failed++;
}
