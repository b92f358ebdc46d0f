import { ExplainError } from "../base/diagnostic.js";
import { byteSize } from "../tensor/dtype.js";
import { allocate, sizeOf, type Tensor } from "../tensor/tensor.js";
import type { Initializer } from "./ir.js";

/** The tensor behind an initializer, copied out of the file's buffer (alignment). Throws EXTERNAL_DATA for one that lies in another file. */
export function readInitializer(initializer: Initializer): Tensor {
  const { name, dtype, dims, content } = initializer;
  if (content.kind === "strings") return { dtype, dims, data: content.values };
  if (content.kind === "external") throw new ExplainError("EXTERNAL_DATA", `The constant "${name}" lies in ${content.location} and is not read into memory.`);
  if (dtype === "string") throw new ExplainError("MODEL_INVALID", `The constant "${name}" holds bytes where strings are expected.`);
  const data = allocate(dtype, sizeOf(dims));
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length !== content.bytes.length)
    throw new ExplainError(
      "MODEL_INVALID",
      `The constant "${name}" has ${content.bytes.length} bytes, but its type ${dtype}[${dims.join(", ")}] needs ${bytes.length}.`,
      { hint: "The file is damaged; export or download it again." },
    );
  bytes.set(content.bytes);
  return { dtype, dims, data };
}

/** An initializer that holds a copy-free view of the tensor's memory. */
export function toInitializer(name: string, tensor: Tensor): Initializer {
  const { dtype, dims, data } = tensor;
  if (!ArrayBuffer.isView(data)) return { name, dtype, dims, content: { kind: "strings", values: data } };
  return { name, dtype, dims, content: { kind: "raw", bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) } };
}

/** Bytes the constant takes in memory. */
export function byteLength(initializer: Initializer): number {
  return sizeOf(initializer.dims) * byteSize[initializer.dtype];
}
