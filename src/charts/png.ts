import { zlibSync } from "fflate";

/** CRC of PNG chunks: https://www.w3.org/TR/png-3/#D-CRCAppendix */
function crc(bytes: Uint8Array): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  out.set(data, 8);
  view.setUint32(data.length + 8, crc(out.subarray(4, data.length + 8)));
  return out;
}

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Bytes up to which compressing takes longer than it saves. */
const small = 40_000;

/**
 * A picture as a PNG in a data address. `samples`: 0…255, row by row; one a pixel (grey) or three (colour).
 * Source: https://www.w3.org/TR/png-3/
 */
export function pngAddress(width: number, height: number, samples: Uint8Array): string {
  const depth = samples.length === width * height * 3 ? 3 : 1;
  const stride = width * depth;
  const lines = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) lines.set(samples.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, depth === 3 ? 2 : 0], 8);
  const parts = [signature, chunk("IHDR", header), chunk("IDAT", zlibSync(lines, { level: lines.length < small ? 0 : 6 })), chunk("IEND", new Uint8Array())];
  const file = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return `data:image/png;base64,${base64(file)}`;
}
