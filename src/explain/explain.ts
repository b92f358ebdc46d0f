import { basename } from "node:path";
import { throwIfCancelled } from "../base/cancellation.js";
import { closest } from "../base/closest.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import { methods } from "../attribution/methods/index.js";
import type { Method } from "../attribution/method.js";
import type { Explanation, Result } from "../protocol/explanation.js";
import type { AttributionRequest, ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { aggregate } from "./aggregate.js";
import { baselineSet, baselineTensors, type BaselineSet } from "./baselineSet.js";
import { approximations } from "./gradientReach.js";
import { fixedInputs } from "./fixedInputs.js";
import { chooseLayer } from "./layerChoice.js";
import { merged, toResult, type RowResult } from "./rowResult.js";
import { feedsOf, prepare, type ExplainContext, type Prepared } from "./prepare.js";
import { remarks } from "./remarks.js";
import { modelValue } from "./setting.js";

/** Methods that take several baseline rows as a distribution. */
const distributions = /Shap$/;

/**
 * Explains what a person asked for: opens the model, reads its samples, resolves every name, and runs the method for each row and target.
 * Throws ExplainError for everything that can be wrong with a request; what is merely worth knowing stands in the explanation's diagnostics.
 */
export async function explain(request: ExplainRequest, open: (file: string) => Promise<OpenModel>, context: ExplainContext = {}): Promise<Explanation> {
  context.progress?.({ message: "Opening the model" });
  const opened = await open(request.model);
  return explainPrepared(request, await prepare(request, opened, context), context);
}

/** The part of `explain` behind opening and reading: several methods can share it. */
export async function explainPrepared(request: ExplainRequest, prepared: Prepared, context: ExplainContext = {}): Promise<Explanation> {
  const { setting, rows } = prepared;
  const { opened } = setting;
  const method = methodOf(request.method ?? setting.sidecar.method ?? "integratedGradients");
  const saidBaselines = Object.keys({ ...setting.sidecar.baselines, ...request.baselines }).filter((name) => name !== "");
  const { fixed, remarks: fixedRemarks } = fixedInputs(
    setting.slots,
    request.fixed ?? [],
    saidBaselines.filter((name) => request.fixed?.includes(name) !== true),
  );
  const baselines: BaselineSet = method.needs.baseline
    ? await baselineSet(prepared, request, fixed, distributions.test(method.name))
    : { words: {}, baselines: {} };
  const layer = method.needs.layer ? chooseLayer(opened.graph, request.layer ?? "auto") : undefined;
  const run = { prepared, method, fixed, baselines, request, layer, context };
  const credited = setting.slots.map((slot) => slot.name).filter((name) => !fixed.includes(name));
  const isolated = request.mode === "isolated" && credited.length > 1;

  const compileAndRun = { compile: 0, run: 0 };
  const diagnostics: Diagnostic[] = [...prepared.diagnostics, ...fixedRemarks];
  const found: RowResult[][] = rows.map(() => []);
  const works = prepared.batches.flatMap((batch) => slotsOf(run, batch).map((slot) => ({ batch, slot })));
  for (const [done, { batch, slot }] of works.entries()) {
    const passes = isolated ? credited.map((name) => [...fixed, ...credited.filter((other) => other !== name)]) : [fixed];
    const parts: RowResult[][] = [];
    for (const [pass, held] of passes.entries()) {
      throwIfCancelled(context.signal);
      const progress = (fraction: number): void =>
        context.progress?.({ message: "Explaining", fraction: (done + (pass + fraction) / passes.length) / works.length });
      progress(0);
      const {
        result,
        milliseconds,
        diagnostics: remarked,
      } = await opened.attribute(engineRequest(run, batch, slot, held), { progress, ...(context.signal === undefined ? {} : { signal: context.signal }) });
      compileAndRun.compile += milliseconds.compile;
      compileAndRun.run += milliseconds.run;
      diagnostics.push(...remarked);
      parts.push(batch.map((_, r) => ({ input: isolated ? credited[pass] : undefined, row: r, result })));
    }
    batch.forEach((i, r) =>
      found[i]?.push(
        merged(
          parts.flatMap((part) => part[r] ?? []),
          slot,
        ),
      ),
    );
  }
  const pairs = rows.flatMap((row, i) =>
    (found[i] ?? []).map((part): { result: Result; converged: boolean } => ({
      result: toResult(row, part, method.needs.target),
      converged: part.result.converged,
    })),
  );
  const results = pairs.map((pair) => pair.result);
  const summary = request.aggregate === undefined ? undefined : aggregate(results, request.aggregate);
  if (summary !== undefined && summary.uneven.length > 0)
    diagnostics.push({
      code: "INPUT_INVALID",
      severity: "info",
      message: `The rows differ in the length of ${summary.uneven.map((name) => `"${name}"`).join(", ")}, so there is no average of it.`,
    });
  if (method.needs.gradient) diagnostics.push(...approximated(run, credited));
  const probabilities = setting.outputs.find((o) => o.role === "probabilities")?.name;
  diagnostics.push(
    ...remarks(results, {
      converged: pairs.map((pair) => pair.converged),
      probabilities,
      beforeLast: valueBefore(opened, probabilities),
      layer: method.needs.layer,
    }),
  );
  return {
    schema: 1,
    model: { file: basename(request.model), inputs: opened.graph.inputs.map(modelValue), outputs: opened.graph.outputs.map(modelValue) },
    request: filled(request, run),
    results,
    ...(summary === undefined || request.aggregate === undefined ? {} : { aggregate: { [request.aggregate]: summary.credits } }),
    milliseconds: { load: rounded(opened.loadMilliseconds), compile: rounded(compileAndRun.compile), run: rounded(compileAndRun.run) },
    diagnostics: unique(diagnostics),
  };
}

/** One way of asking the engine: everything that is the same for all batches. */
interface Run {
  readonly prepared: Prepared;
  readonly method: Method;
  readonly fixed: readonly string[];
  readonly baselines: BaselineSet;
  readonly request: ExplainRequest;
  readonly layer: string | undefined;
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

/** The positions in a row's list of targets that a batch's rows have; one nameless slot for a method without target. */
function slotsOf({ prepared, method }: Run, batch: readonly number[]): readonly number[] {
  return method.needs.target ? [...(prepared.rows[batch[0] ?? 0]?.targets ?? []).keys()] : [0];
}

function engineRequest(
  { prepared, method, baselines, request, layer }: Run,
  batch: readonly number[],
  slot: number,
  fixed: readonly string[],
): AttributionRequest {
  const rows = batch.flatMap((i) => prepared.rows[i] ?? []);
  const versus = rows.flatMap((row) => row.versus ?? []);
  const moving = Object.fromEntries(Object.entries(baselines.baselines).filter(([name]) => !fixed.includes(name)));
  return {
    method: method.name,
    inputs: feedsOf(rows),
    ...(method.needs.target ? { targets: rows.flatMap((row) => row.targets[slot] ?? []).map(({ value, index }) => ({ value, index })) } : {}),
    ...(versus.length === 0 || !method.needs.target ? {} : { versus: versus.map(({ value, index }) => ({ value, index })) }),
    ...(method.needs.baseline ? { baselines: baselineTensors(moving, batch) } : {}),
    ...(layer === undefined ? {} : { layer }),
    ...(method.needs.neuron ? { neuron: neuronOf(request) } : {}),
    ...(fixed.length === 0 ? {} : { fixed }),
    ...(request.options === undefined ? {} : { options: request.options }),
  };
}

function neuronOf({ neuron = "all" }: ExplainRequest): "all" | readonly number[] {
  if (neuron === "all") return "all";
  const index = neuron.split(",").map((part) => Number(part.trim() === "" ? NaN : part));
  if (index.some((x) => !Number.isInteger(x) || x < 0))
    throw new ExplainError("OPTION_INVALID", `"${neuron}" is no neuron.`, { hint: 'Write its position behind the batch axis, such as 3 or 2,0,1, or "all".' });
  return index;
}

/** The request with its defaults, so that it says what was done and can be run again. */
function filled(request: ExplainRequest, { prepared, method, fixed, baselines, layer }: Run): ExplainRequest {
  const { targets, sampleFile } = prepared;
  return {
    ...request,
    ...(sampleFile === undefined ? {} : { samples: sampleFile, rows: request.rows ?? [0] }),
    method: method.name,
    ...(method.needs.target ? { targets } : {}),
    ...(method.needs.baseline ? { baselines: baselines.words } : {}),
    ...(layer === undefined ? {} : { layer }),
    ...(method.needs.neuron ? { neuron: request.neuron ?? "all" } : {}),
    fixed,
    mode: request.mode ?? "joint",
  };
}

/** Milliseconds to two decimals: what lies behind is noise of the clock. */
function rounded(milliseconds: number): number {
  return Math.round(100 * milliseconds) / 100;
}

/** One remark for each operator on the way from the credited inputs to the targets whose gradient is not its derivative. */
function approximated({ prepared, layer }: Run, credited: readonly string[]): readonly Diagnostic[] {
  const { graph } = prepared.setting.opened;
  const values = new Set(prepared.rows.flatMap((row) => row.targets.map((target) => target.value)));
  if (layer !== undefined && values.size === 0) values.add(layer);
  return [...values].flatMap((value) =>
    approximations(graph, credited, value).map(({ node, why }): Diagnostic => ({
      code: "APPROXIMATION",
      severity: "info",
      message: `The gradient of ${node.op} is an approximation: ${why}.`,
      node: node.name,
    })),
  );
}

/** What the last Softmax or Sigmoid before an output was computed from. */
function valueBefore({ graph }: OpenModel, output: string | undefined): string | undefined {
  const node = graph.nodes.find((n) => output !== undefined && n.outputs.includes(output));
  return node?.op === "Softmax" || node?.op === "Sigmoid" ? node.inputs[0] : undefined;
}

function unique(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return all.filter((d) => {
    const key = `${d.code} ${d.message} ${d.node ?? ""}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
