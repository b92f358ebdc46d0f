import { basename } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import { checkSamples, type Sound } from "./sound.js";

const pcm = 1;
const float = 3;
const aLaw = 6;
const muLaw = 7;
const extensible = 0xfffe;

/**
 * A RIFF/WAVE file: whole numbers of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, A-law and µ-law. Whole numbers are divided by 2^(bits − 1).
 * Source: Multimedia Programming Interface and Data Specifications 1.0; ITU-T G.711. Throws SAMPLES_INVALID, SAMPLES_EMPTY.
 */
export function parseWav(bytes: Uint8Array, file: string): Sound {
  const fail = (message: string, hint = "Write it as a 16-bit WAV file."): ExplainError =>
    new ExplainError("SAMPLES_INVALID", `${basename(file)} ${message}`, { file, hint });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || word(0) !== "RIFF" || word(8) !== "WAVE")
    throw fail(word(0) === "RF64" ? "is larger than a WAV file can be (RF64)." : "is not a WAV file.");
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (word(at) === "fmt ") {
      if (size < 16 || start + size > bytes.length) throw fail("is cut off in its header.");
      format = readFormat(view, start, size);
    }
    if (word(at) === "data") {
      if (format === undefined) throw fail("has no format before its samples.");
      if (start + size > bytes.length && size !== 0xffffffff)
        throw fail(`is cut off: ${size} bytes of samples are announced, ${bytes.length - start} are there.`);
      return samplesOf(view, start, Math.min(size, bytes.length - start), format, fail, file);
    }
    at = start + size + (size % 2);
  }
  throw fail("holds no samples.");
}

interface Format {
  readonly kind: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

function readFormat(view: DataView, at: number, size: number): Format {
  const kind = view.getUint16(at, true);
  // The first two bytes of the extended format's identifier are the kind itself.
  return {
    kind: kind === extensible && size >= 26 ? view.getUint16(at + 24, true) : kind,
    channels: view.getUint16(at + 2, true),
    rate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
}

function samplesOf(view: DataView, start: number, size: number, format: Format, fail: (message: string, hint?: string) => ExplainError, file: string): Sound {
  const { kind, channels, rate, bits } = format;
  const read = sampleReader(kind, bits, view);
  if (read === undefined) throw fail(`holds samples of format ${kind} with ${bits} bits, which is not read.`);
  if (channels === 0 || channels > 64 || rate === 0) throw fail(`has ${channels} channels at ${rate} samples a second.`);
  const step = bits / 8;
  const count = Math.floor(size / (step * channels));
  if (count === 0) throw new ExplainError("SAMPLES_EMPTY", `${basename(file)} holds no samples.`, { file });
  checkSamples(count * channels, file);
  return {
    rate,
    channels: Array.from({ length: channels }, (_, c) => Float32Array.from({ length: count }, (__, i) => read(start + (i * channels + c) * step))),
  };
}

function sampleReader(kind: number, bits: number, view: DataView): ((at: number) => number) | undefined {
  switch (`${kind} ${bits}`) {
    case `${pcm} 8`:
      return (at) => (view.getUint8(at) - 128) / 128;
    case `${pcm} 16`:
      return (at) => view.getInt16(at, true) / 2 ** 15;
    case `${pcm} 24`:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
    case `${pcm} 32`:
      return (at) => view.getInt32(at, true) / 2 ** 31;
    case `${float} 32`:
      return (at) => view.getFloat32(at, true);
    case `${float} 64`:
      return (at) => view.getFloat64(at, true);
    case `${aLaw} 8`:
      return (at) => fromALaw(view.getUint8(at)) / 2 ** 15;
    case `${muLaw} 8`:
      return (at) => fromMuLaw(view.getUint8(at)) / 2 ** 15;
  }
  return undefined;
}

function fromALaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 15) << 4) + (exponent === 0 ? 8 : 0x108);
  const size = exponent > 1 ? mantissa << (exponent - 1) : mantissa;
  return (bits & 0x80) !== 0 ? size : -size;
}

function fromMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const size = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) !== 0 ? -size : size;
}
