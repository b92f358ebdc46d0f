import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The files of the export script: an export depends on them too. */
export async function scriptFiles(script: string): Promise<readonly string[]> {
  const folder = join(dirname(script), "explain_export");
  const names = await readdir(folder);
  return [
    script,
    ...names
      .filter((name) => name.endsWith(".py"))
      .sort()
      .map((name) => join(folder, name)),
  ];
}
