import { throwIfCancelled } from "../base/cancellation.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { Graph } from "../graph/ir.js";
import { makersOf } from "../graph/walk.js";
import type { LayerInfo, LayersAnswer, LayerShare } from "../protocol/explanation.js";
import { ruleNames } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { explainPrepared } from "./explain.js";
import { findLayers } from "./layers.js";
import { prepare, type ExplainContext } from "./prepare.js";

const conductanceOptions = ["rule", "steps", "tolerance", "variant"];

/** Options of other methods mean nothing to conductance, nor do rules that are none of integration. */
function ownOptions(options: NonNullable<ExplainRequest["options"]>): NonNullable<ExplainRequest["options"]> {
  const known = (key: string, value: unknown): boolean => conductanceOptions.includes(key) && (key !== "rule" || ruleNames.some((rule) => rule === value));
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => known(key, value)));
}

/**
 * Conductance of every layer for the request's first row and target: how much of the change in score passes through each. The sidecar's layers, where it names some.
 * A layer that can't be reached by gradients is left out and named in the diagnostics. Source: Dhamdhere et al., How Important Is a Neuron? (2018).
 */
export async function layerShares(request: ExplainRequest, open: (file: string) => Promise<OpenModel>, context: ExplainContext = {}): Promise<LayersAnswer> {
  const opened = await open(request.model);
  const first = request.rows === undefined || request.rows === "all" ? [0] : request.rows.slice(0, 1);
  const { aggregate: _, neuron: __, layer: ___, measures: ____, options, ...rest } = request;
  const one: ExplainRequest = {
    ...rest,
    rows: first,
    method: "layerConductance",
    mode: "joint",
    ...(request.targets === undefined ? {} : { targets: request.targets.slice(0, 1) }),
    ...(options === undefined ? {} : { options: ownOptions(options) }),
  };
  const whole = await prepare(one, opened, context);
  // top:N has several targets; the first stands for all.
  const prepared = { ...whole, rows: whole.rows.map((row) => ({ ...row, targets: row.targets.slice(0, 1) })) };
  const wanted = prepared.setting.sidecar.layers;
  const layers = findLayers(opened.graph).filter(
    (layer) => wanted === undefined || wanted.includes(layer.path) || layer.values.some((value) => wanted.includes(value)),
  );
  const feeders = layerFeeders(
    opened.graph,
    layers.flatMap((layer) => layer.values.slice(0, 1)),
  );
  const shares: LayerShare[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [i, layer] of layers.entries()) {
    throwIfCancelled(context.signal);
    context.progress?.({ message: "Measuring layers", fraction: i / layers.length });
    const value = layer.values[0];
    if (value === undefined || isOutput(opened, layer)) continue;
    try {
      const { results, diagnostics: remarked } = await explainPrepared({ ...one, layer: value }, prepared, {
        ...(context.signal === undefined ? {} : { signal: context.signal }),
      });
      diagnostics.push(...remarked);
      const [result] = results;
      const credit = result?.attributions[value];
      if (result === undefined || credit === undefined) continue;
      const total = credit.data.reduce((sum, x) => sum + x, 0);
      const change = (result.score ?? NaN) - (result.baselineScore ?? NaN);
      shares.push({ value, path: layer.path, units: credit.data.length, total, share: change === 0 ? NaN : total / change, credit, from: feeders(value) });
    } catch (error) {
      if (!(error instanceof ExplainError) || error.diagnostic.code === "CANCELLED") throw error;
      diagnostics.push({ ...error.diagnostic, severity: "info", message: `The layer "${layer.path}" is left out: ${error.message}` });
    }
  }
  return { layers: shares, diagnostics: diagnostics.filter((d, i) => diagnostics.findIndex((o) => o.code === d.code && o.message === d.message) === i) };
}

/** For a layer's value, the values of other layers that reach it without passing a third. */
function layerFeeders(graph: Graph, values: readonly string[]): (value: string) => readonly string[] {
  const makers = makersOf(graph);
  const known = new Set(values);
  return (value) => {
    const found = new Set<string>();
    const seen = new Set<string>();
    const waiting = [...(makers.get(value)?.inputs ?? [])];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (known.has(next)) found.add(next);
      else waiting.push(...(makers.get(next)?.inputs ?? []));
    }
    return [...known].filter((other) => found.has(other));
  };
}

/** A layer whose value is the model's output has nothing behind it to measure. */
function isOutput({ graph }: OpenModel, layer: LayerInfo): boolean {
  return graph.outputs.some((output) => output.name === layer.values[0]);
}
