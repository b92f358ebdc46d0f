import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";
import { targets } from "./targets.mjs";

/**
 * The node_modules folder that holds the picture decoder's binaries of a target. npm installs those of this machine only; another target's are installed apart, as the
 * same version. Throws when npm can't.
 * @param {import("./targets.mjs").Target} target
 * @returns {string}
 */
export function pictureBinaries(target) {
  const names = targets[target].pictures;
  const own = join(root, "node_modules");
  if (names.every((name) => existsSync(join(own, name)))) return own;
  const folder = join(root, ".cache/pictures", target);
  const modules = join(folder, "node_modules");
  /** @type {{ optionalDependencies: Record<string, string> }} */
  const { optionalDependencies } = JSON.parse(readFileSync(join(own, "sharp/package.json"), "utf8"));
  const binaries = Object.fromEntries(names.map((name) => [name, optionalDependencies[name] ?? "latest"]));
  const manifest = `${JSON.stringify({ name: "pictures", private: true, optionalDependencies: binaries }, null, 2)}\n`;
  const file = join(folder, "package.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest && names.every((name) => existsSync(join(modules, name)))) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, manifest);
  const [os = "", cpu = ""] = target.split("-");
  const { status, stderr } = spawnSync(
    "npm",
    ["install", "--ignore-scripts", "--no-fund", "--no-audit", "--no-package-lock", `--os=${os}`, `--cpu=${cpu}`, "--libc=glibc"],
    { cwd: folder, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (status !== 0) throw new Error(`npm could not install ${names.join(", ")} for ${target}:\n${stderr}`);
  return modules;
}
