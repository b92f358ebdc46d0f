import type { Reader } from "../sampleFile.js";
import { openCsv } from "./csv.js";
import { openJson } from "./json.js";
import { openJsonLines } from "./jsonLines.js";
import { openNpy } from "./npy.js";
import { openNpz } from "./npz.js";
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
};

/** Known kinds that are refused, with the reason. */
export const unsupportedKinds: Readonly<Record<string, string>> = {
  ".xlsx": "Excel workbooks are not read.",
  ".xls": "Excel workbooks are not read.",
  ".pkl": "Pickle files can run code when read, so they are not opened.",
  ".pt": "PyTorch files are pickles, which can run code when read, so they are not opened.",
};
