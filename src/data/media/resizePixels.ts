import type { Resample } from "../../protocol/sidecar.js";
import type { ImageFormat } from "./imageFormat.js";

/** Pixels of 0 … 255: `channels` numbers a pixel, row by row. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Bits behind the point of the filters' whole-number weights. */
const precision = 2 ** 22;

/** Filters over distances in pixels of the smaller side's scale, and how far they reach. */
const filters: Readonly<Record<Exclude<Resample, "nearest">, { readonly reach: number; readonly weight: (x: number) => number }>> = {
  bilinear: { reach: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { reach: 2, weight: cubic },
  lanczos: { reach: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** A picture in the size that the format asks for: stretched, cut or padded with black. Level for level what Pillow makes of it. */
export function resizePixels(picture: Pixels, { height, width, fit, shortestEdge, resample }: ImageFormat): Pixels {
  if (height === null || width === null) return picture;
  if (fit === "stretch") return resized(picture, height, width, resample);
  const short = Math.min(picture.height, picture.width);
  const rate = (size: number, factor: number): number => Math.max(1, Math.floor(size * factor + 1e-9));
  const factor =
    fit === "pad"
      ? Math.min(height / picture.height, width / picture.width)
      : shortestEdge === undefined
        ? Math.max(height / picture.height, width / picture.width)
        : shortestEdge / short;
  return placed(resized(picture, rate(picture.height, factor), rate(picture.width, factor), resample), height, width);
}

/** The middle of a picture; black where it is smaller. */
function placed(picture: Pixels, height: number, width: number): Pixels {
  if (picture.height === height && picture.width === width) return picture;
  const { channels } = picture;
  const top = Math.floor((picture.height - height) / 2);
  const left = Math.floor((picture.width - width) / 2);
  const data = new Uint8Array(height * width * channels);
  const from = Math.max(0, left);
  const count = Math.min(picture.width, left + width) - from;
  for (let y = Math.max(0, -top); y < Math.min(height, picture.height - top); y++) {
    const start = ((y + top) * picture.width + from) * channels;
    data.set(picture.data.subarray(start, start + count * channels), (y * width + from - left) * channels);
  }
  return { height, width, channels, data };
}

/** First along the rows, then along the columns, rounded to whole levels after each, as Pillow does (libImaging/Resample.c). */
function resized(picture: Pixels, height: number, width: number, resample: Resample): Pixels {
  const across = picture.width === width ? picture : alongRows(picture, taps(picture.width, width, resample));
  return picture.height === height ? across : transposed(alongRows(transposed(across), taps(picture.height, height, resample)));
}

interface Tap {
  readonly from: number;
  readonly weights: Float64Array;
}

function taps(from: number, to: number, resample: Resample): readonly Tap[] {
  const scale = from / to;
  if (resample === "nearest")
    return Array.from({ length: to }, (_, i) => ({ from: Math.min(from - 1, Math.floor((i + 0.5) * scale)), weights: Float64Array.of(precision) }));
  const { reach, weight } = filters[resample];
  const widen = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach * widen + 0.5));
    const last = Math.min(from, Math.trunc(center + reach * widen + 0.5));
    const raw = Float64Array.from({ length: last - first }, (__, k) => weight((k + first - center + 0.5) / widen));
    const sum = raw.reduce((total, w) => total + w, 0);
    return { from: first, weights: raw.map((w) => Math.trunc((w / sum) * precision + (w < 0 ? -0.5 : 0.5))) };
  });
}

function alongRows({ height, width, channels, data }: Pixels, list: readonly Tap[]): Pixels {
  const made = new Uint8Array(height * list.length * channels);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (const { from, weights } of list) {
      const start = (y * width + from) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = precision / 2;
        for (let k = 0, at = start + c; k < weights.length; k++, at += channels) sum += (data[at] ?? 0) * (weights[k] ?? 0);
        made[to++] = Math.min(255, Math.max(0, Math.floor(sum / precision)));
      }
    }
  return { height, width: list.length, channels, data: made };
}

function transposed({ height, width, channels, data }: Pixels): Pixels {
  const made = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) made[(x * height + y) * channels + c] = data[(y * width + x) * channels + c] ?? 0;
  return { height: width, width: height, channels, data: made };
}

/** Keys' cubic with a = −0.5. */
function cubic(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
