import { chmodSync, existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { commonJsParts, partsFolder } from "./commonJsParts.mjs";
import { isMain } from "./isMain.mjs";
import { root } from "./root.mjs";
import { withoutDynamicCode } from "./withoutDynamicCode.mjs";

const kilobyte = 1024;

/** Packages with native files stay outside the bundles and are looked up at run time. */
export const nativePackages = ["onnxruntime-node", "tokenizers", "sharp"];

/** `import.meta.url` has no meaning in a CommonJS bundle; this gives it the bundle's own address. */
const commonJs = /** @type {const} */ ({
  format: "cjs",
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
/** @type {import("esbuild").BuildOptions} */
const forNode = { platform: "node", target: "node20", external: [...nativePackages, "vscode"], mainFields: ["module", "main"] };

const hostParts = `dist/${partsFolder}`;
/** Kilobytes that the extension host loads on demand, all parts together. */
const partsLimit = 600;

/**
 * `limit` is in kilobytes. A bundle that is split has what its dynamic imports lead to in parts beside it.
 * @type {readonly (import("esbuild").BuildOptions & { entry: string, outfile: string, limit: number })[]}
 */
export const bundles = [
  {
    entry: "src/extension.ts",
    outfile: "dist/extension.cjs",
    // Loaded whenever the editor starts: what is needed only later does not belong in it.
    limit: 60,
    ...forNode,
    format: "esm",
    splitting: true,
    outExtension: { ".js": ".cjs" },
    chunkNames: `${partsFolder}/[name]-[hash]`,
  },
  { entry: "src/worker/main.ts", outfile: "dist/worker.cjs", limit: 2000, ...forNode, ...commonJs },
  {
    entry: "src/cli/main.ts",
    outfile: "dist/cli.js",
    limit: 2000,
    ...forNode,
    format: "esm",
    // Bundled CommonJS packages ask for Node's own modules by `require`.
    banner: { js: '#!/usr/bin/env node\nimport { createRequire as bundleRequire } from "node:module";\nconst require = bundleRequire(import.meta.url);' },
  },
  {
    entry: "webview/model/main.ts",
    outfile: "dist/model.js",
    limit: 60,
    platform: "browser",
    target: "es2022",
    format: "iife",
  },
  {
    entry: "webview/main.ts",
    outfile: "dist/webview.js",
    limit: 600,
    platform: "browser",
    target: "es2022",
    format: "iife",
    mainFields: ["browser", "module", "main"],
  },
];

/**
 * What esbuild is told for a bundle; its `limit` is ours.
 * @param {Omit<(typeof bundles)[number], "limit">} bundle
 * @returns {import("esbuild").BuildOptions}
 */
export function buildOptions({ entry, outfile, ...options }) {
  return {
    ...options,
    ...(options.splitting === true ? { outdir: dirname(outfile) } : { outfile }),
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    legalComments: "none",
    sourcemap: false,
    logLevel: "warning",
    plugins: [withoutDynamicCode, ...(options.splitting === true ? [commonJsParts] : [])],
  };
}

/**
 * Builds every bundle into dist/ and prints its size.
 * @returns {Promise<readonly string[]>} what is wrong; empty when all is well
 */
export async function buildAll() {
  const problems = await Promise.all(
    bundles.map(async ({ entry, limit, ...options }) => {
      if (!existsSync(join(root, entry))) return [`${entry} is missing`];
      try {
        await build(buildOptions({ entry, ...options }));
      } catch {
        return [`${options.outfile} could not be built (see above)`];
      }
      return checkSize(options.outfile, limit);
    }),
  );
  if (existsSync(join(root, hostParts))) problems.push(checkSize(hostParts, partsLimit));
  const cli = join(root, "dist/cli.js");
  if (existsSync(cli)) chmodSync(cli, 0o755);
  return problems.flat();
}

/**
 * @param {string} path a file, or a folder for all that is in it
 * @param {number} limit
 * @returns {string[]}
 */
function checkSize(path, limit) {
  const place = join(root, path);
  const files = statSync(place).isDirectory() ? readdirSync(place).map((name) => join(place, name)) : [place];
  const size = Math.ceil(files.reduce((sum, file) => sum + statSync(file).size, 0) / kilobyte);
  console.log(`${path.padEnd(20)} ${String(size).padStart(5)} KB`);
  return size > limit ? [`${path} has ${size} KB; its limit is ${limit} KB`] : [];
}

if (isMain(import.meta.url)) {
  const problems = await buildAll();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
