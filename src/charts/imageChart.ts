import type { Region } from "../protocol/region.js";
import type { PixelView } from "../protocol/viewModel.js";
import { at, frame, type ChartOptions } from "./frame.js";
import { markup, Markup } from "./markup.js";
import { pixelScale, planeCredits, sampleColours, strength, type Plane } from "./pixels.js";
import { pngAddress } from "./png.js";
import { regionKey } from "./region.js";
import type { Theme } from "./theme.js";

/** The sample itself, its credits, the sample darkened where there is no credit, or the credits over the sample. */
export type ImageKind = "original" | "heat" | "masked" | "overlay";

export interface ImageLook {
  readonly plane: Plane;
  /** Size only: both signs in one colour. */
  readonly absolute: boolean;
  /** The |credit| of the deepest colour; without it the picture's own. */
  readonly scale?: number;
  /** The region that is outlined; null where one can be chosen. */
  readonly region?: Region | null;
}

/** Names of masks are the page's: two charts of one page must not share them. */
const slug = (text: string): string => `ep-${Array.from(text, (letter) => (/[\w-]/u.test(letter) ? letter : `_${letter.codePointAt(0) ?? 0}`)).join("")}`;

/**
 * The outlines of a region and of the keyboard's cursor, which the page moves; light on dark so that they are seen on any picture, and in the picture's own pixels,
 * so that nothing is drawn anew. A rectangle without a size is not drawn.
 */
function outlines({ width, height }: PixelView, region: Region | null, place: Markup, theme: Theme): Markup {
  const outline = (name: string, box: Region, thick: number): Markup =>
    markup`<g data-outline="${name}">${[theme.background, theme.text].map(
      (colour, i) =>
        markup`<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" fill="none" stroke="${colour}" stroke-width="${i === 0 ? thick + 2 : thick}" vector-effect="non-scaling-stroke"/>`,
    )}</g>`;
  const none: Region = { left: 0, top: 0, width: 0, height: 0 };
  return markup`<svg ${place} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" overflow="visible" data-region="${regionKey(region)}">${outline("region", region ?? none, 2)}${outline("cursor", none, 1)}</svg>`;
}

const files = new WeakMap<PixelView, Map<string, string>>();

/** A picture's PNG under a key: written once, however often a page is drawn while the reader looks at it in other ways. */
function writtenOnce(pixels: PixelView, key: string, samples: () => Uint8Array): string {
  const known = files.get(pixels) ?? new Map<string, string>();
  files.set(pixels, known);
  const file = known.get(key) ?? pngAddress(pixels.width, pixels.height, samples());
  known.set(key, file);
  return file;
}

/**
 * A picture of `options.width` pixels. Colours are the theme's: the credits' strengths are a mask over a plain area, so that a chart follows the page's theme
 * and high contrast too. `data-pixels` names the grid for readouts.
 */
export function imageChart(pixels: PixelView, kind: ImageKind, look: ImageLook, options: ChartOptions): string {
  const { theme, width } = options;
  const height = (width * pixels.height) / pixels.width;
  const credits = planeCredits(pixels, look.plane);
  const scale = look.scale ?? pixelScale(credits);
  const place = markup`x="0" y="0" width="${at(width)}" height="${at(height)}"`;
  const picture = (of: string, samples: () => Uint8Array): Markup =>
    markup`<image ${place} preserveAspectRatio="none" image-rendering="pixelated" href="${new Markup(writtenOnce(pixels, `${of} ${look.plane} ${scale}`, samples))}"/>`;
  const layer = (side: "for" | "against" | "both"): Markup => {
    const id = slug(`${options.title}/${kind}/${side}`);
    return markup`<mask id="${id}">${picture(side, () => strength(credits, scale, side))}</mask><rect ${place} fill="${side === "against" ? theme.against : theme.for}" mask="url(#${id})"/>`;
  };
  const heat = look.absolute ? [layer("both")] : [layer("for"), layer("against")];
  const sample = pixels.values.length === 0 ? null : picture("sample", () => sampleColours(pixels));
  const content = {
    original: [sample],
    heat,
    masked: [pixels.values.length === 0 ? null : picture("masked", () => sampleColours(pixels, strength(credits, scale, "both")))],
    overlay: [sample, markup`<g class="ep-overlay">${heat}</g>`],
  }[kind];
  const edge = markup`<rect x="0.5" y="0.5" width="${at(width - 1)}" height="${at(height - 1)}" fill="none" stroke="${theme.line}"/>`;
  const body = markup`<g data-pixels="${pixels.width}x${pixels.height}" data-kind="${kind}"><rect ${place} fill="${theme.background}"/>${content}${edge}${look.region === undefined ? null : outlines(pixels, look.region, place, theme)}</g>`;
  return frame({ ...options, interactive: false }, height, "image", [body]);
}
