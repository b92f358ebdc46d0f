import { throwIfCancelled, type CancelSignal } from "../base/cancellation.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import { hasBatchAxis } from "../data/inputSlot.js";
import type { SampleFile } from "../data/samples.js";
import type { Explanation, Prediction } from "../protocol/explanation.js";
import type { Progress } from "../protocol/rpc.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { stackRows } from "../tensor/stackRows.js";
import { sizeOf, toNumbers, type Tensor } from "../tensor/tensor.js";
import { batches } from "./batches.js";
import { rowOf } from "./rowTensors.js";
import { prepareRows, type PreparedRow } from "./sampleRows.js";
import { readSetting, type Setting } from "./setting.js";
import { parseElement, resolveTarget, type ClassScores, type ResolvedTarget } from "./targets.js";
import { truthOf } from "./truth.js";
import { valueBefore } from "./valueBefore.js";

/** What a running explanation reports to and is stopped by. */
export interface ExplainContext {
  readonly signal?: CancelSignal;
  progress?(progress: Progress): void;
  /** Offered what is known of a single row before its estimate met the tolerance; made only when somebody looks at it. */
  partial?(make: () => Explanation): void;
}

/** A sample with what the model says of it. */
export interface PredictedRow extends PreparedRow {
  readonly prediction: Prediction;
  /** For each of the request's targets in turn, its elements. */
  readonly targets: readonly ResolvedTarget[];
  readonly versus?: ResolvedTarget;
}

/** A request with its files read, its rows run and its names resolved. */
export interface Prepared {
  readonly setting: Setting;
  readonly rows: readonly PredictedRow[];
  /** Positions of rows that may run together. */
  readonly batches: readonly (readonly number[])[];
  readonly sampleFile?: string;
  /** Which column feeds which input, in words. */
  readonly mapping?: readonly string[];
  readonly targets: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What has been read already, where a file is gone through piece by piece. */
export interface Known {
  readonly setting: Setting;
  readonly samples: SampleFile;
}

/** Reads what a request names, runs the model on its rows and resolves their targets. */
export async function prepare(request: ExplainRequest, opened: OpenModel, context: ExplainContext, known?: Known): Promise<Prepared> {
  const setting = known?.setting ?? (await readSetting(request, opened));
  context.progress?.({ message: "Reading samples" });
  const { rows, file, mapping, diagnostics } = await prepareRows(setting, request, known?.samples);
  const targets = request.targets ?? [setting.sidecar.target ?? "predicted"];
  // A leading size that the file fixes, 1 included, takes one row a run.
  const together = setting.slots.every((slot) => hasBatchAxis(slot) && typeof slot.dims?.[0] !== "number");
  const groups = batches(rows, together);
  context.progress?.({ message: "Running the model" });
  const predicted: PredictedRow[] = [];
  for (const group of groups) {
    throwIfCancelled(context.signal);
    const members = group.map((i) => rows[i]).filter((row) => row !== undefined);
    const scored = await predict(setting, members, targets, request.versus, together);
    group.forEach((i, k) => {
      const row = scored[k];
      if (row !== undefined) predicted[i] = row;
    });
  }
  return {
    setting,
    rows: predicted,
    batches: groups,
    targets,
    diagnostics: [...setting.diagnostics, ...diagnostics],
    ...(file === undefined ? {} : { sampleFile: file }),
    ...(mapping === undefined ? {} : { mapping }),
  };
}

/** Values of the graph for rows that may run together, row by row. */
export async function runRows(
  opened: OpenModel,
  rows: readonly Pick<PreparedRow, "feeds">[],
  values: readonly string[],
  together: boolean,
): Promise<readonly Readonly<Record<string, Tensor>>[]> {
  const outputs = Object.entries(await opened.run(feedsOf(rows), values));
  return rows.map((_, r) => Object.fromEntries(outputs.map(([name, whole]) => [name, together && whole.dims[0] === rows.length ? rowOf(whole, r) : whole])));
}

/** Tensors of several rows, stacked. */
export function feedsOf(rows: readonly Pick<PreparedRow, "feeds">[]): Readonly<Record<string, Tensor>> {
  const names = Object.keys(rows[0]?.feeds ?? {});
  return Object.fromEntries(names.map((name) => [name, stackRows(rows.flatMap((row) => row.feeds[name] ?? []))]));
}

/** The output that says what was predicted: probabilities, else logits, else the first output of numbers. */
export function classOutput({ opened, outputs }: Setting): string {
  const numeric = opened.graph.outputs.filter((o) => o.dtype !== null && o.dtype !== "string").map((o) => o.name);
  const role = (wanted: string): string | undefined => outputs.find((o) => o.role === wanted && numeric.includes(o.name))?.name;
  const floats = opened.graph.outputs.find((o) => o.dtype?.startsWith("float"))?.name;
  const name = role("probabilities") ?? role("logits") ?? role("regression") ?? floats ?? numeric[0];
  if (name === undefined)
    throw new ExplainError("MODEL_UNSUPPORTED", "The model has no output of numbers that could be explained.", {
      hint: "Export it with its scores as an output.",
    });
  return name;
}

async function predict(
  setting: Setting,
  rows: readonly PreparedRow[],
  targets: readonly string[],
  versus: string | undefined,
  together: boolean,
): Promise<readonly PredictedRow[]> {
  const { opened } = setting;
  const value = classOutput(setting);
  const asked = [...targets, ...(versus === undefined ? [] : [versus])].flatMap((text) => namedValue(text, setting) ?? []);
  const values = [...new Set([value, ...asked])];
  const outputs = await runRows(opened, rows, values, together);
  const dimsOf = new Map(values.map((name) => [name, outputs[0]?.[name]?.dims.slice(1)]));
  const labels = setting.outputs.find((output) => output.name === value)?.labels;
  const logits = valueBefore(opened.graph, value);
  return rows.map((row, r): PredictedRow => {
    const own = outputs[r]?.[value];
    const data = own === undefined ? new Float64Array() : toNumbers(own);
    const dims = own?.dims.slice(1) ?? [];
    const fitting = labels?.length === (dims.at(-1) ?? 1) ? labels : undefined;
    const scores: ClassScores = {
      value,
      dims: sizeOf(dims) === data.length ? dims : [data.length],
      data,
      ...(fitting === undefined ? {} : { labels: fitting }),
      ...(logits === undefined ? {} : { logits }),
    };
    const resolve = (text: string): readonly ResolvedTarget[] => resolveTarget(text, scores, (name) => dimsOf.get(name));
    // A difference is one of two numbers of the same kind.
    const ofLogits = targets.every((text) => text.trim().startsWith("logit:")) && versus?.trim().startsWith("logit:") === false;
    const [against] = versus === undefined ? [] : resolve(ofLogits ? `logit:${versus.trim()}` : versus);
    const prediction: Prediction = { value, data: Array.from(data), ...(fitting === undefined || dims.length > 1 ? {} : { labels: fitting }) };
    return {
      ...row,
      prediction: row.answer === undefined || dims.length > 1 ? prediction : { ...prediction, truth: truthOf(row.answer, prediction) },
      targets: targets.flatMap(resolve),
      ...(against === undefined ? {} : { versus: against }),
    };
  });
}

/** The value of the graph that a target names, if it is one. */
function namedValue(text: string, { opened }: Setting): string | undefined {
  const name = parseElement(text)?.value ?? text.trim();
  const { graph } = opened;
  return graph.outputs.some((o) => o.name === name) || graph.nodes.some((node) => node.outputs.includes(name)) ? name : undefined;
}
