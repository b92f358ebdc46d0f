import * as ort from "onnxruntime-node";
import { ExplainError } from "../base/diagnostic.js";
import { isOutOfMemory, memoryHint } from "../base/outOfMemory.js";
import { noTelemetry } from "../base/noTelemetry.js";
import type { Feeds } from "../attribution/plan.js";
import { encodeModel, type PlaceWeights } from "../graph/encode.js";
import type { Graph } from "../graph/ir.js";
import { serializeModel } from "../onnx/parse.js";
import type { Dtype } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";

// In a thread, whoever started it has done so.
noTelemetry();

/** How sessions of one model are made: where the weights lie and how many threads run. */
export interface SessionSettings {
  readonly threads?: number;
  readonly place?: PlaceWeights;
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Folder against which external locations resolve when they are not in memory. */
  readonly folder?: string;
  /** Prepacked weights are faster and take their size once more. */
  readonly prepack?: boolean;
  /** Default "all"; probes that need every intermediate value use less. */
  readonly optimization?: "disabled" | "basic" | "extended" | "all";
}

/** A graph that ONNX Runtime has loaded. */
export interface Session {
  readonly outputs: readonly { readonly name: string; readonly dtype: Dtype | null; readonly dims: readonly (number | string)[] | null }[];
  /** Blocks its thread while it runs. Outputs are copies owned by the caller. Throws OUT_OF_MEMORY and RUNTIME_FAILED with ONNX Runtime's reason. */
  run(feeds: Feeds, fetches?: readonly string[]): Promise<Feeds>;
  release(): Promise<void>;
}

/** Loads a graph. Throws OUT_OF_MEMORY and RUNTIME_FAILED with ONNX Runtime's reason. */
export async function createSession(graph: Graph, settings: SessionSettings = {}): Promise<Session> {
  const doubles = [...graph.inputs, ...graph.initializers.values()].some((i) => i.dtype === "float64");
  return createSessionFromBytes(serializeModel(encodeModel(graph, settings.place)), settings, doubles);
}

/** Loads a serialized model. */
async function createSessionFromBytes(bytes: Uint8Array, settings: SessionSettings, doubles: boolean): Promise<Session> {
  // ONNX Runtime 1.30's transpose optimizer can send a Gather beyond the end of a Shape in graphs that derive shapes at run time.
  const disabled = ["TransposeOptimizer", "TransposeOptimizer_CPUExecutionProvider"];
  // It makes a QuickGelu of x · sigmoid(x) in float64 too, where there is no such kernel.
  if (doubles) disabled.push("QuickGeluFusion");
  const optimization = { disable_specified_optimizers: disabled.join(";") };
  const config: Record<string, string> = { set_denormal_as_zero: "1" };
  if (settings.folder !== undefined) config["model_external_initializers_file_folder_path"] = settings.folder;
  if (settings.prepack === false) config["disable_prepacking"] = "1";
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    graphOptimizationLevel: settings.optimization ?? "all",
    // Errors reach the caller as exceptions; printing them as well would only alarm people.
    logSeverityLevel: 4,
    extra: { session: config, optimization },
    ...(settings.threads === undefined ? {} : { intraOpNumThreads: settings.threads }),
    ...(settings.externalData === undefined ? {} : { externalData: settings.externalData.map((e) => ({ path: e.path, data: e.data })) }),
  };
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, options);
  } catch (error) {
    throw runtimeError("ONNX Runtime can't load the graph", error);
  }
  return {
    outputs: session.outputMetadata.map((m) =>
      m.isTensor ? { name: m.name, dtype: m.type as Dtype, dims: m.shape } : { name: m.name, dtype: null, dims: null },
    ),
    run: async (feeds, fetches) => {
      const inputs: Record<string, ort.Tensor> = {};
      for (const [name, t] of Object.entries(feeds)) inputs[name] = toOrt(t);
      let results: ort.InferenceSession.OnnxValueMapType;
      try {
        results = fetches === undefined ? await session.run(inputs) : await session.run(inputs, [...fetches]);
      } catch (error) {
        throw runtimeError("ONNX Runtime can't run the graph", error);
      }
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(value)]));
    },
    release: () => session.release(),
  };
}

function toOrt(t: Tensor): ort.Tensor {
  const Constructor = ort.Tensor as unknown as new (type: string, data: unknown, dims: readonly number[]) => ort.Tensor;
  return new Constructor(t.dtype, t.data, t.dims);
}

function fromOrt(t: ort.Tensor): Tensor {
  return { dtype: t.type as Dtype, dims: t.dims, data: t.data };
}

function runtimeError(what: string, error: unknown): ExplainError {
  const text = (error instanceof Error ? error.message : String(error))
    .replace(/^.*?(?=\[ONNXRuntimeError\])/s, "")
    .replace(/\s+/g, " ")
    .trim();
  return isOutOfMemory(error)
    ? new ExplainError("OUT_OF_MEMORY", `${what}, there is not enough memory: ${text}`, { hint: memoryHint })
    : new ExplainError("RUNTIME_FAILED", `${what}: ${text}`);
}
