import { basename } from "node:path";
import type { Sharp } from "sharp";
import { ExplainError } from "../../base/diagnostic.js";
import type { Resample } from "../../protocol/sidecar.js";
import { channelCount, type ImageFormat } from "./imageFormat.js";
import { readMedia } from "./readMedia.js";

/** Most pixels a picture may have; it is checked before any is decoded. */
const pixelLimit = 50_000_000;

const kernels = { nearest: "nearest", bilinear: "linear", bicubic: "cubic", lanczos: "lanczos3" } as const satisfies Record<Resample, string>;

/** Pixels of 0 … 255: `channels` numbers a pixel, row by row. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/**
 * A PNG, JPEG, WebP, TIFF, GIF or AVIF file, turned upright, scaled and in the format's colours; the first page of several.
 * Throws FILE_NOT_FOUND, SAMPLES_INVALID for what is no picture, is cut off or is too large.
 */
export async function readImage(file: string, format: ImageFormat): Promise<Pixels> {
  const bytes = await readMedia(file, "picture");
  // The decoder would also open drawings and documents, which can name other files.
  if (!isPicture(bytes))
    throw new ExplainError("SAMPLES_INVALID", `${basename(file)} is not a PNG, JPEG, WebP, TIFF, GIF or AVIF picture.`, {
      file,
      hint: "Save it as PNG first.",
    });
  const open = await openSharp(file);
  try {
    const { width = 0, height = 0 } = await open(bytes).metadata();
    if (width * height > pixelLimit) throw tooLarge(file, width, height);
    const { data, info } = await scaled(open(bytes).autoOrient(), format).raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return inColours(data, info, format);
  } catch (error) {
    if (error instanceof ExplainError) throw error;
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new ExplainError("SAMPLES_INVALID", `${basename(file)} is not a whole picture: ${why ?? ""}`, {
      file,
      hint: "Choose a PNG, JPEG, WebP or TIFF file that other programs can open.",
    });
  }
}

/** By the first bytes of the file. */
function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length)).toString("latin1");
  return (
    /^(\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|II[*+]\0|MM\0[*+])/.test(head) ||
    (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") ||
    /^(avif|avis)$/.test(head.slice(8, 12))
  );
}

/** The decoder is loaded when the first picture is: a machine for which it has no binary can do everything else. */
async function openSharp(file: string): Promise<(bytes: Uint8Array) => Sharp> {
  const { default: sharp } = await import("sharp").catch((error: unknown) => {
    throw new ExplainError("RUNTIME_MISSING", `Pictures can't be read here: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`, {
      file,
      hint: "The decoder has no binary for this platform. Save the pixels as an array (.npy) instead.",
    });
  });
  return (bytes) => sharp(bytes, { limitInputPixels: pixelLimit, failOn: "warning", pages: 1 });
}

function scaled(image: Sharp, { height, width, fit, shortestEdge, resample }: ImageFormat): Sharp {
  const upright = image.toColourspace("srgb");
  if (height === null || width === null) return upright;
  const kernel = kernels[resample];
  const exact = { kernel, fastShrinkOnLoad: false } as const;
  if (fit === "stretch") return upright.resize({ height, width, fit: "fill", ...exact });
  if (fit === "pad") return upright.resize({ height, width, fit: "contain", background: "#000", ...exact });
  if (shortestEdge === undefined || (shortestEdge <= height && shortestEdge <= width)) return upright.resize({ height, width, fit: "cover", ...exact });
  // The middle of a picture whose shorter edge has `shortestEdge` pixels is the middle part of the picture itself, scaled to that share of it.
  return upright.resize({ height: shortestEdge, width: shortestEdge, fit: "outside", ...exact });
}

function inColours(data: Uint8Array, info: { readonly width: number; readonly height: number; readonly channels: number }, format: ImageFormat): Pixels {
  const cut = middle(info, format);
  const channels = channelCount(format.colours);
  const pixels = new Uint8Array(cut.height * cut.width * channels);
  const coloured = info.channels >= 3;
  for (let y = 0; y < cut.height; y++)
    for (let x = 0; x < cut.width; x++) {
      const at = ((y + cut.top) * info.width + x + cut.left) * info.channels;
      const to = (y * cut.width + x) * channels;
      const r = data[at] ?? 0;
      const g = coloured ? (data[at + 1] ?? 0) : r;
      const b = coloured ? (data[at + 2] ?? 0) : r;
      // ITU-R BT.601 on the stored values, in whole numbers, as image libraries for Python do it.
      if (format.colours === "grey") pixels[to] = coloured ? (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16 : r;
      else {
        pixels[to] = format.colours === "bgr" ? b : r;
        pixels[to + 1] = g;
        pixels[to + 2] = format.colours === "bgr" ? r : b;
        if (format.colours === "rgba") pixels[to + 3] = info.channels === 4 ? (data[at + 3] ?? 255) : info.channels === 2 ? (data[at + 1] ?? 255) : 255;
      }
    }
  return { height: cut.height, width: cut.width, channels, data: pixels };
}

/** The part of the decoded picture that is used: all of it, or the middle after a scale to a shortest edge. */
function middle(info: { readonly width: number; readonly height: number }, format: ImageFormat): { top: number; left: number; height: number; width: number } {
  const height = Math.min(info.height, format.height ?? info.height);
  const width = Math.min(info.width, format.width ?? info.width);
  return { top: Math.floor((info.height - height) / 2), left: Math.floor((info.width - width) / 2), height, width };
}

function tooLarge(file: string, width: number, height: number): ExplainError {
  return new ExplainError("SAMPLES_INVALID", `${basename(file)} has ${width} × ${height} pixels; the limit is ${pixelLimit / 1e6} million.`, {
    file,
    hint: "Scale it down first.",
  });
}
