import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { root } from "../root.mjs";
import { thirdPartyNotices } from "./notices.mjs";
import { pictureBinaries } from "./pictureBinaries.mjs";
import { targets } from "./targets.mjs";

/**
 * Lays out what goes into a target's package: the bundles, the files that people read, and the native packages with that target's binaries only.
 * @param {import("./targets.mjs").Target} target
 * @returns {string} the folder
 */
export function stage(target) {
  const folder = join(root, ".cache/stage", target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.nls.json", "l10n", "README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore", "media", "schemas", "examples"]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const bundle of ["extension.cjs", "host", "worker.cjs", "webview.js", "model.js"])
    cpSync(join(root, "dist", bundle), join(folder, "dist", bundle), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const key of ["scripts", "devDependencies", "dependencies", "bin"]) delete manifest[key];
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const pictures = pictureBinaries(target);
  writeFileSync(join(folder, "ThirdPartyNotices.txt"), thirdPartyNotices(target, pictures));
  copyPackage(folder, "onnxruntime-common", (path) => !/^(lib|dist.esm)\b/.test(path));
  copyPackage(folder, "onnxruntime-node", (path) => {
    if (/^(script|lib)\b/.test(path)) return false;
    const binaries = join("bin", "napi-v6");
    const wanted = join(binaries, ...targets[target].runtime.split("/"));
    return !path.startsWith(binaries + sep) || wanted.startsWith(path) || path.startsWith(wanted);
  });
  copyPackage(folder, "tokenizers", (path) => !path.endsWith(".node") || targets[target].tokenizers.some((part) => basename(path).includes(`.${part}.`)));
  copyPackage(folder, "sharp", (path) => !/^(src|install)\b/.test(path));
  for (const name of ["detect-libc", "semver", "@img/colour"]) copyPackage(folder, name, () => true);
  for (const name of targets[target].pictures) copyPackage(folder, name, (path) => !/^(include|lib.glib-2\.0)\b/.test(path), pictures);
  plainModes(folder);
  return folder;
}

/**
 * Permissions are packed along, and differ from clone to clone.
 * @param {string} folder
 */
function plainModes(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    chmodSync(path, entry.isDirectory() ? 0o755 : 0o644);
    if (entry.isDirectory()) plainModes(path);
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {(path: string) => boolean} wanted by path inside the package
 * @param {string} modules the node_modules folder that it is taken from
 */
function copyPackage(folder, name, wanted, modules = join(root, "node_modules")) {
  const from = join(modules, name);
  cpSync(from, join(folder, "dist/node_modules", name), {
    recursive: true,
    filter: (path) => {
      const inside = relative(from, path);
      return inside === "" || (!/\.(map|d\.ts|d\.mts)$/.test(inside) && wanted(inside));
    },
  });
}
