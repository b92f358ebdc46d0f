import { readFile, stat } from "node:fs/promises";
import { ExplainError } from "../base/diagnostic.js";
import { mapAbove } from "../base/mapAbove.js";
import type { Feeds } from "../attribution/plan.js";
import { decodeModel } from "../graph/decode.js";
import type { Model } from "../graph/ir.js";
import { parseModel } from "../onnx/parse.js";
import { createAttributor } from "./attribute.js";
import { leaveInFile, readReleasable, type FileBytes } from "./modelFile.js";
import { normalize, widenFeeds } from "./normalize.js";
import type { OpenModel } from "./openModel.js";
import { createSession, type Session } from "./session.js";
import { sessionBytes, sessionLimits } from "./sessionBytes.js";
import { createSessionCache } from "./sessionCache.js";
import { checkModelSize, weightSettings } from "./weights.js";

/** Node reads at most this into one buffer; protobuf ends there too, larger models keep their weights in external files. */
const largestFile = 2 ** 31 - 1;

/**
 * Opens an ONNX file. Throws FILE_NOT_FOUND, NOT_A_MODEL, MODEL_TRUNCATED, MODEL_INVALID, MODEL_UNSUPPORTED, EXTERNAL_DATA, RUNTIME_FAILED,
 * each with the file and what to do.
 */
export async function openModel(file: string, options: { readonly threads?: number } = {}): Promise<OpenModel> {
  const started = performance.now();
  const { bytes, release } = await readModelFile(file);
  const size = bytes.length;
  const decoded = decodeModel(parseModel(bytes, file));
  const model = size > mapAbove ? leaveInFile(decoded, file, bytes) : decoded;
  release();
  const settings = { ...weightSettings(file, bytes, model.graph), ...(options.threads === undefined ? {} : { threads: options.threads }) };
  const { graph, labels, remarks } = await normalize(model, settings).catch((error: unknown) => {
    throw error instanceof ExplainError && error.diagnostic.file === undefined
      ? new ExplainError(error.diagnostic.code, error.message, { ...error.diagnostic, file })
      : error;
  });
  const sessions = createSessionCache<Session>(sessionLimits, (session) => session.release());
  const forward = (values: readonly string[]): Promise<Session> =>
    sessions.get(values.join("\n"), async () => {
      const asked = { ...graph, outputs: values.map((name) => ({ name, dtype: null, dims: null })) };
      return { value: await createSession(asked, settings), bytes: sessionBytes(asked) };
    });
  const run = async (feeds: Feeds, values: readonly string[] = graph.outputs.map((o) => o.name)): Promise<Feeds> =>
    (await forward(values)).run(widenFeeds(graph, feeds));
  const attributor = createAttributor(graph, settings);
  // The runtime checks what decoding can't: operators, attributes and types.
  await forward(graph.outputs.map((o) => o.name)).catch((error: unknown) => {
    throw error instanceof ExplainError
      ? new ExplainError("MODEL_INVALID", error.message, {
          file,
          hint: "ONNX Runtime refuses this model; it may be damaged or use operators that this version does not have.",
        })
      : error;
  });
  return {
    file,
    bytes: size,
    model,
    graph,
    labels,
    diagnostics: remarks,
    loadMilliseconds: performance.now() - started,
    run,
    attribute: (request, context) => attributor.attribute(request, context),
    programs: (request) => attributor.programs(request),
    rowsTogether: (inputs) => attributor.rowsTogether(inputs),
    dispose: async () => {
      await attributor.dispose();
      await sessions.dispose();
    },
  };
}

/** A model file, decoded and no more: nothing is checked that the runtime would check. Throws as `openModel` does for files that are no models. */
export async function readModel(file: string): Promise<{ readonly bytes: number; readonly model: Model }> {
  const { bytes } = await readModelFile(file);
  return { bytes: bytes.length, model: decodeModel(parseModel(bytes, file)) };
}

async function readModelFile(file: string): Promise<FileBytes> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) throw new ExplainError("FILE_NOT_FOUND", "There is no such file.", { file, hint: "Check the path." });
  if (info.isDirectory()) throw new ExplainError("NOT_A_MODEL", "This is a folder, not a model file.", { file, hint: "Choose the .onnx file inside it." });
  // A pipe or a device, also behind a link: reading it may never end.
  if (!info.isFile()) throw new ExplainError("NOT_A_MODEL", "This is a pipe or a device, not a model file.", { file, hint: "Choose an .onnx file." });
  if (file.toLowerCase().endsWith(".ort"))
    throw new ExplainError(
      "NOT_A_MODEL",
      "ONNX Runtime's own .ort format holds a graph that is already optimised for one machine and can't be differentiated.",
      { file, hint: "Choose the .onnx file from which it was made." },
    );
  if (info.size > largestFile)
    throw new ExplainError("MODEL_UNSUPPORTED", `The file has ${info.size} bytes; a single ONNX file can have at most 2 GiB.`, {
      file,
      hint: "Save the model with external data (onnx.save_model(…, save_as_external_data=True)).",
    });
  checkModelSize(file, info.size);
  return info.size > mapAbove ? readReleasable(file, info.size) : { bytes: await readFile(file), release: () => undefined };
}
