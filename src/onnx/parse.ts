import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ExplainError } from "../base/diagnostic.js";
import { ModelProtoSchema, type ModelProto } from "./generated/onnx_pb.js";

/**
 * The protobuf message of a model file. Byte fields are views on `bytes`; nothing is copied.
 * Throws NOT_A_MODEL for a file of another kind and MODEL_TRUNCATED for one that stops in the middle.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function parseModel(bytes: Uint8Array, file: string): ModelProto {
  const other = describeOtherKind(bytes);
  if (other !== undefined)
    throw new ExplainError("NOT_A_MODEL", `This is ${other}, not an ONNX model.`, {
      file,
      hint: whatInstead(file),
    });
  let message: ModelProto;
  try {
    message = fromBinary(ModelProtoSchema, bytes);
  } catch {
    if (looksLikeModelStart(bytes))
      throw new ExplainError(
        "MODEL_TRUNCATED",
        `The file begins like an ONNX model but can't be read to its end (${bytes.length} bytes): it is cut off or damaged.`,
        { file, hint: "Copy, download or export it again and compare the sizes." },
      );
    throw new ExplainError("NOT_A_MODEL", "The file is not an ONNX model.", {
      file,
      hint: whatInstead(file),
    });
  }
  if (message.graph === undefined || (message.graph.node.length === 0 && message.graph.output.length === 0))
    throw new ExplainError("NOT_A_MODEL", "The file holds no ONNX graph.", {
      file,
      hint: whatInstead(file),
    });
  return message;
}

function whatInstead(file: string): string {
  return /\.(py|pt2?|pth|ckpt|joblib|pkl|pickle)$/i.test(file)
    ? 'Make an ONNX file of it first: explain-prediction export FILE, or "Explain PyTorch model…" in VS Code (docs/export.md).'
    : "Choose a file that was exported as ONNX (its name usually ends in .onnx).";
}

/** The bytes of a model message. */
export function serializeModel(message: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, message);
}

/** A ModelProto starts with ir_version (field 1, varint): 0x08 and a small number. */
function looksLikeModelStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1] !== undefined && bytes[1] > 0 && bytes[1] < 64;
}

function describeOtherKind(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "an empty file";
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  if (head.startsWith("PK\u0003\u0004")) return "a ZIP archive (PyTorch .pt and .pt2 files are such archives)";
  if (head.startsWith("\u0089PNG")) return "a PNG image";
  if (head.startsWith("\u00ff\u00d8\u00ff")) return "a JPEG image";
  if (head.startsWith("%PDF")) return "a PDF document";
  if (head.startsWith("\u0089HDF")) return "an HDF5 file (Keras .h5)";
  if (head.slice(4, 8) === "ORTM") return "an ONNX Runtime (.ort) file";
  if (head.slice(4, 8) === "TFL3") return "a TensorFlow Lite model";
  if (head.startsWith("version https://")) return "a Git LFS pointer, not the file itself (run `git lfs pull`)";
  if (head.startsWith("<!DOCTYPE") || head.startsWith("<html")) return "an HTML page";
  const start = bytes.subarray(0, 256);
  if (start.every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b < 127))) return "a text file";
  return undefined;
}
