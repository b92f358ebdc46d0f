import { basename } from "node:path";
import { mediaKind } from "../media/mediaKind.js";
import type { SampleFile, SampleRow } from "../sampleFile.js";

/** A picture or sound alone is one row; the column is called "image" or "audio". It is read when it is explained. */
export function openMedia(file: string): Promise<SampleFile> {
  const kind = mediaKind(file) ?? "image";
  return Promise.resolve(fromFiles(file, kind, kind, [{ path: file }]));
}

/** Files, one a row, with the class of the folder that each lies in. */
export function fromFiles(
  file: string,
  kind: "image" | "audio" | "folder",
  column: string,
  files: readonly { readonly path: string; readonly label?: string }[],
): SampleFile {
  const labelled = files.some(({ label }) => label !== undefined);
  const at = ({ path, label }: { readonly path: string; readonly label?: string }, row: number): SampleRow => ({
    row,
    cells: { [column]: basename(path), ...(labelled ? { label: label ?? null } : {}) },
    paths: { [column]: path },
  });
  return {
    file,
    kind,
    columns: labelled ? [column, "label"] : [column],
    count: () => Promise.resolve(files.length),
    rows: (from, count) => Promise.resolve(files.slice(from, from + count).map((entry, i) => at(entry, from + i))),
    async *all() {
      for (const [i, entry] of files.entries()) yield await Promise.resolve(at(entry, i));
    },
    close: () => Promise.resolve(),
  };
}
