// npm run bench -- ui [workbench] [drawing] [sizes]: how long a person waits for the panel, and what the bundles weigh, beside the goals.
import { pathToFileURL } from "node:url";
import { bundleForNode } from "../bundle.mjs";

/** @typedef {{ name: string, goal: string, value: number, most: number, unit: string, note?: string }} Line */

/**
 * Measures and prints a table.
 * @param {readonly string[]} parts none for all
 * @returns {Promise<number>} the exit code: 1 when a goal is missed
 */
export async function benchUi(parts) {
  const bundle = await bundleForNode("test/bench/ui.ts", "bench-ui.mjs");
  /** @type {{ measureUi(parts: readonly string[]): Promise<Line[]> }} */
  const { measureUi } = await import(pathToFileURL(bundle).href);
  const lines = await measureUi(parts);
  const cells = [
    ["", "measured", "goal", "", ""],
    ...lines.map((line) => [line.name, shown(line), line.goal, line.value <= line.most ? "ok" : "MISSED", line.note ?? ""]),
  ];
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  for (const row of cells)
    console.log(
      row
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    );
  return lines.every((line) => line.value <= line.most) ? 0 : 1;
}

/** @param {Line} line */
function shown({ value, unit }) {
  return `${value.toFixed(unit === "KB" || value < 10 ? 1 : 0)} ${unit}`;
}
