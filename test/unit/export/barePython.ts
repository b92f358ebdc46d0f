import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A virtual environment without any package, made of this machine's python3; undefined where there is none. */
export function makeBarePython(): string | undefined {
  const folder = join(mkdtempSync(join(tmpdir(), "export-")), "bare environment");
  return spawnSync("python3", ["-m", "venv", "--without-pip", folder]).status === 0 ? folder : undefined;
}

/** The script as it travels with the extension. */
export const exportScript = resolve("media/python/export.py");
