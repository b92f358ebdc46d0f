import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { root } from "./root.mjs";

/** Where the parts that are loaded on demand are written, below the output folder. */
export const partsFolder = "host";

/**
 * esbuild splits a bundle along its dynamic imports only into ES modules, which the editor's extension host loads more slowly. This makes each part CommonJS: `import()`
 * becomes a `require` at that moment.
 * @type {import("esbuild").Plugin}
 */
export const commonJsParts = {
  name: "CommonJS parts",
  setup(build) {
    const { outdir = "", write = true } = build.initialOptions;
    build.initialOptions.write = false;
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const file of outputFiles) file.contents = Buffer.from(await commonJs(file.text));
      if (!write) return;
      // Parts are named by their content: those of former builds would stay.
      await rm(join(root, outdir, partsFolder), { recursive: true, force: true });
      for (const { path, contents } of outputFiles) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, contents);
      }
    });
  },
};

/** @param {string} text an ES module of esbuild's */
async function commonJs(text) {
  // A namespace import would copy the editor's whole API once for every source file that names it.
  const shared = text.replaceAll(/\bimport\s*\*\s*as\s+([\w$]+)\s*from\s*"vscode";/g, 'const $1=require("vscode");');
  const { code } = await transform(shared, { format: "cjs", platform: "node", target: "node20", minify: true, supported: { "dynamic-import": false } });
  return code;
}
