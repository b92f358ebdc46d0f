import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./root.mjs";

/**
 * Bundles a TypeScript entry of ours for this Node, packages left outside, and returns the file to run.
 * @param {string} entry relative to the project
 * @param {string} name of the file in .cache; what ends in .cjs is made as the extension's own worker is
 */
export async function bundleForNode(entry, name) {
  const outfile = join(root, ".cache", name);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: name.endsWith(".cjs") ? "cjs" : "esm",
    packages: "external",
    logLevel: "error",
  });
  return outfile;
}
