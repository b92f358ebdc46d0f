import { basename } from "node:path";
import type { Sharp } from "sharp";
import { ExplainError } from "../../base/diagnostic.js";
import { limitOf, overLimit } from "../../base/limits.js";
import type { ColourOrder } from "../../protocol/sidecar.js";
import { channelCount, type ImageFormat } from "./imageFormat.js";
import { readMedia } from "./readMedia.js";
import { resizePixels, type Pixels } from "./resizePixels.js";

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
    const { width = 0, height = 0 } = await open(bytes, false).metadata();
    // Before any is decoded, and by us: the decoder would not say how many there are.
    if (width * height > limitOf("pixels"))
      throw overLimit("pixels", `${basename(file)} has ${width} × ${height} =`, width * height, {
        code: "SAMPLES_INVALID",
        file,
        hint: "Scale it down first.",
      });
    const { data, info } = await open(bytes).autoOrient().toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return resizePixels(inColours(data, info, format.colours), format);
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
async function openSharp(file: string): Promise<(bytes: Uint8Array, limitInputPixels?: number | false) => Sharp> {
  const { default: sharp } = await import("sharp").catch((error: unknown) => {
    throw new ExplainError("RUNTIME_MISSING", `Pictures can't be read here: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`, {
      file,
      hint: "The decoder has no binary for this platform. Save the pixels as an array (.npy) instead.",
    });
  });
  return (bytes, limitInputPixels = limitOf("pixels")) => sharp(bytes, { limitInputPixels, failOn: "warning", pages: 1 });
}

/** The decoded numbers as the channels that the input has. */
function inColours(data: Uint8Array, info: { readonly width: number; readonly height: number; readonly channels: number }, colours: ColourOrder): Pixels {
  const channels = channelCount(colours);
  const pixels = new Uint8Array(info.height * info.width * channels);
  const coloured = info.channels >= 3;
  for (let at = 0, to = 0; to < pixels.length; at += info.channels, to += channels) {
    const r = data[at] ?? 0;
    const g = coloured ? (data[at + 1] ?? 0) : r;
    const b = coloured ? (data[at + 2] ?? 0) : r;
    // ITU-R BT.601 on the stored values, in whole numbers, as image libraries for Python do it.
    if (colours === "grey") pixels[to] = coloured ? (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16 : r;
    else {
      pixels[to] = colours === "bgr" ? b : r;
      pixels[to + 1] = g;
      pixels[to + 2] = colours === "bgr" ? r : b;
      if (colours === "rgba") pixels[to + 3] = info.channels === 4 ? (data[at + 3] ?? 255) : info.channels === 2 ? (data[at + 1] ?? 255) : 255;
    }
  }
  return { height: info.height, width: info.width, channels, data: pixels };
}
