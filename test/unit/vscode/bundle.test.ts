import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("the extension host loads no runtime, no model reader and no tokenizer: they live in the worker", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../../../src/extension.ts", import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    external: ["vscode", "onnxruntime-node", "tokenizers", "sharp"],
    absWorkingDir: fileURLToPath(new URL("../../..", import.meta.url)),
    logLevel: "silent",
  });
  const files = Object.keys(metafile.inputs);
  expect(files).toContain("src/worker/client.ts");
  expect(files.filter((file) => /^src\/(onnx|graph|autodiff|attribution|runtime|data|explain)\//.test(file))).toEqual([]);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  expect(imports.filter((path) => ["onnxruntime-node", "tokenizers", "sharp"].includes(path))).toEqual([]);
});
