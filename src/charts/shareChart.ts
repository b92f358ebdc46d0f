import type { InputView } from "../protocol/viewModel.js";
import { formatPercent, formatSigned } from "../viewmodel/format.js";
import { at, fit, frame, text, textWidth, type ChartOptions } from "./frame.js";
import { markup } from "./markup.js";

const height = 46;
const bar = 14;

/** One bar for all credit: what part each input has, with its name, its part and the sum of its credits. */
export function shareChart(inputs: readonly Pick<InputView, "name" | "share" | "net">[], options: ChartOptions): string {
  const { theme, width } = options;
  let x = 0;
  const parts = inputs.map((input, i) => {
    const own = Math.max(0, input.share) * (width - 2);
    const from = x;
    x += own;
    const words = `${input.name} ${formatPercent(input.share, 0)}, ${formatSigned(input.net)}`;
    const room = own - 6;
    // A part too narrow for its words has them at the bar's end, where the last one's always fit.
    const right = i === inputs.length - 1 && textWidth(words) > room;
    const shown = right || textWidth(input.name) + 20 < room;
    return markup`<g data-share-of="${input.name}" data-share="${String(input.share)}" data-net="${String(input.net)}"><title>${words}</title><rect x="${at(from + 1)}" y="1" width="${at(Math.max(1, own - 2))}" height="${bar}" rx="2" fill="${theme.neutral}" fill-opacity="${at(Math.max(0.35, 1 - 0.25 * i))}" stroke="${theme.outline}"/>${
      shown
        ? text(right ? width - 2 : from + 2, bar + 16, fit(words, right ? width * 0.48 : room), {
            fill: theme.muted,
            ...(right ? { anchor: "end" as const } : {}),
          })
        : null
    }</g>`;
  });
  return frame(options, height - 6, "shares", parts);
}
