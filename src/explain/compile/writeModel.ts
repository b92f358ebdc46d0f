import { create } from "@bufbuild/protobuf";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import { writeError } from "../../base/writeError.js";
import { writeWhole } from "../../base/writeWhole.js";
import { encodeModel } from "../../graph/encode.js";
import { byteLength } from "../../graph/initializer.js";
import type { Graph, Initializer } from "../../graph/ir.js";
import { StringStringEntryProtoSchema } from "../../onnx/generated/onnx_pb.js";
import { serializeModel } from "../../onnx/parse.js";

/** Above this, weights go to a file beside the model: a protobuf message ends at 2 GiB. */
const embedUpTo = 2 ** 30;
/** Smaller constants stay in the model in any case. */
const placeAbove = 1024;
/** Data files of other tools begin weights at multiples of this, so that they can be mapped. */
const alignment = 4096;
/** Bytes that are copied at once. */
const chunk = 2 ** 24;

/** The files of a written model, with their sizes. */
export interface WrittenModel {
  readonly file: string;
  readonly bytes: number;
  /** The weights beside it, where they are too large for one file. */
  readonly data?: { readonly file: string; readonly bytes: number };
}

/**
 * Writes a graph as an ONNX file: complete or not at all. Weights are embedded, or lie in `<out>.data` where they are large.
 * @param folder where external weights of the graph lie
 * Throws DISK_FULL and FILE_NOT_FOUND with the reason when it can't be written.
 */
export async function writeModel(
  graph: Graph,
  out: string,
  folder: string,
  metadata: Readonly<Record<string, string>>,
  limit = embedUpTo,
): Promise<WrittenModel> {
  const total = [...graph.initializers.values()].reduce((sum, i) => sum + (i.dtype === "string" ? 0 : byteLength(i)), 0);
  const data = `${out}.data`;
  try {
    const placed = total > limit ? await writeData(graph, data, folder) : undefined;
    const message = encodeModel(placed?.graph ?? (await embedded(graph, folder)));
    message.metadataProps.push(...Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })));
    const bytes = serializeModel(message);
    if (placed !== undefined) await rename(unfinished(data), data);
    await writeWhole(out, bytes);
    return { file: out, bytes: bytes.length, ...(placed === undefined ? {} : { data: placed.data }) };
  } catch (error) {
    await rm(unfinished(data), { force: true });
    throw writeError(error, out);
  }
}

/** The weights' file until all of them are in it. */
const unfinished = (data: string): string => `${data}.tmp`;

/** The graph with weights of other files read into it, but for those in `except`. */
async function embedded(graph: Graph, folder: string, except?: string): Promise<Graph> {
  const initializers = new Map<string, Initializer>();
  for (const [name, initializer] of graph.initializers) {
    if (initializer.content.kind !== "external" || initializer.content.location === except) {
      initializers.set(name, initializer);
      continue;
    }
    const { location, offset, length } = initializer.content;
    const handle = await open(join(folder, location));
    try {
      const bytes = new Uint8Array(length);
      await handle.read(bytes, 0, length, offset);
      initializers.set(name, { ...initializer, content: { kind: "raw", bytes } });
    } finally {
      await handle.close();
    }
  }
  return { ...graph, initializers };
}

/** Writes the weights to what becomes `file`; the graph then says where they lie in it. */
async function writeData(
  graph: Graph,
  file: string,
  folder: string,
): Promise<{ readonly graph: Graph; readonly data: { readonly file: string; readonly bytes: number } }> {
  const initializers = new Map(graph.initializers);
  const target = await open(unfinished(file), "w");
  let end = 0;
  try {
    for (const initializer of graph.initializers.values()) {
      const { name, content, dtype } = initializer;
      const length = dtype === "string" ? 0 : byteLength(initializer);
      if (content.kind === "strings" || length < placeAbove) continue;
      const offset = Math.ceil(end / alignment) * alignment;
      if (content.kind === "raw") await target.write(content.bytes, 0, length, offset);
      else await copyRange(join(folder, content.location), content.offset, length, target, offset);
      initializers.set(name, { ...initializer, content: { kind: "external", location: basename(file), offset, length } });
      end = offset + length;
    }
  } finally {
    await target.close();
  }
  return { graph: await embedded({ ...graph, initializers }, folder, basename(file)), data: { file, bytes: end } };
}

async function copyRange(from: string, start: number, length: number, target: FileHandle, at: number): Promise<void> {
  const source = await open(from);
  try {
    const buffer = new Uint8Array(Math.min(chunk, length));
    for (let done = 0; done < length;) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, length - done), start + done);
      if (bytesRead === 0) throw new ExplainError("EXTERNAL_DATA", `The weights in ${from} end too early.`, { file: from });
      await target.write(buffer, 0, bytesRead, at + done);
      done += bytesRead;
    }
  } finally {
    await source.close();
  }
}
