import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Whether a script was started by itself rather than imported by another.
 * @param {string} url the script's `import.meta.url`
 */
export function isMain(url) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(url));
}
