import { audioSuffixes, imageSuffixes } from "../media/mediaKind.js";
import type { Reader } from "../sampleFile.js";
import { openCsv } from "./csv.js";
import { openJson } from "./json.js";
import { openJsonLines } from "./jsonLines.js";
import { openMedia } from "./media.js";
import { openNpy } from "./npy.js";
import { openNpz } from "./npz.js";
import { openParquet } from "./parquet.js";
import { openTensorProto } from "./tensorProto.js";
import { openText } from "./text.js";

/** The table of readers: file suffix → reader. */
export const readers: Readonly<Record<string, Reader>> = {
  ".csv": openCsv,
  ".tsv": openCsv,
  ".tab": openCsv,
  ".json": openJson,
  ".jsonl": openJsonLines,
  ".ndjson": openJsonLines,
  ".txt": openText,
  ".npy": openNpy,
  ".npz": openNpz,
  ".pb": openTensorProto,
  ".parquet": openParquet,
  ...Object.fromEntries([...imageSuffixes, ...audioSuffixes].map((suffix) => [suffix, openMedia])),
};

/** Known kinds that are refused, with the reason. */
export const unsupportedKinds: Readonly<Record<string, string>> = {
  ".xlsx": "Excel workbooks are not read.",
  ".xls": "Excel workbooks are not read.",
  ".mp3": "MP3 sounds are not read.",
  ".ogg": "Ogg sounds are not read.",
  ".opus": "Opus sounds are not read.",
  ".m4a": "AAC sounds are not read.",
  ".aac": "AAC sounds are not read.",
  ".aif": "AIFF sounds are not read.",
  ".aiff": "AIFF sounds are not read.",
  ".mp4": "Films are not read.",
  ".bmp": "BMP pictures are not read.",
  ".svg": "SVG drawings are not read: they have no pixels of their own.",
  ".heic": "HEIC pictures are not read.",
  ".pkl": "Pickle files can run code when read, so they are not opened.",
  ".pt": "PyTorch files are pickles, which can run code when read, so they are not opened.",
};

/** What to do about a file that is not read. */
export function insteadOf(suffix: string): string {
  if (/^\.(mp3|ogg|opus|m4a|aac|aiff?)$/.test(suffix)) return `Convert it to WAV or FLAC first, for example: ffmpeg -i sound${suffix} sound.wav`;
  if (/^\.(bmp|svg|heic)$/.test(suffix)) return "Save it as PNG first.";
  if (/^\.xlsx?$/.test(suffix)) return "Save the sheet as CSV first.";
  return `Supported: ${Object.keys(readers).join(", ")}, and folders of pictures or sounds.`;
}
