import { drawingLines } from "./drawing.js";
import type { Line } from "./line.js";
import { sizeLines } from "./sizes.js";
import { workbenchLines } from "./workbench.js";

const measurements: Readonly<Record<string, () => Line[] | Promise<Line[]>>> = { workbench: workbenchLines, drawing: drawingLines, sizes: sizeLines };

/** How long a person waits for the panel, and what the bundles weigh. `parts` (workbench, drawing, sizes): none for all. */
export async function measureUi(parts: readonly string[]): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const [name, measure] of Object.entries(measurements)) if (parts.length === 0 || parts.includes(name)) lines.push(...(await measure()));
  return lines;
}
