import { ExplainError, toDiagnostic } from "../base/diagnostic.js";
import type { LayersAnswer } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { CallOptions } from "../worker/lane.js";
import type { WorkerClient } from "../worker/client.js";

/** Layers are an addition: a model whose layers can't be explained still has its inputs explained, and says why. */
export async function layersOrReason(client: Pick<WorkerClient, "layers">, request: ExplainRequest, options: CallOptions): Promise<LayersAnswer> {
  try {
    return await client.layers([request], options);
  } catch (error) {
    if (options.signal?.aborted === true || (error instanceof ExplainError && error.diagnostic.code === "WORKER_DIED")) throw error;
    return { layers: [], diagnostics: [{ ...toDiagnostic(error), severity: "warning" }] };
  }
}

/** The layer whose units are shown unasked: the one looked at before, else the first with more than one unit. */
export function defaultLayer({ layers }: LayersAnswer, before: string | undefined): string | undefined {
  return (layers.find(({ value }) => value === before) ?? layers.find(({ units }) => units > 1))?.value;
}
