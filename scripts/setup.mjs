import { isMain } from "./isMain.mjs";
import { setUpChromium } from "./setup/chromium.mjs";
import { setUpPackages } from "./setup/packages.mjs";
import { setUpWorkbench } from "./setup/workbench.mjs";

const oldestNode = 20;

/**
 * Brings a fresh clone to where the project's commands run. Takes milliseconds when nothing is missing, and needs no package itself.
 * @param {"packages" | "everything"} level `packages` for building and the command line; `everything` adds Chromium and the VS Code workbench
 * @returns {Promise<{ packages?: string, browser?: string, workbench?: string }>} for each part that is missing: why, and what to do
 */
export async function setUp(level) {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) return { packages: `Node ${oldestNode} or newer is needed; this is ${process.versions.node}.` };
  const packages = await setUpPackages();
  if (packages !== undefined) return { packages };
  if (level === "packages") return {};
  const browser = await setUpChromium();
  const workbench = await setUpWorkbench();
  return { ...(browser === undefined ? {} : { browser }), ...(workbench === undefined ? {} : { workbench }) };
}

if (isMain(import.meta.url)) {
  const missing = await setUp(process.argv[2] === "packages" ? "packages" : "everything");
  for (const sentence of Object.values(missing)) console.error(sentence);
  console.log(Object.keys(missing).length === 0 ? "Everything is set up." : "Some parts are missing.");
  process.exitCode = Object.keys(missing).length === 0 ? 0 : 1;
}
