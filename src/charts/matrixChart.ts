import { at, fit, frame, inset, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";

/** Rank correlations of each pair of lists. */
export interface Matrix {
  readonly names: readonly string[];
  readonly values: readonly (readonly number[])[];
}

const cellHeight = 26;
const widestCell = 64;
/** Below this width of a cell there is room for one decimal. */
const tight = 44;
const gap = 2;

const shown = (x: number): string => (Number.isFinite(x) ? x.toFixed(2).replace("-", "−") : "–");

/** A small matrix of rank correlations: names at the left, numbered as the columns are; orange for alike, blue for opposite, the number in each cell. */
export function matrixChart({ names, values }: Matrix, options: ChartOptions): string {
  const { theme, width } = options;
  const numbered = names.map((name, i) => `${i + 1}  ${name}`);
  const least = Math.min(44, (width * 0.62) / Math.max(1, names.length));
  const label = Math.min(numbered.reduce((most, name) => Math.max(most, textWidth(name)), 0) + 2 * inset, width - names.length * least);
  const cell = Math.min(widestCell, (width - label) / Math.max(1, names.length));
  const head = names.map(
    (name, j) =>
      markup`<g><title>${name}</title>${text(label + j * cell + cell / 2, cellHeight / 2, String(j + 1), { fill: theme.muted, anchor: "middle" })}</g>`,
  );
  const rows = values.map((line, i): Markup => {
    const y = cellHeight * (i + 1);
    const cells = line.map((value, j) => {
      const size = Number.isFinite(value) ? Math.min(1, Math.abs(value)) : 0;
      const box = markup`x="${at(label + j * cell + gap / 2)}" y="${y + gap / 2}" width="${at(cell - gap)}" height="${cellHeight - gap}" rx="2"`;
      return markup`<g data-first="${names[i] ?? ""}" data-second="${names[j] ?? ""}" data-value="${String(value)}"><title>${names[i] ?? ""}, ${names[j] ?? ""}: ${shown(value)}</title><rect ${box} fill="${theme.background}" stroke="${theme.line}"/><rect ${box} fill="${value < 0 ? theme.againstMark : theme.forMark}" fill-opacity="${at(size * 0.9)}" stroke="${theme.outline}"${value < 0 ? markup` stroke-dasharray="3 2"` : null}/>${text(label + j * cell + cell / 2, y + cellHeight / 2, cell < tight && Number.isFinite(value) ? value.toFixed(1).replace("-", "−") : shown(value), { fill: size === 0 ? theme.text : theme.markText, anchor: "middle" })}</g>`;
    });
    return markup`${text(inset, y + cellHeight / 2, fit(numbered[i] ?? "", label - 2 * inset), { fill: theme.text, ...(i === 0 ? { weight: 600 } : {}) })}${cells}`;
  });
  return frame(options, cellHeight * (names.length + 1), "matrix", [...head, ...rows]);
}
