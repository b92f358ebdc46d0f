import type { PixelView } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { formatSigned, formatValue } from "../viewmodel/format.js";

/** One pixel of a picture, of one channel or of all. */
export interface PixelPlace {
  readonly x: number;
  readonly y: number;
  readonly channel: number | "all";
}

/** A pixel in words: its place, its value in each channel, its credit. */
export function creditOf({ channels, height, width, values, credits }: PixelView, { x, y, channel }: PixelPlace): string {
  const size = height * width;
  const planes = channel === "all" ? Array.from({ length: channels }, (_, c) => c) : [channel];
  const at = (list: readonly number[], c: number): number => list[c * size + y * width + x] ?? NaN;
  const own = planes.map((c) => at(credits, c));
  const total = own.reduce((a, b) => a + b, 0);
  const value = values.length === 0 ? "" : t(", value {0}", planes.map((c) => formatValue(at(values, c))).join(" / "));
  const parts = own.length > 1 ? ` (${own.map(formatSigned).join(", ")})` : "";
  return `${t("column {0}, line {1}", x, y)}${value}${t(": credit {0}", formatSigned(total))}${parts}`;
}
