import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isMain } from "./isMain.mjs";
import { root } from "./root.mjs";

const target = join(root, "test/fixtures/reference");

/**
 * Copies the reference cases of the methods that there are, with their models, into test/fixtures/reference. Files that are there and not named stay.
 * @param {string} from a folder with reference/cases/ and models/
 * @param {readonly string[]} wanted beginnings of the case files' names below cases/, such as "operators/" or "trees-mlp"
 * @returns {{ files: number, cases: number }}
 */
export function copyFixtures(from, wanted) {
  const methods = JSON.parse(execFileSync(process.execPath, [join(root, "dist/cli.js"), "methods", "--format", "json"], { encoding: "utf8" })).methods;
  const known = new Set(methods.map((/** @type {{ name: string }} */ { name }) => name));
  const folder = join(from, "reference/cases");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".json") && wanted.some((start) => name.startsWith(start)))
    .sort();
  let [files, count] = [0, 0];
  for (const name of names) {
    const file = JSON.parse(readFileSync(join(folder, name), "utf8"));
    const cases = file.cases.filter((/** @type {{ request: { method: string } }} */ { request }) => known.has(request.method));
    if (cases.length === 0) continue;
    write(join(target, "cases", name), JSON.stringify({ ...file, cases }));
    // Weights that stand in files of their own lie beside the model under its name.
    const model = join(from, file.model);
    for (const source of [model, `${model}.data`].filter((path) => existsSync(path))) {
      const copy = join(target, file.model + source.slice(model.length));
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(source, copy);
    }
    files++;
    count += cases.length;
  }
  return { files, cases: count };
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

if (isMain(import.meta.url)) {
  const [from, ...wanted] = process.argv.slice(2);
  if (from === undefined) {
    console.error(
      'node scripts/fixtures.mjs FOLDER [START…]: copies reference cases whose names begin with START (default: all) from FOLDER, which has "reference/cases" and "models".',
    );
    process.exitCode = 2;
  } else {
    const { files, cases } = copyFixtures(resolve(from), wanted.length === 0 ? [""] : wanted);
    console.log(`${cases} cases in ${files} files`);
  }
}
