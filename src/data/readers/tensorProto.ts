import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { ExplainError } from "../../base/diagnostic.js";
import { decodeTensor } from "../../graph/decodeTensor.js";
import { byteLength, readInitializer } from "../../graph/initializer.js";
import { TensorProtoSchema } from "../../onnx/generated/onnx_pb.js";
import { toNumbers } from "../../tensor/tensor.js";
import { fromArrays, type NumberArray } from "../arrayRows.js";
import { readWhole } from "../readWhole.js";
import type { SampleFile } from "../sampleFile.js";

/** Opens a tensor saved as ONNX saves test data: axis 0 is the row. `input_0.pb` brings the other `input_*.pb` of its folder along, one column each. */
export async function openTensorProto(file: string): Promise<SampleFile> {
  const numbered = /^input_\d+\.pb$/;
  const names = numbered.test(basename(file))
    ? (await readdir(dirname(file))).filter((name) => numbered.test(name)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    : [basename(file)];
  const arrays = new Map<string, NumberArray>();
  for (const name of names) {
    const { column, array } = await readTensor(join(dirname(file), name));
    arrays.set(arrays.has(column) ? name.replace(/\.pb$/, "") : column, array);
  }
  // Test data of a model may have inputs without a batch axis beside others: then all of it is one run, one row.
  const counts = new Set([...arrays.values()].filter(({ dims }) => dims.length > 0).map(({ dims }) => dims[0]));
  return fromArrays(file, "tensorProto", arrays.size > 1 && counts.size > 1 ? new Map([...arrays].map(([name, array]) => [name, asOneRow(array)])) : arrays);
}

function asOneRow(array: NumberArray): NumberArray {
  return array.dims.length === 0 ? array : { dims: [1, ...array.dims], at: ([, ...index]) => array.at(index) };
}

async function readTensor(file: string): Promise<{ column: string; array: NumberArray }> {
  const bytes = await readWhole(file);
  try {
    const message = fromBinary(TensorProtoSchema, bytes);
    const initializer = decodeTensor(message, basename(file));
    // Its shape is a claim; memory is taken for what is there.
    if (initializer.content.kind === "raw" && byteLength(initializer) !== initializer.content.bytes.length)
      throw new ExplainError(
        "SAMPLES_INVALID",
        `Its shape [${initializer.dims.join(", ")}] needs ${byteLength(initializer)} bytes, ${initializer.content.bytes.length} are there.`,
      );
    const { dims, data, dtype } = readInitializer(initializer);
    const numbers = dtype === "string" ? (data as readonly string[]) : toNumbers({ dims, data, dtype });
    const at = (index: readonly number[]): number | string => numbers[index.reduce((offset, i, axis) => offset * (dims[axis] ?? 1) + i, 0)] ?? 0;
    return { column: message.name === "" ? basename(file, ".pb") : message.name, array: { dims, at } };
  } catch (error) {
    if (error instanceof ExplainError) throw new ExplainError("SAMPLES_INVALID", error.message, { file });
    throw new ExplainError("SAMPLES_INVALID", "The file is not a tensor as ONNX saves it (TensorProto), or it is cut off.", { file });
  }
}
