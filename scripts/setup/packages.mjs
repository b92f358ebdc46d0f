import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";
import { run } from "../run.mjs";

/**
 * Whether node_modules holds exactly what package-lock.json says. npm writes down what it installed, so comparing the two records takes
 * milliseconds and notices a changed lock file, an interrupted install and a deleted folder alike.
 * @returns {boolean}
 */
function packagesAreCurrent() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  /** @typedef {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} Packages */
  /** @type {Packages} */
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  /** @type {Packages} */
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = present[path];
    // Binaries of other platforms are optional and rightly absent.
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && existsSync(join(root, path));
  });
}

/**
 * Installs the packages of package-lock.json unless they are there. No install script runs (.npmrc).
 * @returns {Promise<string | undefined>} why they are missing, or undefined when they are there
 */
export async function setUpPackages() {
  if (packagesAreCurrent()) return undefined;
  console.log("Installing packages (npm ci) …");
  const code = await run("npm", ["ci", "--ignore-scripts", "--no-fund", "--no-audit"]);
  return code === 0 ? undefined : "`npm ci` failed (see above). Check the connection to the package registry, then try again.";
}
