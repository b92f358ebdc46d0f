import type { DeclaredDim } from "../../graph/ir.js";
import type { ColourOrder, ImageFit, Resample, SidecarImage } from "../../protocol/sidecar.js";

/** How pixels become an input's numbers: p of 0 … 255 becomes (range[0] + p / 255 · (range[1] − range[0]) − mean) / std. */
export interface ImageFormat {
  readonly layout: "NCHW" | "NHWC";
  readonly colours: ColourOrder;
  /** Pixels; null: as large as the picture is. */
  readonly height: number | null;
  readonly width: number | null;
  readonly fit: ImageFit;
  readonly shortestEdge?: number;
  readonly resample: Resample;
  readonly range: readonly [number, number];
  /** One number a channel, in the order of the input's channels. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Channels of an input that holds `colours`. */
export function channelCount(colours: ColourOrder): number {
  return colours === "grey" ? 1 : colours === "rgba" ? 4 : 3;
}

/**
 * Where channels, rows and columns are in an image input's dims (batch axis included where it has one); undefined where no axis can be the channels.
 * Three axes without channels are grey pictures ([N, H, W]).
 */
function imageAxes(
  dims: readonly DeclaredDim[],
): { readonly layout: "NCHW" | "NHWC"; readonly channels: number | null; readonly height: number | null; readonly width: number | null } | undefined {
  const isChannels = (d: DeclaredDim | undefined): boolean => d === 1 || d === 3 || d === 4;
  const size = (d: DeclaredDim | undefined): number | null => (typeof d === "number" ? d : null);
  const [a, b, c, d] = dims;
  if (dims.length === 4) {
    if (isChannels(d) && !isChannels(b)) return { layout: "NHWC", channels: size(d), height: size(b), width: size(c) };
    return isChannels(b) || size(b) === null ? { layout: "NCHW", channels: size(b), height: size(c), width: size(d) } : undefined;
  }
  if (dims.length !== 3) return undefined;
  if (isChannels(c)) return { layout: "NHWC", channels: size(c), height: size(a), width: size(b) };
  if (isChannels(a) && a !== 1) return { layout: "NCHW", channels: size(a), height: size(b), width: size(c) };
  return { layout: "NCHW", channels: 1, height: size(b), width: size(c) };
}

/** An image input's format: what is said (the sidecar's, else a neighbour's) on top of what its shape and type tell. Undefined for a shape that holds no picture. */
export function imageFormat(
  dims: readonly DeclaredDim[] | null,
  said: SidecarImage,
  inferred: { readonly range: readonly [number, number] },
): ImageFormat | undefined {
  const axes = imageAxes(dims ?? ["batch", null, null, null]);
  if (axes === undefined) return undefined;
  const colours = said.colours ?? (axes.channels === 1 ? "grey" : axes.channels === 4 ? "rgba" : "rgb");
  const each = (numbers: readonly number[] | undefined, otherwise: number): readonly number[] =>
    Array.from({ length: channelCount(colours) }, (_, i) => (numbers?.length === 1 ? numbers[0] : numbers?.[i]) ?? otherwise);
  return {
    layout: said.layout ?? axes.layout,
    colours,
    height: axes.height ?? said.height ?? null,
    width: axes.width ?? said.width ?? null,
    fit: said.fit ?? "stretch",
    ...(said.shortestEdge === undefined ? {} : { shortestEdge: said.shortestEdge }),
    resample: said.resample ?? "bilinear",
    range: said.range ?? inferred.range,
    mean: each(said.mean, 0),
    std: each(said.std, 1),
  };
}

/** A picture's format in words: "3 channels (rgb) of 224 × 224, 0 … 1, less mean, by deviation". */
export function formatWords(format: ImageFormat): string {
  const { layout, colours, height, width, range, mean, std } = format;
  const normal = mean.some((x) => x !== 0) || std.some((x) => x !== 1);
  return `${layout}, ${colours}, ${height ?? "any"} × ${width ?? "any"} pixels of ${range[0]} to ${range[1]}${normal ? `, mean ${mean.join(" ")}, std ${std.join(" ")}` : ""}`;
}

/** The number that a pixel value of 0 … 255 becomes in channel `channel`. */
export function normalised(pixel: number, channel: number, { range, mean, std }: ImageFormat): number {
  const [least, most] = range;
  return (least + (pixel / 255) * (most - least) - (mean[channel] ?? 0)) / (std[channel] ?? 1);
}
