import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { root } from "../root.mjs";
import { targets } from "./targets.mjs";

const megabyte = 2 ** 20;
const largest = 60 * megabyte;

/**
 * Looks into a package: what must be there, and what must not.
 * @param {string} file
 * @param {import("./targets.mjs").Target} target
 * @returns {string[]} what is wrong
 */
export function checkPackage(file, target) {
  const bytes = readFileSync(file);
  const names = Object.keys(unzipSync(bytes, { filter: ({ name }) => !name.endsWith(".node") && !/libonnxruntime|\.dll$/.test(name) }));
  /** @type {string[]} */
  const all = [];
  unzipSync(bytes, {
    filter: ({ name }) => {
      all.push(name);
      return false;
    },
  });
  const required = [
    "package.json",
    "readme.md",
    "changelog.md",
    "LICENSE.txt",
    "ThirdPartyNotices.txt",
    "dist/extension.cjs",
    ...readdirSync(join(root, "dist/host")).map((name) => `dist/host/${name}`),
    "dist/worker.cjs",
    "dist/webview.js",
    "dist/model.js",
    "media/icon.png",
    "media/panel.css",
    "media/model.css",
    "media/ray/driver.py",
    "media/ray/explain_ray/job.py",
    "media/python/export.py",
    "media/python/explain_export/serve.py",
    "schemas/explain.schema.json",
    "examples/diabetes/model.onnx",
    "examples/digits/samples.csv",
    "examples/review-profile/tokenizer.json",
    ...targets[target].pictures.map((name) => `dist/node_modules/${name}/package.json`),
    `dist/node_modules/onnxruntime-node/bin/napi-v6/${targets[target].runtime}/onnxruntime_binding.node`,
  ];
  const missing = required.filter((name) => !all.includes(`extension/${name}`)).map((name) => `${name} is missing from the package`);
  const foreign = all
    .filter((name) => name.includes("/bin/napi-v6/") && !name.includes(`/${targets[target].runtime}/`))
    .map((name) => `${name} is for another platform`);
  const unwanted = names
    .filter((name) => /\.(ts|map|tsbuildinfo)$|\/(src|test|scripts)\//.test(name.replace("extension/dist/node_modules/", "")))
    .map((name) => `${name} does not belong in the package`);
  const size = bytes.length > largest ? [`The package has ${Math.round(bytes.length / megabyte)} MB`] : [];
  return [...missing, ...foreign, ...unwanted, ...size, ...unlicensed(bytes, all)];
}

/**
 * Packages that are in the package, bundled or beside the bundles, whose licence is not told.
 * @param {Uint8Array} bytes
 * @param {readonly string[]} all names of files
 * @returns {string[]}
 */
function unlicensed(bytes, all) {
  const [notices] = Object.values(unzipSync(bytes, { filter: ({ name }) => name === "extension/ThirdPartyNotices.txt" }));
  const text = Buffer.from(notices ?? []).toString("utf8");
  const beside = all.flatMap((name) => /^extension\/dist\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? []);
  /** @type {{ dependencies: Record<string, string> }} */
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return [...new Set([...beside, ...Object.keys(dependencies)])]
    .filter((name) => !new RegExp(`^${name.replaceAll("/", "\\/")} \\d`, "m").test(text))
    .map((name) => `The licence of ${name} is not in ThirdPartyNotices.txt`);
}
