import { normalised, type ImageFormat } from "../../data/media/imageFormat.js";
import { toNumbers, type Tensor } from "../../tensor/tensor.js";
import { pack } from "../../data/pack.js";

/** Where the pixels of one row's picture are in its flat numbers. */
export interface Grid {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly at: (channel: number, y: number, x: number) => number;
}

/** A picture of one row: [1, C, H, W], [1, H, W, C], or [1, H, W] of one channel. Undefined for other shapes. */
export function gridOf(dims: readonly number[], layout: ImageFormat["layout"]): Grid | undefined {
  const own = dims.length === 4 ? dims.slice(1) : dims.length === 3 && layout === "NCHW" && dims[0] === 1 ? [1, ...dims.slice(1)] : dims.slice();
  if (own.length !== 3) return undefined;
  const [a = 0, b = 0, c = 0] = own;
  if (layout === "NCHW") return { channels: a, height: b, width: c, at: (channel, y, x) => (channel * b + y) * c + x };
  return { channels: c, height: a, width: b, at: (channel, y, x) => (y * b + x) * c + channel };
}

/** Black as the model sees it: 0 with the normalisation applied, channel by channel. */
export function blackPicture(like: Tensor, format: ImageFormat): Tensor | undefined {
  const grid = gridOf(like.dims, format.layout);
  if (grid === undefined || like.dtype === "string") return undefined;
  const data = new Float64Array(like.data.length);
  for (let c = 0; c < grid.channels; c++)
    for (let y = 0; y < grid.height; y++) for (let x = 0; x < grid.width; x++) data[grid.at(c, y, x)] = normalised(0, c, format);
  return pack(like.dtype, like.dims, data);
}

/** Whether black is all zeros, so that the plain word says it. */
export function blackIsZero({ colours, ...format }: ImageFormat): boolean {
  const channels = colours === "grey" ? 1 : colours === "rgba" ? 4 : 3;
  return Array.from({ length: channels }, (_, c) => normalised(0, c, { colours, ...format })).every((x) => x === 0);
}

/**
 * A picture without its detail: a Gaussian of `sigma` pixels along both axes, edge pixels repeated outside.
 * Without `sigma`: a tenth of the shorter side, at least one pixel.
 */
export function blurredPicture(picture: Tensor, format: ImageFormat, sigma?: number): Tensor | undefined {
  const grid = gridOf(picture.dims, format.layout);
  if (grid === undefined || picture.dtype === "string") return undefined;
  const width = sigma ?? Math.max(1, Math.min(grid.height, grid.width) / 10);
  const weights = gaussian(width);
  const source = toNumbers(picture);
  const across = along(source, grid, weights, "x");
  const both = along(across, grid, weights, "y");
  return picture.dtype === "float64" ? { ...picture, data: both } : pack(picture.dtype, picture.dims, isWhole(picture) ? both.map(Math.round) : both);
}

function isWhole({ dtype }: Tensor): boolean {
  return !dtype.startsWith("float") && dtype !== "bfloat16";
}

function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const raw = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const sum = raw.reduce((total, x) => total + x, 0);
  return raw.map((x) => x / sum);
}

function along(source: Float64Array, { channels, height, width, at }: Grid, weights: Float64Array, axis: "x" | "y"): Float64Array {
  const result = new Float64Array(source.length);
  const reach = (weights.length - 1) / 2;
  const clamp = (i: number, size: number): number => Math.min(size - 1, Math.max(0, i));
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          const shift = k - reach;
          const from = axis === "x" ? at(c, y, clamp(x + shift, width)) : at(c, clamp(y + shift, height), x);
          sum += (weights[k] ?? 0) * (source[from] ?? 0);
        }
        result[at(c, y, x)] = sum;
      }
  return result;
}
