import { basename } from "node:path";
import { throwIfCancelled } from "../base/cancellation.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { AttributionResult } from "../attribution/plan.js";
import type { Explanation, Result } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { byAnyMethod } from "./anyMethod.js";
import { Aggregator, type AggregateKind } from "./aggregate.js";
import { explainStreamed } from "./explainStreamed.js";
import { startsOfRow } from "./baselineSet.js";
import { approximations } from "./gradientReach.js";
import { merged, toResult, type Grouped, type RowResult } from "./rowResult.js";
import { prepare, type ExplainContext, type Prepared } from "./prepare.js";
import { remarks, unevenRemark, uniqueRemarks } from "./remarks.js";
import { engineRequest, filled, worksOf, type Run } from "./run.js";
import { runOf } from "./runOf.js";
import { withLogits } from "./saturatedLogits.js";
import { modelValue } from "./setting.js";
import { unitGroups } from "./unitGroups.js";
import { valueBefore } from "./valueBefore.js";

/**
 * Explains what a person asked for: opens the model, reads its samples, resolves every name, and runs the method for each row and target.
 * Throws ExplainError for everything that can be wrong with a request; what is merely worth knowing stands in the explanation's diagnostics.
 */
export async function explain(request: ExplainRequest, open: (file: string) => Promise<OpenModel>, context: ExplainContext = {}): Promise<Explanation> {
  context.progress?.({ message: "Opening the model" });
  const opened = await open(request.model);
  return byAnyMethod(request, opened.graph, (one) => explainOpened(one, opened, context));
}

async function explainOpened(request: ExplainRequest, opened: OpenModel, context: ExplainContext): Promise<Explanation> {
  const streamed = await explainStreamed(request, opened, context, explainPrepared);
  if (streamed !== undefined) return streamed;
  const prepared = await prepare(request, opened, context);
  const explanation = await explainPrepared(request, prepared, context);
  if (request.versus !== undefined || request.mode === "isolated") return explanation;
  const { measures: _, aggregate: __, ...alone } = explanation.request;
  const ask = (other: Prepared): Promise<Explanation> => explainPrepared(alone, other, context.signal === undefined ? {} : { signal: context.signal });
  return { ...explanation, results: await withLogits(explanation.results, prepared, ask) };
}

/** The part of `explain` behind opening and reading: several methods can share it. */
export async function explainPrepared(request: ExplainRequest, prepared: Prepared, context: ExplainContext = {}): Promise<Explanation> {
  const { setting, rows } = prepared;
  const { opened } = setting;
  const { run, remarks: fixedRemarks } = await runOf(request, prepared);
  const { method, fixed, layer } = run;
  const credited = setting.slots.map((slot) => slot.name).filter((name) => !fixed.includes(name));
  const isolated = request.mode === "isolated" && credited.length > 1;

  const compileAndRun = { compile: 0, run: 0 };
  const diagnostics: Diagnostic[] = [...prepared.diagnostics, ...fixedRemarks];
  const found: RowResult[][] = rows.map(() => []);
  if (isolated && request.measures !== undefined)
    throw new ExplainError("OPTION_INVALID", "Measures look at all inputs together, so they have no meaning for isolated paths.", {
      hint: "Leave --mode isolated or --measure out.",
    });
  const works = worksOf(run);
  for (const [done, work] of works.entries()) {
    const { batch, slots } = work;
    const passes = isolated ? credited.map((name) => [...fixed, ...credited.filter((other) => other !== name)]) : [fixed];
    const parts: RowResult[][] = [];
    for (const [pass, held] of passes.entries()) {
      throwIfCancelled(context.signal);
      const progress = (fraction: number, partial?: () => AttributionResult): void => {
        context.progress?.({ message: "Explaining", fraction: (done + (pass + fraction) / passes.length) / works.length });
        // One row and one target on one path: what is known of it so far is a picture already.
        if (partial !== undefined && fraction < 1 && works.length * passes.length * batch.length * slots.length === 1)
          context.partial?.(() => unfinished(run, batch, slots[0] ?? 0, partial(), { load: rounded(opened.loadMilliseconds), since: started }));
      };
      const started = performance.now();
      progress(0);
      const {
        result,
        milliseconds,
        diagnostics: remarked,
      } = await opened.attribute(await engineRequest(run, work, held), { progress, ...(context.signal === undefined ? {} : { signal: context.signal }) });
      compileAndRun.compile += milliseconds.compile;
      compileAndRun.run += milliseconds.run;
      diagnostics.push(...remarked);
      parts.push(
        batch.flatMap((_, r) =>
          slots.map((_slot, k) => ({ input: isolated ? credited[pass] : undefined, row: r * slots.length + k, result, starts: startsOf(run, batch[r]) })),
        ),
      );
    }
    batch.forEach((i, r) => {
      slots.forEach((slot, k) =>
        found[i]?.push(
          merged(
            parts.flatMap((part) => part[r * slots.length + k] ?? []),
            slot,
          ),
        ),
      );
    });
  }
  const grouped: Grouped = (name, credit) =>
    layer !== undefined && !method.needs.neuron && (name === layer || layer.split(",").includes(name)) ? unitGroups(opened.graph, name, credit) : undefined;
  const pairs = rows.flatMap((row, i) =>
    (found[i] ?? []).map((part): { result: Result; converged: boolean } => ({
      result: toResult(row, part, method.needs.target, grouped),
      converged: part.result.converged,
    })),
  );
  const results = pairs.map((pair) => pair.result);
  const summary = request.aggregate === undefined ? undefined : averaged(results, request.aggregate);
  diagnostics.push(...unevenRemark(summary?.uneven ?? []));
  if (method.needs.gradient) diagnostics.push(...approximated(run, credited));
  const probabilities = setting.outputs.find((o) => o.role === "probabilities")?.name;
  diagnostics.push(
    ...remarks(results, {
      converged: pairs.map((pair) => pair.converged),
      drawn: method.random === true,
      probabilities,
      beforeLast: valueBefore(opened.graph, probabilities),
      layer: method.needs.layer,
      credits: method.needs.target || method.needs.neuron,
    }),
  );
  return {
    schema: 1,
    model: { file: basename(request.model), inputs: opened.graph.inputs.map(modelValue), outputs: opened.graph.outputs.map(modelValue) },
    request: filled(run),
    ...(prepared.mapping === undefined ? {} : { mapping: prepared.mapping }),
    results,
    ...(summary === undefined ? {} : summary.means),
    milliseconds: { load: rounded(opened.loadMilliseconds), compile: rounded(compileAndRun.compile), run: rounded(compileAndRun.run) },
    diagnostics: uniqueRemarks(diagnostics),
  };
}

function averaged(
  results: readonly Result[],
  kind: AggregateKind,
): { readonly means: Pick<Explanation, "aggregate" | "classes">; readonly uneven: readonly string[] } {
  const sum = new Aggregator(kind);
  sum.add(results);
  const { uneven, ...means } = sum.finish();
  return { means, uneven };
}

/** A single result before its estimate met the tolerance, in the form of the final answer. */
function unfinished(
  run: Run,
  batch: readonly number[],
  slot: number,
  result: AttributionResult,
  { load, since }: { readonly load: number; readonly since: number },
): Explanation {
  const { prepared, request, method } = run;
  const { opened } = prepared.setting;
  return {
    schema: 1,
    model: { file: basename(request.model), inputs: opened.graph.inputs.map(modelValue), outputs: opened.graph.outputs.map(modelValue) },
    request: filled(run),
    results: batch
      .flatMap((i) => prepared.rows[i] ?? [])
      .map((row, r) => toResult(row, { row: r, result, slot, starts: startsOf(run, batch[r]) }, method.needs.target)),
    milliseconds: { load, compile: 0, run: rounded(performance.now() - since) },
    diagnostics: [],
  };
}

function startsOf({ method, baselines }: Run, row: number | undefined): NonNullable<RowResult["starts"]> {
  return method.needs.baseline && row !== undefined ? startsOfRow(baselines.baselines, row) : {};
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
