import { execFileSync } from "node:child_process";
import type { Frame } from "playwright-core";
import type { Explanation } from "../../../src/protocol/explanation.js";

/** The bars of a section as the page holds them: label → full-precision credit. */
export async function creditsIn(frame: Frame, section: string): Promise<Map<string, number>> {
  const bars = await frame
    .locator(`[data-section="${section}"] g[data-credit]`)
    .evaluateAll((rows) => rows.map((row): [string, number] => [row.getAttribute("data-label") ?? "", Number(row.getAttribute("data-credit"))]));
  return new Map(bars);
}

/** What the command line says to the same question. */
export function explainByCommandLine(...args: string[]): Explanation {
  return JSON.parse(execFileSync(process.execPath, ["dist/cli.js", "explain", ...args, "--format", "json", "--quiet"], { encoding: "utf8" })) as Explanation;
}

/** An input's credits of the first result, by feature. */
export function creditsOf(explanation: Explanation, input: string): Map<string, number> {
  const credit = explanation.results[0]?.attributions[input];
  return new Map(credit?.labels?.map((label, i) => [label, credit.data[i] ?? Number.NaN]));
}

/** Both hold the same labels, and each pair of numbers is the same in single precision: the command line prints that many digits. */
export function differences(page: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): string[] {
  return [...new Set([...page.keys(), ...other.keys()])]
    .filter((label) => !close(page.get(label), other.get(label)))
    .map((label) => `${label}: ${page.get(label)} on the page, ${other.get(label)} by the command line`);
}

const floatDigits = 2 ** -22;

function close(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && Math.abs(a - b) <= floatDigits * Math.max(Math.abs(a), Math.abs(b));
}
