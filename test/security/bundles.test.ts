import { isBuiltin } from "node:module";
import { build, type Metafile } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { buildOptions, bundles } from "../../scripts/build.mjs";

interface Bundle {
  readonly name: string;
  readonly text: string;
  readonly inputs: Metafile["inputs"];
}

const built: Bundle[] = [];

beforeAll(async () => {
  for (const { limit: _, ...bundle } of bundles) {
    const { outputFiles = [], metafile } = await build({ ...buildOptions(bundle), write: false, metafile: true, logLevel: "error" });
    built.push({ name: bundle.outfile, text: outputFiles.map(({ text }) => text).join(""), inputs: metafile?.inputs ?? {} });
  }
});

/** Modules by which a program reaches a network, starts a program, or makes code from text. */
const reaching = /^(node:)?(http|https|http2|net|tls|dgram|dns(\/promises)?|child_process|cluster|vm|inspector|repl|wasi|v8)$/;

/**
 * Every file that may import one of them, and why. A package is not among them.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // A process of its own for a model that may crash ONNX Runtime: the worker's own file, nothing else.
  "src/worker/processHost.ts": ["child_process"],
  // Python models become ONNX files by the person's own Python, asked first, in trusted workspaces only.
  "src/export/interpreter.ts": ["child_process"],
  "src/export/runPython.ts": ["child_process"],
  // A job on a Ray cluster, at an address that the person types.
  "src/ray/jobsApi.ts": ["http", "https"],
};

test("only the files that are named reach a network or start a program", () => {
  const found: Record<string, Set<string>> = {};
  for (const { inputs } of built)
    for (const [file, { imports }] of Object.entries(inputs))
      for (const { path, external } of imports) if (external === true && reaching.test(path)) (found[file] ??= new Set()).add(path.replace(/^node:/, ""));
  for (const [file, modules] of Object.entries(found)) expect([...modules].sort(), file).toEqual(allowed[file] ?? []);
  // The test sees what it looks for.
  expect(Object.keys(found)).toContain("src/worker/processHost.ts");
});

test("no bundle makes code from text", () => {
  for (const { name, text } of built) {
    expect(text.length, name).toBeGreaterThan(1000);
    for (const pattern of [
      /(?<![.\w$])eval\s*\(\s*[^)\s]/,
      /\bnew Function\b/,
      /(?<![.\w$])Function\s*\(/,
      /\brunIn(This|New)?Context\b/,
      /\bset(Timeout|Interval)\s*\(\s*["'`]/,
      /\bimport\(\s*[^"'`)\s]/,
      /\bdlopen\s*\(/,
    ])
      expect(pattern.exec(text)?.[0], `${name}: ${String(pattern)}`).toBeUndefined();
  }
});

test("no bundle has a way to send anything that is not among its imports", () => {
  for (const { name, text } of built)
    for (const pattern of [
      /(?<![.\w$"'])fetch\s*\(/,
      /\bXMLHttpRequest\b/,
      /\bnew WebSocket\b/,
      /\bsendBeacon\b/,
      /\bnew EventSource\b/,
      /\bRTCPeerConnection\b/,
      /\bimportScripts\b/,
    ])
      expect(pattern.exec(text)?.[0], `${name}: ${String(pattern)}`).toBeUndefined();
});

test("nothing is measured for anyone: the manifest and the bundles know no telemetry", () => {
  for (const { name, text } of built) expect(/createTelemetryLogger|applicationinsights|extension-telemetry|machineId/i.exec(text)?.[0], name).toBeUndefined();
});

test("what is looked up at run time is named in the build", () => {
  const outside = new Set(
    built.flatMap(({ inputs }) => Object.values(inputs).flatMap(({ imports }) => imports.flatMap(({ path, external }) => (external === true ? [path] : [])))),
  );
  const packages = [...outside].filter((path) => !isBuiltin(path));
  expect(packages.sort()).toEqual(["onnxruntime-node", "sharp", "tokenizers", "vscode"]);
});
