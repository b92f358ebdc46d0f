// npm run audit: what is known against the packages that are shipped, as the registry tells it. A registry that does not answer is said, and is no failure.
import { spawnSync } from "node:child_process";
import { root } from "./root.mjs";

/** @typedef {{ name: string, severity: string, range: string, fixAvailable: unknown }} Finding */

const { stdout } = spawnSync("npm", ["audit", "--json", "--omit=dev"], { cwd: root, encoding: "utf8", shell: process.platform === "win32" });
/** @type {{ message?: string, vulnerabilities?: Record<string, Finding>, metadata?: { dependencies?: { prod?: number } } }} */
const report = JSON.parse(stdout === "" ? "{}" : stdout);
if (report.vulnerabilities === undefined) {
  console.log(`Not audited: the registry does not answer (${report.message ?? "npm could not be started"}).`);
} else {
  const found = Object.values(report.vulnerabilities);
  for (const { name, severity, range, fixAvailable } of found)
    console.log(`FAIL ${name} ${range}: ${severity}${fixAvailable === false ? ", without a fix" : ", fixed by an update"}`);
  const total = report.metadata?.dependencies?.prod ?? found.length;
  console.log(`${total - found.length} passed, ${found.length} failed`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
