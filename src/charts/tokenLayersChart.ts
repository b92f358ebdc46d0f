import type { TokenLayers } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { creditFormatter } from "../viewmodel/format.js";
import { colourLevel, colourLevels } from "../viewmodel/scale.js";
import { at, fit, frame, text, textWidth, type ChartOptions } from "./frame.js";
import { markup } from "./markup.js";

const rowHeight = 22;
const header = 64;
const least = 16;

/** Tokens as columns, layers as rows from the input down: how much of the change in score passes each token's place in each layer. One colour scale for all. */
export function tokenLayersChart({ tokens, rows }: TokenLayers, options: ChartOptions): string {
  const { theme, width } = options;
  const label = Math.min(rows.reduce((most, row) => Math.max(most, textWidth(row.path)), 0) + 8, width * 0.34);
  const overhang = 34;
  const cell = Math.max(least, (width - label - overhang) / tokens.length);
  const most = rows.reduce((large, row) => row.credits.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), large), 0);
  const credit = creditFormatter(most);
  const names = tokens.map((token, i) => {
    const x = label + (i + 0.5) * cell;
    return markup`<g transform="translate(${at(x + 3)} ${header - 4}) rotate(-60)">${text(0, 0, fit(token, header), { fill: theme.muted })}</g>`;
  });
  const lines = rows.map((row, r) => {
    const y = header + r * rowHeight;
    const cells = row.credits.map((value, i) => {
      const level = colourLevel(value, most);
      return markup`<rect data-token="${tokens[i] ?? ""}" data-value="${String(value)}" x="${at(label + i * cell + 0.5)}" y="${at(y + 1)}" width="${at(cell - 1)}" height="${rowHeight - 2}" fill="${value >= 0 ? theme.forMark : theme.againstMark}" fill-opacity="${level / colourLevels}" stroke="${level > 0 ? theme.outline : "none"}"${value < 0 ? markup` stroke-dasharray="3 2"` : null}><title>${t("{0} in {1}: {2}", tokens[i] ?? "", row.path, credit(value))}</title></rect>`;
    });
    return markup`<g data-row="${row.value}">${text(2, y + rowHeight / 2, fit(row.path, label - 6), { fill: theme.text })}${cells}</g>`;
  });
  return frame({ ...options, width: Math.max(width, label + cell * tokens.length + overhang - 1) }, header + rows.length * rowHeight, "token-layers", [
    ...names,
    ...lines,
  ]);
}
