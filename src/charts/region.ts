import { t } from "../protocol/words.js";
import type { Check, PixelView } from "../protocol/viewModel.js";
import type { Region } from "../protocol/region.js";
import { formatPercent, formatSigned, formatValue } from "../viewmodel/format.js";

type Pixel = { readonly x: number; readonly y: number };

/** The rectangle between two pixels, both inside it. */
export function regionBetween(a: Pixel, b: Pixel): Region {
  return { left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), width: Math.abs(a.x - b.x) + 1, height: Math.abs(a.y - b.y) + 1 };
}

/** A region as the page keeps it; "" for none. */
export function regionKey(region: Region | null): string {
  return region === null ? "" : [region.left, region.top, region.width, region.height].join(",");
}

/** The region of a key; null where there is none or where it is not inside the picture. */
export function regionOf(key: string | undefined, { width, height }: Pick<PixelView, "width" | "height">): Region | null {
  const [left = NaN, top = NaN, wide = NaN, high = NaN] = (key ?? "").split(",").map(Number);
  const isInside =
    [left, top, wide, high].every(Number.isInteger) && left >= 0 && top >= 0 && wide > 0 && high > 0 && left + wide <= width && top + high <= height;
  return isInside ? { left, top, width: wide, height: high } : null;
}

/** What a region of a picture has of its credit. */
export interface RegionSums {
  readonly credit: number;
  /** Its Σ |credit| as a part of the picture's. */
  readonly share: number;
  /** The mean value of each channel; empty where values are not known. */
  readonly means: readonly number[];
}

/** Sums over a region, all channels of it. */
export function regionSums({ channels, height, width, values, credits }: PixelView, region: Region): RegionSums {
  let credit = 0;
  let own = 0;
  const means: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    let value = 0;
    for (let y = region.top; y < region.top + region.height; y++)
      for (let x = region.left; x < region.left + region.width; x++) {
        const at = (channel * height + y) * width + x;
        credit += credits[at] ?? 0;
        own += Math.abs(credits[at] ?? 0);
        value += values[at] ?? 0;
      }
    if (values.length > 0) means.push(value / (region.width * region.height));
  }
  const all = credits.reduce((sum, one) => sum + Math.abs(one), 0);
  return { credit, share: all === 0 ? 0 : own / all, means };
}

/** What is told of the region of a picture: where it is, what it adds to the score, its shares, its mean values; how to choose one where there is none. */
export function regionWords(pixels: PixelView, region: Region | null, { score, baselineScore }: Pick<Check, "score" | "baselineScore">): string {
  if (region === null) return t("Drag across a picture, or hold Shift with the arrow keys, to choose a region.");
  const { left, top, width, height } = region;
  const { credit, share, means } = regionSums(pixels, region);
  const change = score === null || baselineScore === null ? 0 : score - baselineScore;
  const words = [
    t("Columns {0} to {1}, lines {2} to {3} ({4} × {5} pixels)", left, left + width - 1, top, top + height - 1, width, height),
    t(": {0} in sum, {1} of the credit", formatSigned(credit), formatPercent(share)),
    change === 0 ? "" : t(", {0} of the change in score", formatPercent(credit / change)),
    means.length === 0 ? "" : t(", mean value {0}", means.map((mean) => formatValue(mean)).join(" / ")),
  ];
  return `${words.join("")}.`;
}
