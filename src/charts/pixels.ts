import type { PixelView } from "../protocol/viewModel.js";

/** Which plane of credits is looked at: one channel, or the sum over all. */
export type Plane = number | "all";

/** One credit a pixel: of a channel, or summed over channels. */
export function planeCredits({ channels, height, width, credits }: PixelView, plane: Plane): Float64Array {
  const size = height * width;
  const out = new Float64Array(size);
  for (let c = 0; c < channels; c++) {
    if (plane !== "all" && plane !== c) continue;
    for (let i = 0; i < size; i++) out[i] = (out[i] ?? 0) + (credits[c * size + i] ?? 0);
  }
  return out;
}

/** Share of pixels that may lie beyond the end of the colour scale, so that one outlier does not wash out the rest. */
const outliers = 0.01;
const fewPixels = 400;

/** The |credit| at the end of the colour scale. */
export function pixelScale(credits: Float64Array): number {
  const sizes = credits.map(Math.abs).filter(Number.isFinite).sort();
  return (credits.length < fewPixels ? sizes.at(-1) : sizes.at(Math.floor((sizes.length - 1) * (1 - outliers)))) ?? 0;
}

/** How strongly each pixel is coloured on one side of zero, 0…255. */
export function strength(credits: Float64Array, scale: number, side: "for" | "against" | "both"): Uint8Array {
  return Uint8Array.from(credits, (credit) => {
    const own = side === "both" ? Math.abs(credit) : side === "for" ? credit : -credit;
    return scale === 0 || !(own > 0) ? 0 : Math.round(255 * Math.min(1, own / scale));
  });
}

/** The sample's values as grey or colour samples, stretched to their own range; `weights` (0…255 a pixel) darken. */
export function sampleColours({ channels, height, width, values }: PixelView, weights?: Uint8Array): Uint8Array {
  const size = height * width;
  const shown = channels >= 3 ? 3 : 1;
  const used = values.slice(0, shown * size).filter(Number.isFinite);
  const low = used.reduce((a, b) => Math.min(a, b), Infinity);
  const high = used.reduce((a, b) => Math.max(a, b), -Infinity);
  const range = high > low ? high - low : 1;
  const out = new Uint8Array(size * shown);
  for (let i = 0; i < size; i++)
    for (let c = 0; c < shown; c++) out[i * shown + c] = Math.round((255 * ((values[c * size + i] ?? low) - low) * ((weights?.[i] ?? 255) / 255)) / range);
  return out;
}

/** A plane made smaller, each pixel the strongest of those it stands for. */
export function shrink(
  credits: Float64Array,
  height: number,
  width: number,
  most: number,
): { readonly height: number; readonly width: number; readonly credits: Float64Array } {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / most));
  if (step === 1) return { height, width, credits };
  const [h, w] = [Math.ceil(height / step), Math.ceil(width / step)];
  const out = new Float64Array(h * w);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = Math.floor(y / step) * w + Math.floor(x / step);
      const credit = credits[y * width + x] ?? 0;
      if (Math.abs(credit) > Math.abs(out[at] ?? 0)) out[at] = credit;
    }
  return { height: h, width: w, credits: out };
}
