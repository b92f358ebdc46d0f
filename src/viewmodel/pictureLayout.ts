import type { Credit } from "../protocol/explanation.js";

/** Where a picture's pixels are among the elements of an input. */
export interface PictureLayout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly position: (channel: number, line: number, column: number) => number;
}

const least = 4;
const isColour = (count: number | undefined): count is number => count === 1 || count === 3 || count === 4;

/** The picture that an input of this shape holds: channels first or last, or one plane where its role says so. Null when its shape is no picture's, or its elements have names. */
export function pictureLayout({ dims, labels, spans }: Pick<Credit, "dims" | "labels" | "spans">, role: string | undefined): PictureLayout | null {
  if (labels !== undefined || spans !== undefined) return null;
  const [a, b, c] = dims;
  const first = (channels: number, height: number, width: number): PictureLayout => ({
    channels,
    height,
    width,
    position: (channel, line, column) => (channel * height + line) * width + column,
  });
  // Of a sound: the strength of frequencies along time, which few channels of samples are not.
  const plane = role === "image" ? 2 : role === "audio" ? least : Infinity;
  if (dims.length === 2 && a !== undefined && b !== undefined && a >= plane && b >= plane) return first(1, a, b);
  if (dims.length !== 3 || a === undefined || b === undefined || c === undefined) return null;
  if (isColour(a) && b >= least && c >= least) return first(a, b, c);
  if (!isColour(c) || a < least || b < least) return null;
  return { channels: c, height: a, width: b, position: (channel, line, column) => (line * b + column) * c + channel };
}
