// npm run package [-- --target linux-x64 | all]: dist/explain-prediction-<target>.vsix
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMain } from "./isMain.mjs";
import { stage } from "./package/stage.mjs";
import { targets, thisTarget } from "./package/targets.mjs";
import { root } from "./root.mjs";
import { runModule } from "./run.mjs";

/**
 * What makes the same commit give the same bytes: the time written beside every file, and the time zone and language that times and names are written and sorted in.
 * @returns {Record<string, string>}
 */
function reproducible() {
  const { status, stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  const written = status === 0 ? stdout.trim() : "";
  // Outside of a repository, the first second that an archive can hold.
  return { SOURCE_DATE_EPOCH: process.env["SOURCE_DATE_EPOCH"] ?? (written === "" ? "315532800" : written), TZ: "UTC", LC_ALL: "C" };
}

/**
 * Packages the built bundles for one target.
 * @param {import("./package/targets.mjs").Target} target
 * @returns {Promise<string | undefined>} the file; undefined when packaging failed (its output says why)
 */
export async function packageTarget(target) {
  const file = join(root, `dist/explain-prediction-${target}.vsix`);
  const code = await runModule(
    "@vscode/vsce/vsce",
    ["package", "--no-dependencies", "--target", target, "--out", file, "--allow-missing-repository", "--no-rewrite-relative-links"],
    { cwd: stage(target), quiet: true, env: reproducible() },
  );
  return code === 0 ? file : undefined;
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { target: { type: "string" } } });
  const wanted = values.target ?? thisTarget ?? "";
  const names = /** @type {import("./package/targets.mjs").Target[]} */ (Object.keys(targets));
  const chosen = wanted === "all" ? names : names.filter((name) => name === wanted);
  if (chosen.length === 0) {
    console.error(
      `There is no ONNX Runtime binary for ${wanted || `${process.platform}-${process.arch}`}, so no package either. Targets: ${names.join(", ")}.`,
    );
    process.exitCode = 1;
  } else {
    const { buildAll } = await import("./build.mjs");
    const problems = await buildAll();
    for (const problem of problems) console.error(problem);
    process.exitCode = problems.length === 0 ? 0 : 1;
    for (const target of problems.length === 0 ? chosen : []) {
      const file = await packageTarget(target);
      if (file === undefined) process.exitCode = 1;
      else console.log(`${file.slice(root.length + 1)}  ${(statSync(file).size / 2 ** 20).toFixed(1)} MB`);
    }
  }
}
