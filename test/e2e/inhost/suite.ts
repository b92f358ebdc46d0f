import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { besideCodeCases } from "./besideCode.js";
import { cases } from "./cases.js";
import { fileKindCases } from "./fileKinds.js";
import { sourceSettingCases } from "./sourceSettings.js";

/** What became of one case; `error` is absent when it passed. */
export interface CaseResult {
  readonly name: string;
  readonly error?: string;
}

/**
 * Called by VS Code inside the extension host. Runs the cases one after another and leaves the results beside this file, since a VS Code in the
 * browser has no exit code. Rejects when a case failed, which a desktop VS Code turns into its exit code.
 */
export async function run(): Promise<void> {
  const results: CaseResult[] = [];
  for (const [name, body] of Object.entries({ ...cases, ...besideCodeCases, ...fileKindCases, ...sourceSettingCases })) {
    try {
      await body();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: error instanceof Error ? error.message : String(error) });
    }
  }
  // Whoever waits for the file must not find half of it.
  writeFileSync(join(__dirname, "results.part"), JSON.stringify(results));
  renameSync(join(__dirname, "results.part"), join(__dirname, "results.json"));
  const failed = results.filter((result) => result.error !== undefined);
  if (failed.length > 0) throw new Error(failed.map(({ name, error }) => `${name}: ${error}`).join("\n"));
}
