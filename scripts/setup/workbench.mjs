import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";
import { run } from "../run.mjs";

/** The version of the VS Code workbench the tests run in: the oldest one the extension promises (package.json, engines.vscode). */
const version = "4.100.3";
const nodeMajor = 20;
const folder = join(root, ".cache/workbench");
const stamp = join(folder, "installed.json");

const runtimePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const bundledNode = join(folder, "node_modules", runtimePackage, "bin", process.platform === "win32" ? "node.exe" : "node");
const runsOnThisNode = Number(process.versions.node.split(".")[0]) === nodeMajor;

/**
 * How to start the real VS Code workbench: a Node program and its entry file.
 * @returns {{ node: string, entry: string } | undefined} undefined when it is not installed
 */
export function findWorkbench() {
  const entry = join(folder, "node_modules/code-server/out/node/entry.js");
  const node = runsOnThisNode ? process.execPath : bundledNode;
  if (!existsSync(stamp) || !existsSync(entry) || !existsSync(node)) return undefined;
  return JSON.parse(readFileSync(stamp, "utf8")).version === version ? { node, entry } : undefined;
}

/** The server hashes passwords with argon2, a native module. Started with `--auth none` it never does, so no compiler is needed. */
function stubArgon2() {
  const place = join(folder, "node_modules/argon2");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), `${JSON.stringify({ name: "argon2", version: "0.0.0", main: "index.js" })}\n`);
  writeFileSync(
    join(place, "index.js"),
    'const refuse = () => Promise.reject(new Error("passwords are not available here"));\nmodule.exports = { hash: refuse, verify: refuse };\n',
  );
}

/**
 * Installs the workbench (VS Code as a server, 314 MB) into .cache/ unless it is there. Nothing is compiled.
 * @returns {Promise<string | undefined>} why it is missing, or undefined when it is there
 */
export async function setUpWorkbench() {
  if (findWorkbench() !== undefined) return undefined;
  console.log("Installing the VS Code workbench for tests (npm) …");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "workbench", private: true })}\n`);
  const quietly = ["--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"];
  const server = join(folder, "node_modules/code-server/lib/vscode");
  const wanted = [`code-server@${version}`, ...(runsOnThisNode ? [] : [`${runtimePackage}@${nodeMajor}`])];
  const steps = [
    { args: ["install", ...quietly, "--force", ...wanted], cwd: folder },
    { args: ["install", ...quietly, "--force", "--omit=dev"], cwd: server },
    { args: ["install", ...quietly, "--force", "--omit=dev"], cwd: join(server, "extensions") },
  ];
  for (const { args, cwd } of steps) {
    if ((await run("npm", args, { cwd, quiet: true })) !== 0)
      return "The VS Code workbench could not be installed (see above). Check the connection to the package registry, then try again.";
  }
  stubArgon2();
  writeFileSync(stamp, `${JSON.stringify({ version })}\n`);
  return findWorkbench() === undefined
    ? `The VS Code workbench has no Node ${nodeMajor} for ${process.platform}-${process.arch}. Run this with Node ${nodeMajor}.`
    : undefined;
}
