import type { PixelView } from "../protocol/viewModel.js";
import { at, frame, type ChartOptions } from "./frame.js";
import { markup, Markup } from "./markup.js";
import { pixelScale, planeCredits, sampleColours, strength, type Plane } from "./pixels.js";
import { pngAddress } from "./png.js";

/** The sample itself, its credits, the sample darkened where there is no credit, or the credits over the sample. */
export type ImageKind = "original" | "heat" | "masked" | "overlay";

export interface ImageLook {
  readonly plane: Plane;
  /** Size only: both signs in one colour. */
  readonly absolute: boolean;
}

/** Names of masks are the page's: two charts of one page must not share them. */
const slug = (text: string): string => `ep-${Array.from(text, (letter) => (/[\w-]/u.test(letter) ? letter : `_${letter.codePointAt(0) ?? 0}`)).join("")}`;

/**
 * A picture of `options.width` pixels. Colours are the theme's: the credits' strengths are a mask over a plain area, so that a chart follows the page's theme
 * and high contrast too. `data-pixels` names the grid for readouts.
 */
export function imageChart(pixels: PixelView, kind: ImageKind, look: ImageLook, options: ChartOptions): string {
  const { theme, width } = options;
  const height = (width * pixels.height) / pixels.width;
  const credits = planeCredits(pixels, look.plane);
  const scale = pixelScale(credits);
  const place = markup`x="0" y="0" width="${at(width)}" height="${at(height)}"`;
  const picture = (samples: Uint8Array): Markup =>
    markup`<image ${place} preserveAspectRatio="none" image-rendering="pixelated" href="${new Markup(pngAddress(pixels.width, pixels.height, samples))}"/>`;
  const layer = (side: "for" | "against" | "both"): Markup => {
    const id = slug(`${options.title}/${kind}/${side}`);
    return markup`<mask id="${id}">${picture(strength(credits, scale, side))}</mask><rect ${place} fill="${side === "against" ? theme.against : theme.for}" mask="url(#${id})"/>`;
  };
  const heat = look.absolute ? [layer("both")] : [layer("for"), layer("against")];
  const sample = pixels.values.length === 0 ? null : picture(sampleColours(pixels));
  const content = {
    original: [sample],
    heat,
    masked: [pixels.values.length === 0 ? null : picture(sampleColours(pixels, strength(credits, scale, "both")))],
    overlay: [sample, markup`<g class="ep-overlay">${heat}</g>`],
  }[kind];
  const edge = markup`<rect x="0.5" y="0.5" width="${at(width - 1)}" height="${at(height - 1)}" fill="none" stroke="${theme.line}"/>`;
  const body = markup`<g data-pixels="${pixels.width}x${pixels.height}" data-kind="${kind}"><rect ${place} fill="${theme.background}"/>${content}${edge}</g>`;
  return frame({ ...options, interactive: false }, height, "image", [body]);
}
