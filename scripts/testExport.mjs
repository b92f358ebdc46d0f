// npm run test:export [-- --python PYTHON] [--browser]: exports real models of PyTorch, scikit-learn and LightGBM, and explains each.
// Without --python, a virtual environment is made in .cache/export and filled once (about 1.5 GB). --browser also goes through the command in VS Code.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildAll } from "./build.mjs";
import { root } from "./root.mjs";
import { runModule } from "./run.mjs";

const packages = ["torch==2.13.0", "onnx", "onnxscript", "scikit-learn", "skl2onnx", "pandas", "lightgbm", "onnxmltools"];
const { values } = parseArgs({ options: { python: { type: "string" }, browser: { type: "boolean", default: false } } });
/** Of a probability: what a file may differ from Python by. */
const tolerance = 1e-5;

/**
 * @typedef {{ name: string, file: string, args?: string[], samples?: string, said?: string, lines?: Record<string, string>, method?: string, explain?: string[], notes?: RegExp, input?: string }} Case
 * @typedef {{ model: string, cached: boolean, notes: string[], check: { rows: number, difference: number } | null }} Exported
 */

/** @type {readonly Case[]} */
const cases = [
  {
    name: "a class with its weights",
    file: "diabetes/network.py",
    said: "diabetes",
    lines: { linear1: "network.py:11", sigmoid2: "network.py:14" },
  },
  { name: "an exported program", file: "diabetes/program.pt2", said: "diabetes", lines: { linear1: "network.py:11" }, samples: "diabetes/samples.csv" },
  {
    name: "text and numbers, with an argument",
    file: "review/network.py",
    args: ["--arg", "vocabulary=3000", "--arg", "std=torch.ones(5)"],
    lines: { "text_encoder.lstm": "network.py:10", classifier: "network.py:39" },
    input: "tokens",
  },
  {
    name: "two encoders and a classifier, by a function",
    file: "claims/claims.py",
    args: ["--class", "load_model"],
    said: "claims",
    lines: { "figures_encoder.linear": "claims.py:10", "payments_encoder.convolution": "claims.py:20", "classifier.0": "claims.py:32" },
    input: "payments",
  },
  { name: "a model saved whole", file: "claims/whole.pt", said: "claims", lines: { "figures_encoder.linear": "claims.py:10" }, input: "payments" },
  { name: "a scikit-learn pipeline", file: "saved/logistic.joblib", said: "logistic", input: "X" },
  { name: "scikit-learn's boosted trees", file: "saved/boosted.pkl", said: "boosted", method: "treeShap", input: "X" },
  { name: "a pipeline with words", file: "mixed/forest.joblib", said: "forest", method: "kernelShap", explain: ["--fixed", "group"], input: "X" },
  { name: "a LightGBM model", file: "saved/lightgbm.txt", said: "lightgbm", method: "treeShap", input: "X" },
];

/** A way of failing: what is said, never a stack. @type {readonly { name: string, args: string[], says: RegExp, code?: number }[]} */
const failures = [
  { name: "weights alone", args: ["diabetes/network.pt"], says: /network\.pt holds weights only \(8 tensors\)[^]*export network\.py --weights network\.pt/ },
  { name: "weights that nothing names", args: ["claims/branch.py"], says: /Which weights belong to branch\.py\? Beside it: whole\.pt\./, code: 2 },
  {
    name: "a wrong class",
    args: ["diabetes/network.py", "--class", "DiabetsNetwork"],
    says: /no class, function or model named "DiabetsNetwork"\.\nDid you mean "DiabetesNetwork"/,
  },
  { name: "arguments that nothing says", args: ["review/network.py", "--weights", "none"], says: /ReviewProfileNetwork needs "vocabulary", "mean" and "std"/ },
  {
    name: "weights of another model",
    args: ["claims/claims.py", "--class", "ClaimsNetwork", "--weights", "diabetes/network.pt"],
    says: /do not fit ClaimsNetwork: [^]*Missing key/,
  },
  {
    name: "a branch on data",
    args: ["claims/branch.py", "--weights", "none", "--shape", "x=4"],
    says: /branch\.py:10: The exporter can't turn the model into ONNX: Could not guard on data-dependent expression[^]*in: if x\.sum\(\) > 0:/,
  },
  { name: "samples of another model", args: ["diabetes/network.py", "--samples", "claims/samples.jsonl"], says: /nothing says what "measurements" looks like/ },
  { name: "a pickle of something else", args: ["saved/list.pkl"], says: /list\.pkl holds a builtins\.list, not a scikit-learn model/ },
  { name: "a text that is no LightGBM model", args: ["saved/broken.txt"], says: /broken\.txt is no LightGBM model/ },
];

let passed = 0;
let failed = 0;
const problems = await buildAll();
if (problems.length > 0) throw new Error(problems.join("\n"));
const python = values.python ?? environment();
const folder = mkdtempSync(join(tmpdir(), "export-"));
try {
  const said = prepare(folder);
  for (const one of cases) report(one.name, () => checkCase(one, said));
  report("the same again is not exported again", () => {
    const { exported, err } = exportFile(["diabetes/network.py"]);
    return exported?.cached === true && !err.includes("Runs the model's code") ? [] : [`it was exported again: ${err}`];
  });
  report("a changed source is exported again", () => {
    const source = join(folder, "diabetes/network.py");
    writeFileSync(source, `${readFileSync(source, "utf8")}\n# changed\n`);
    return exportFile(["diabetes/network.py"]).exported?.cached === false ? [] : ["the former file was taken"];
  });
  for (const { name, args, says, code: expected = 1 } of failures)
    report(name, () => {
      const { code, err } = exportFile(args);
      return [
        ...(code === expected ? [] : [`exit code ${code}`]),
        ...(says.test(err) ? [] : [`it says: ${err}`]),
        ...(/Traceback|site-packages/.test(err) ? [`a stack is shown: ${err}`] : []),
      ];
    });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.browser) {
  const config = ["run", "--config", "vitest.e2e.config.ts", "test/e2e/pythonExport.test.ts"];
  const code = await runModule("vitest/vitest.mjs", config, { env: { EXPLAIN_PYTHON: python } });
  if (code === 0) passed += 1;
  else failed += 1;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/**
 * @param {string} name
 * @param {() => readonly string[]} check what is wrong
 */
function report(name, check) {
  const started = Date.now();
  const wrong = check();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${wrong.length === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)${wrong.map((line) => `\n       ${line.replaceAll("\n", "\n       ")}`).join("")}`,
  );
  if (wrong.length === 0) passed += 1;
  else failed += 1;
}

/**
 * Exports a model, explains its first sample, and compares both with what Python said.
 * @param {Case} one
 * @param {Record<string, number[]>} said
 * @returns {string[]}
 */
function checkCase({ file, args = [], samples, said: key, lines = {}, method, explain = [], input = "measurements" }, said) {
  const { exported, err } = exportFile([file, ...args]);
  if (exported === undefined) return [`not exported: ${err}`];
  /** @type {string[]} */
  const wrong = [];
  if (exported.check === null || exported.check.difference > tolerance) wrong.push(`compared with Python: ${JSON.stringify(exported.check)}`);
  const more = [...(samples === undefined ? [] : [samples]), ...(method === undefined ? [] : ["--method", method]), ...explain];
  const explained = cli(["explain", exported.model, ...more, "--format", "json"]);
  if (explained.code !== 0) return [...wrong, `not explained: ${explained.err}`];
  /** @type {{ results: { prediction: { data: number[] }, attributions: Record<string, { data: number[] }> }[] }} */
  const { results } = JSON.parse(explained.out);
  const theirs = key === undefined ? undefined : said[key];
  const ours = results[0]?.prediction.data ?? [];
  if (theirs !== undefined && (ours.length !== theirs.length || ours.some((p, i) => !(Math.abs(p - (theirs[i] ?? NaN)) <= tolerance))))
    wrong.push(`predicted ${ours.join(", ")}; Python says ${theirs.join(", ")}`);
  const credits = results[0]?.attributions[input]?.data ?? [];
  if (credits.length === 0 || !credits.every(Number.isFinite) || credits.every((c) => c === 0)) wrong.push(`credits of ${input}: ${credits.join(", ")}`);
  /** @type {{ layers: { path: string, source: { file: string, definition: number } | null }[] }} */
  const { layers } = JSON.parse(cli(["inspect", exported.model, "--format", "json"]).out);
  for (const [path, line] of Object.entries(lines)) {
    const source = layers.find((l) => l.path === path)?.source;
    const found = source == null ? "nowhere" : `${source.file}:${source.definition}`;
    if (found !== line) wrong.push(`${path} is found at ${found}, not ${line}`);
  }
  return wrong;
}

/**
 * @param {string[]} args
 * @returns {{ code: number | null, exported: Exported | undefined, err: string }}
 */
function exportFile(args) {
  const { code, out, err } = cli(["export", ...args, "--python", python, "--format", "json"]);
  return { code, exported: code === 0 ? JSON.parse(out) : undefined, err };
}

/** @param {string[]} args */
function cli(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...args], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  return { code: status, out: stdout, err: stderr };
}

/**
 * Lays out sources and samples, and has Python make the rest.
 * @param {string} home
 * @returns {Record<string, number[]>} what Python says of each model's first sample
 */
function prepare(home) {
  const examples = join(root, "examples");
  const fixtures = join(root, "test/fixtures/export");
  for (const name of ["network.py", "samples.csv", "model.explain.json"]) cpSync(join(examples, "diabetes", name), join(home, "diabetes", name));
  cpSync(join(examples, "diabetes/train.csv"), join(home, "diabetes/train.csv"));
  for (const name of ["network.py", "samples.jsonl", "model.explain.json", "tokenizer.json", "profile.json"])
    cpSync(join(examples, "review-profile", name), join(home, "review", name));
  cpSync(join(fixtures, "claims.py"), join(home, "claims/claims.py"));
  cpSync(join(fixtures, "claims.jsonl"), join(home, "claims/samples.jsonl"));
  cpSync(join(fixtures, "branch.py"), join(home, "claims/branch.py"));
  for (const name of ["saved", "mixed"]) mkdirSync(join(home, name));
  writeFileSync(join(home, "saved/broken.txt"), "tree\nversion=v4\n");
  writeFileSync(join(home, "saved/list.pkl"), Buffer.from("80045d942e", "hex"));
  const { status, stderr } = spawnSync(python, ["-B", join(fixtures, "make.py"), home, examples], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The models could not be made.\n${stderr}`);
  return JSON.parse(readFileSync(join(home, "said.json"), "utf8"));
}

/** The interpreter of a virtual environment with the packages, made once. */
function environment() {
  const home = join(root, ".cache/export");
  const program = process.platform === "win32" ? join(home, "Scripts/python.exe") : join(home, "bin/python");
  const record = join(home, "packages.json");
  if (existsSync(record) && readFileSync(record, "utf8") === JSON.stringify(packages)) return program;
  console.log(`Installing ${packages.join(", ")} into .cache/export …`);
  rmSync(home, { recursive: true, force: true });
  for (const [command, args] of /** @type {const} */ ([
    ["python3", ["-m", "venv", home]],
    [program, ["-m", "pip", "install", "--quiet", ...packages]],
  ])) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed.\n${error?.message ?? stderr}`);
  }
  writeFileSync(record, JSON.stringify(packages));
  return program;
}
