import type { MethodName } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";

/** What the person's settings add to every request; absent where the engine's default holds. */
export interface EngineSettings {
  readonly tolerance?: number;
  readonly threads?: number;
}

/** Methods that follow a path until their error estimate meets the tolerance. */
const methodsWithTolerance: ReadonlySet<MethodName> = new Set([
  "integratedGradients",
  "layerConductance",
  "layerIntegratedGradients",
  "internalInfluence",
  "neuronIntegratedGradients",
  "neuronConductance",
]);

/** The request with the settings that mean something to its method; what it says itself goes first. A model that the default method can't explain is explained by another. */
export function withSettings(request: ExplainRequest, { tolerance, threads }: EngineSettings): ExplainRequest {
  const adaptive = tolerance !== undefined && methodsWithTolerance.has(request.method ?? "integratedGradients");
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(request.method === undefined ? { anyMethod: true } : {}),
    ...request,
    ...(adaptive ? { options: { tolerance, ...request.options } } : {}),
  };
}

/** The same question to another method: the options of the former one mean nothing to it. */
export function askedOf({ options: _, ...request }: ExplainRequest, method: MethodName, settings: EngineSettings): ExplainRequest {
  return withSettings({ ...request, method }, settings);
}
