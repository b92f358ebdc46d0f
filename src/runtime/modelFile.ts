import { open } from "node:fs/promises";
import { basename } from "node:path";
import { mapSubgraphs } from "../graph/attributes.js";
import { byteLength } from "../graph/initializer.js";
import type { Graph, Initializer, Model } from "../graph/ir.js";
import { isFloat } from "../tensor/dtype.js";

/** ES2024; Node has it since 20. */
interface ResizableBuffer extends ArrayBuffer {
  resize(length: number): void;
}
const Resizable = ArrayBuffer as unknown as new (length: number, options: { readonly maxByteLength: number }) => ResizableBuffer;

/** Bytes of a file that can be given back at once, not when the garbage collector comes round to it: a model's weights would be in memory twice until then. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  /** Every view on the bytes is empty from then on. */
  readonly release: () => void;
}

/** Most that is asked of one read. */
const chunk = 2 ** 28;

/** Reads a whole file. */
export async function readReleasable(file: string, size: number): Promise<FileBytes> {
  const buffer = new Resizable(size, { maxByteLength: size });
  const bytes = new Uint8Array(buffer);
  const handle = await open(file);
  let at = 0;
  try {
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(chunk, size - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return { bytes: at < size ? bytes.subarray(0, at) : bytes, release: () => buffer.resize(0) };
}

/** Below this, constants are copied. */
const leaveAbove = 1024;

/** The model without views on its file's bytes: large float constants are named by their place in the file, as external data are; the others are copied. */
export function leaveInFile(model: Model, file: string, bytes: Uint8Array): Model {
  const location = basename(file);
  const place = (i: Initializer): Initializer => {
    if (i.content.kind !== "raw" || i.content.bytes.buffer !== bytes.buffer) return i;
    const view = i.content.bytes;
    if (!isFloat(i.dtype) || byteLength(i) < leaveAbove) return { ...i, content: { kind: "raw", bytes: view.slice() } };
    return { ...i, content: { kind: "external", location, offset: view.byteOffset - bytes.byteOffset, length: view.byteLength } };
  };
  const copy = (i: Initializer): Initializer => (i.content.kind === "raw" ? { ...i, content: { kind: "raw", bytes: i.content.bytes.slice() } } : i);
  // What a branch or a body holds is embedded with it.
  const inner = (graph: Graph): Graph => mapped(graph, copy, inner);
  const outer = mapped(model.graph, place, inner);
  return { ...model, graph: outer, functions: model.functions.map((f) => ({ ...f, nodes: f.nodes.map((n) => mapSubgraphs(n, inner)) })) };
}

function mapped(graph: Graph, change: (i: Initializer) => Initializer, inner: (graph: Graph) => Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((n) => mapSubgraphs(n, inner)),
    initializers: new Map([...graph.initializers].map(([name, i]) => [name, change(i)])),
  };
}
