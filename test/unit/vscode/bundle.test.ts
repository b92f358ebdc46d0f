import { build, type Metafile } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { buildOptions, bundles } from "../../../scripts/build.mjs";

let metafile: Metafile;
let texts: readonly string[];

beforeAll(async () => {
  const host = bundles.find(({ entry }) => entry === "src/extension.ts");
  if (host === undefined) throw new Error("the extension has no bundle");
  const { limit: _, ...options } = host;
  const result = await build({ ...buildOptions(options), write: false, metafile: true });
  metafile = result.metafile ?? metafile;
  texts = (result.outputFiles ?? []).map(({ text }) => text);
});

test("the extension host loads no runtime, no model reader and no tokenizer: they live in the worker", () => {
  const files = Object.keys(metafile.inputs);
  expect(files).toContain("src/worker/client.ts");
  expect(files.filter((file) => /^src\/(onnx|graph|autodiff|attribution|runtime|data|explain)\//.test(file))).toEqual([]);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  expect(imports.filter((path) => ["onnxruntime-node", "tokenizers", "sharp"].includes(path))).toEqual([]);
});

test("what the editor loads at its start holds no packages, no charts and no view of an explanation: they come with what needs them", () => {
  const atStart = new Set(["dist/extension.cjs"]);
  // A set also visits what is added while it is walked.
  for (const path of atStart)
    for (const { path: part, kind, external } of metafile.outputs[path]?.imports ?? []) if (kind === "import-statement" && external !== true) atStart.add(part);
  const sources = [...atStart].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
  expect(sources).toContain("src/worker/client.ts");
  expect(sources.filter((file) => /^(node_modules|src\/(viewmodel|charts|source|export|ray|worker\/batch))\//.test(file))).toEqual([]);
  const later = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(later).toContain("src/viewmodel/build.ts");
});

test("each part takes the editor's API as it is: a copy for every file that names it took a quarter of the start", () => {
  expect(texts.join("")).toMatch(/require\("vscode"\)/);
  for (const text of texts) {
    expect(text).not.toMatch(/\(require\("vscode"\)/);
    expect(text).not.toMatch(/^import\b|\bimport\(/m);
  }
});
