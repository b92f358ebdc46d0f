import { basename } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import { checkSamples, type Sound } from "./sound.js";

/** Bytes handed to the decoder at a time, so that a file that unpacks to too much is noticed early. */
const chunkBytes = 64 * 1024;

/** A FLAC file (RFC 9639). Throws SAMPLES_INVALID for one that is cut off, damaged or unpacks to too much. */
export async function parseFlac(bytes: Uint8Array, file: string): Promise<Sound> {
  const fail = (message: string): ExplainError =>
    new ExplainError("SAMPLES_INVALID", `${basename(file)} ${message}`, { file, hint: "Write it again, or as a WAV file." });
  const announced = readStreamInfo(bytes);
  if (announced === undefined) throw fail("is not a FLAC file.");
  checkSamples(announced.total * announced.channels, file);
  const { FLACDecoder } = await import("@wasm-audio-decoders/flac");
  const decoder = new FLACDecoder();
  await decoder.ready;
  const parts: Float32Array[][] = [];
  let total = 0;
  let rate = announced.rate;
  const take = (decoded: Awaited<ReturnType<typeof decoder.flush>>): void => {
    const [damage] = decoded.errors;
    if (damage !== undefined) throw fail(`is damaged: ${damage.message}.`);
    if (decoded.samplesDecoded === 0) return;
    // The decoder divides whole numbers by the largest of them; everything else (WAV readers, Python's soundfile) by one more.
    const largest = 2 ** (decoded.bitDepth - 1) - 1;
    parts.push(decoded.channelData.map((samples) => samples.map((x) => Math.round(x * largest) / (largest + 1))));
    rate = decoded.sampleRate;
    total += decoded.samplesDecoded;
    checkSamples(total * decoded.channelData.length, file);
  };
  try {
    for (let at = 0; at < bytes.length; at += chunkBytes) take(await decoder.decode(bytes.subarray(at, at + chunkBytes)));
    take(await decoder.flush());
  } catch (error) {
    if (error instanceof ExplainError) throw error;
    throw fail(`is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    decoder.free();
  }
  if (total === 0) throw fail("holds no whole frame of samples.");
  if (announced.total > total) throw fail(`is cut off: ${announced.total} samples are announced, ${total} are there.`);
  const channels = parts[0]?.length ?? 0;
  return { rate, channels: Array.from({ length: channels }, (_, c) => joined(parts.map((part) => part[c] ?? new Float32Array()))) };
}

/** Rate, channels and number of samples of the first metadata block; total 0 when the file does not say. */
function readStreamInfo(bytes: Uint8Array): { readonly rate: number; readonly channels: number; readonly total: number } | undefined {
  if (bytes.length < 42 || String.fromCharCode(...bytes.subarray(0, 4)) !== "fLaC" || ((bytes[4] ?? 0) & 0x7f) !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed = view.getUint32(18);
  return { rate: packed >>> 12, channels: ((packed >>> 9) & 7) + 1, total: (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
