import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import { limitOf, overLimit } from "../../base/limits.js";
import { mediaKind, type MediaKind } from "../media/mediaKind.js";
import type { SampleFile } from "../sampleFile.js";
import { fromFiles } from "./media.js";
import { openTensorProto } from "./tensorProto.js";

/**
 * A folder as samples: pictures or sounds, one a row by name (in folders of their own, whose names are then the classes), or ONNX test data (`input_0.pb`, …, or
 * `test_data_set_0` with them). Throws SAMPLES_INVALID.
 */
export async function openFolder(folder: string): Promise<SampleFile> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const first = entries.find(({ name }) => /^input_\d+\.pb$/.test(name));
  if (first !== undefined) return openTensorProto(join(folder, first.name));
  const set = entries.find((entry) => entry.isDirectory() && /^test_data_set_\d+$/.test(entry.name));
  if (set !== undefined) return openTensorProto(join(folder, set.name, "input_0.pb"));
  const files: { path: string; label?: string; kind: MediaKind }[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const kind = mediaKind(entry.name);
    if (entry.isFile() && kind !== null) files.push({ path, kind });
    else if (entry.isDirectory())
      for (const inner of (await readdir(path, { withFileTypes: true })).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))) {
        const innerKind = mediaKind(inner.name);
        if (inner.isFile() && innerKind !== null) files.push({ path: join(path, inner.name), label: entry.name, kind: innerKind });
      }
    if (files.length > limitOf("folderFiles"))
      throw overLimit("folderFiles", "The folder holds at least", files.length, { code: "SAMPLES_INVALID", file: folder, hint: "Choose a smaller folder." });
  }
  const [sample] = files;
  if (sample === undefined)
    throw new ExplainError("SAMPLES_INVALID", `The folder ${basename(folder)} holds no pictures, sounds or ONNX test data.`, {
      file: folder,
      hint: "Choose a sample file, or a folder with .png, .jpg, .wav, .flac or input_0.pb files.",
    });
  return fromFiles(
    folder,
    "folder",
    sample.kind,
    files.filter(({ kind }) => kind === sample.kind),
  );
}
