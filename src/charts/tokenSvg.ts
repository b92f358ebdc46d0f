import type { TokenMark } from "../protocol/viewModel.js";
import { largestCredit } from "../viewmodel/rank.js";
import { colourLevel, colourLevels } from "../viewmodel/scale.js";
import { at, frame, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";

const lineHeight = 24;
const pad = 3;

/** A text with its words on their colours as a drawing, for files: lines are broken where they would not fit. */
export function tokenSvg(tokens: readonly TokenMark[], options: ChartOptions & { readonly largest?: number }): string {
  const { theme, width } = options;
  const largest = options.largest ?? largestCredit(tokens);
  let [x, line] = [0, 0];
  const words: Markup[] = [];
  for (const token of tokens) {
    const own = textWidth(token.text) + 2 * pad;
    if (x > 0 && x + own > width) [x, line] = [0, line + 1];
    const level = colourLevel(token.credit, largest);
    const y = line * lineHeight;
    const side = token.credit >= 0 ? theme.forMark : theme.againstMark;
    words.push(
      markup`<g data-label="${token.text}" data-value="${String(token.credit)}">${
        level === 0
          ? null
          : markup`<rect x="${at(x)}" y="${y + 2}" width="${at(own)}" height="${lineHeight - 4}" rx="3" fill="${side}" fill-opacity="${level / colourLevels}" stroke="${theme.outline}"/>`
      }${text(x + pad, y + lineHeight / 2, token.text, { fill: level === 0 ? theme.text : theme.markText })}</g>`,
    );
    x += own + (token.after === "" ? 0 : 4);
    if (token.after.includes("\n")) [x, line] = [0, line + 1];
  }
  return frame({ ...options, interactive: false }, (line + 1) * lineHeight, "token-picture", words);
}
