import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { limitOf, overLimit } from "../base/limits.js";
import { openFolder } from "./readers/folder.js";
import { insteadOf, readers, unsupportedKinds } from "./readers/index.js";
import type { SampleFile, SampleRow } from "./sampleFile.js";

export type { CellValue, SampleFile, SampleKind, SampleRow } from "./sampleFile.js";

/** Opens a sample file by its suffix. Throws FILE_NOT_FOUND, SAMPLES_EMPTY or SAMPLES_INVALID. */
export async function openSamples(file: string): Promise<SampleFile> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined)
    throw new ExplainError("FILE_NOT_FOUND", `The sample file ${basename(file)} does not exist.`, { file, hint: "Check the path, or choose another file." });
  if (info.isDirectory()) return openFolder(file);
  if (!info.isFile()) throw new ExplainError("SAMPLES_INVALID", `${basename(file)} is not a file.`, { file, hint: "Choose a file with samples in it." });
  if (info.size === 0) throw new ExplainError("SAMPLES_EMPTY", "The sample file is empty.", { file, hint: "Give it a header line and at least one row." });
  const suffix = extname(file).toLowerCase();
  const reader = readers[suffix];
  if (reader !== undefined) return reader(file);
  throw new ExplainError("SAMPLES_INVALID", unsupportedKinds[suffix] ?? `Files ending in "${suffix}" are not read as samples.`, {
    file,
    hint: insteadOf(suffix),
  });
}

/** The records with these numbers, in the order asked. Throws ROW_MISSING for one that does not exist, LIMIT_EXCEEDED for too many. */
export async function readRows(samples: SampleFile, rows: readonly number[] | "all"): Promise<SampleRow[]> {
  const found: SampleRow[] = [];
  const refuse = (count: number): ExplainError => overLimit("rows", "The request is for at least", count, { file: samples.file, hint: "Ask for fewer rows." });
  const most = limitOf("rows");
  if (rows === "all") {
    for await (const row of samples.all()) if (found.push(row) > most) throw refuse(found.length);
    return found;
  }
  if (rows.length > most) throw refuse(rows.length);
  for (let i = 0; i < rows.length;) {
    // Neighbouring rows are read in one go.
    const from = rows[i] ?? 0;
    let run = 1;
    while (rows[i + run] === from + run) run++;
    const part = Number.isInteger(from) && from >= 0 ? await samples.rows(from, run) : [];
    if (part.length < run) {
      const total = await samples.count();
      throw new ExplainError("ROW_MISSING", `Row ${from + part.length} does not exist: the file has ${total} row${total === 1 ? "" : "s"}.`, {
        file: samples.file,
        hint: total === 1 ? "Rows count from 0; the only row is 0." : `Rows count from 0; the last is ${total - 1}.`,
      });
    }
    for (const row of part) found.push(row);
    i += run;
  }
  return found;
}
