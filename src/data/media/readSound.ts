import { basename, extname } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import type { AudioFormat } from "./audioFormat.js";
import { parseFlac } from "./flac.js";
import { readMedia } from "./readMedia.js";
import { resample } from "./resample.js";
import type { Sound } from "./sound.js";
import { parseWav } from "./wav.js";

/** A WAV or FLAC file as the format asks for it: resampled, mixed down (or one channel repeated), scaled. Throws FILE_NOT_FOUND, SAMPLES_INVALID. */
export async function readSound(file: string, format: AudioFormat): Promise<Sound> {
  const bytes = await readMedia(file, "sound");
  const sound = extname(file).toLowerCase() === ".flac" ? await parseFlac(bytes, file) : parseWav(bytes, file);
  const rate = format.rate ?? sound.rate;
  const mixed = withChannels(sound, format.channels, file).map((samples) => resample(samples, sound.rate, rate));
  return { rate, channels: mixed.map((samples) => scaled(samples, format)) };
}

function withChannels({ channels }: Sound, wanted: number, file: string): readonly Float32Array[] {
  const [first = new Float32Array()] = channels;
  if (channels.length === wanted) return channels;
  if (wanted === 1) return [first.map((_, i) => channels.reduce((sum, samples) => sum + (samples[i] ?? 0), 0) / channels.length)];
  if (channels.length === 1) return Array.from({ length: wanted }, () => first);
  throw new ExplainError("SAMPLES_INVALID", `${basename(file)} has ${channels.length} channels, and the model takes ${wanted}.`, {
    file,
    hint: "Mix it down to as many channels, or to one.",
  });
}

/** Mean 0 and variance 1 with 1e-7 added under the root, as feature extractors of speech models do, or a factor. */
function scaled(samples: Float32Array, { scale, standardise }: AudioFormat): Float32Array {
  if (!standardise) return scale === 1 ? samples : samples.map((x) => x * scale);
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length;
  return samples.map((x) => (x - mean) / Math.sqrt(variance + 1e-7));
}
