import { closest } from "../base/closest.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { Method } from "../attribution/method.js";
import { methods } from "../attribution/methods/index.js";
import type { ExplainRequest } from "../protocol/request.js";
import { baselineSet } from "./baselineSet.js";
import { featureSpreads } from "./featureSpreads.js";
import { fixedInputs } from "./fixedInputs.js";
import { chooseLayer } from "./layerChoice.js";
import type { Prepared } from "./prepare.js";
import type { Run } from "./run.js";

/** A request about prepared rows with method, baselines, layer and held inputs resolved; `remarks` tell what was held without being asked. */
export async function runOf(request: ExplainRequest, prepared: Prepared): Promise<{ readonly run: Run; readonly remarks: readonly Diagnostic[] }> {
  const { setting } = prepared;
  const method = methodOf(request.method ?? setting.sidecar.method ?? "integratedGradients");
  const saidBaselines = Object.keys({ ...setting.sidecar.baselines, ...request.baselines }).filter((name) => name !== "");
  const { fixed, remarks } = fixedInputs(
    setting.slots,
    request.fixed ?? [],
    saidBaselines.filter((name) => request.fixed?.includes(name) !== true),
  );
  const baselines = method.needs.baseline ? await baselineSet(prepared, request, fixed, method.distribution === true) : { words: {}, baselines: {} };
  const layer = method.needs.layer ? chooseLayer(setting.opened.graph, request.layer ?? "auto", method.places === true) : undefined;
  return { run: { prepared, method, fixed, baselines, request, layer, spreads: await featureSpreads(prepared, request, fixed) }, remarks };
}

function methodOf(name: string): Method {
  const found = Object.values(methods).find((method) => method.name === name);
  if (found !== undefined) return found;
  const names = Object.values(methods).map((method) => method.name);
  const near = closest(name, names);
  throw new ExplainError("UNKNOWN_METHOD", `There is no method "${name}" in this version.`, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}"explain-prediction methods" lists them all.`,
  });
}
