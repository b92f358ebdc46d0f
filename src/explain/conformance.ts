import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { ExplainError, formatDiagnostic, toDiagnostic } from "../base/diagnostic.js";
import type { AttributionResult } from "../attribution/plan.js";
import type { NumberTensor } from "../protocol/explanation.js";
import type { MethodName } from "../protocol/names.js";
import type { AttributionRequest, MethodOptions, TargetElement } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import type { Dtype } from "../tensor/dtype.js";
import { sizeOf, tensor, type Tensor } from "../tensor/tensor.js";

/** A tensor as the case files write it. */
interface CaseTensor {
  readonly type?: Dtype;
  readonly dims: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

interface ExpectedTensor extends NumberTensor {
  /** Flat indices that `data` holds; absent: all. */
  readonly positions?: readonly number[];
}

/** One reference case: what is asked of a model, and the right numbers. */
export interface ReferenceCase {
  readonly id: string;
  readonly inputs: Readonly<Record<string, CaseTensor>>;
  readonly request: {
    readonly method: MethodName;
    readonly target?: TargetElement;
    readonly versus?: TargetElement;
    readonly baselines?: Readonly<Record<string, CaseTensor>>;
    readonly layer?: string;
    readonly neuron?: "all" | readonly number[];
    readonly fixed?: readonly string[];
    readonly options?: MethodOptions;
  };
  readonly expect: { readonly attributions?: Readonly<Record<string, ExpectedTensor>>; readonly delta?: NumberTensor; readonly completeness?: number };
  readonly tolerance: { readonly relative: number; readonly absolute: number };
}

interface CaseFile {
  readonly model: string;
  readonly cases: readonly ReferenceCase[];
}

/** One line of the report. `error` is the largest one relative to what is allowed; `reason` says why a case could not run. */
export interface CaseOutcome {
  readonly file: string;
  readonly id: string;
  readonly ok: boolean;
  readonly error: number | null;
  readonly allowed: number | null;
  readonly reason: string | null;
  readonly milliseconds: number;
}

/** The tolerance that a case without a rule is run with, so that the adaptive default can be held against the exact value. */
const exactTolerance = 1e-5;

/** The engine's request for a case. */
function requestOf(reference: ReferenceCase): AttributionRequest {
  const { method, target, versus, baselines, layer, neuron, fixed, options = {} } = reference.request;
  const inputs = Object.fromEntries(Object.entries(reference.inputs).map(([name, t]) => [name, toTensor(t, t.type ?? "float32")]));
  return {
    method,
    inputs,
    options: "rule" in options || "tolerance" in options ? options : { ...options, tolerance: exactTolerance },
    ...(target === undefined ? {} : { targets: [target] }),
    ...(versus === undefined ? {} : { versus: [versus] }),
    ...(baselines === undefined
      ? {}
      : { baselines: Object.fromEntries(Object.entries(baselines).map(([name, t]) => [name, toTensor(t, t.type ?? inputs[name]?.dtype ?? "float32")])) }),
    ...(layer === undefined ? {} : { layer }),
    ...(neuron === undefined ? {} : { neuron }),
    ...(fixed === undefined ? {} : { fixed }),
  };
}

function toTensor(t: CaseTensor, dtype: Dtype): Tensor {
  if (dtype === "string") return { dtype, dims: t.dims, data: t.data.map(String) };
  if (dtype === "float16" || dtype === "bfloat16") throw new ExplainError("INPUT_INVALID", `Cases can't hold ${dtype} tensors.`);
  return tensor(dtype, t.dims, t.data.map(Number));
}

/** The largest deviation and what was allowed there; the pair with the worst ratio of the case. */
export function compare(reference: ReferenceCase, result: AttributionResult): { readonly error: number; readonly allowed: number } {
  const { expect, tolerance } = reference;
  let worst = { error: 0, allowed: tolerance.absolute };
  const share = ({ error, allowed }: typeof worst): number => (error === 0 ? 0 : error / allowed);
  const note = (deviation: number, allowed: number): void => {
    const found = { error: Number.isNaN(deviation) ? Infinity : deviation, allowed };
    if (share(found) > share(worst)) worst = found;
  };
  const hold = (what: string, expected: ExpectedTensor, got: NumberTensor | undefined): void => {
    if (got === undefined) throw new ExplainError("INTERNAL", `the result has no ${what}`);
    if (sizeOf(expected.dims) !== got.data.length)
      throw new ExplainError("INTERNAL", `${what} has dims [${got.dims.join(", ")}], expected [${expected.dims.join(", ")}]`);
    const allowed = tolerance.absolute + tolerance.relative * expected.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expected.data.forEach((x, i) => note(Math.abs((got.data[expected.positions?.[i] ?? i] ?? NaN) - x), allowed));
  };
  for (const [name, expected] of Object.entries(expect.attributions ?? {})) hold(name, expected, result.attributions[name]);
  if (expect.delta !== undefined) hold("delta", expect.delta, result.delta === null ? undefined : { dims: [result.delta.length], data: result.delta });
  if (expect.completeness !== undefined) {
    const { delta, score, baselineScore } = result;
    if (delta === null || score === null || baselineScore === null) throw new ExplainError("INTERNAL", "the result has no completeness delta");
    const largest = score.reduce((most, s, i) => Math.max(most, Math.abs(s - (baselineScore[i] ?? 0))), 0);
    const allowed = expect.completeness * largest;
    for (const d of delta) note(Math.abs(d), allowed);
  }
  return worst;
}

/** Every case file below a folder, sorted by path. */
function caseFiles(folder: string): readonly string[] {
  if (!existsSync(folder))
    throw new ExplainError("FILE_NOT_FOUND", `There is no folder with cases at ${folder}.`, { file: folder, hint: "Name it with --cases DIR." });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** How cases find their models and which of them run. */
export interface ConformanceOptions {
  /** The folder that a case file's `model` is relative to; default: the parent of the cases folder's parent. */
  readonly models?: string;
  /** Runs only cases whose "file id method" contains this text. */
  readonly filter?: string;
}

/** Runs every case below `folder` and yields one outcome each; the model of a file is opened once. */
export async function* runCases(folder: string, open: (file: string) => Promise<OpenModel>, options: ConformanceOptions = {}): AsyncGenerator<CaseOutcome> {
  // Beside the cases folder is looked at too: a set of cases may bring its models along.
  const roots = options.models === undefined ? [resolve(folder, "..", ".."), resolve(folder, "..")] : [options.models];
  for (const path of caseFiles(folder)) {
    const file = relative(folder, path);
    const { model, cases } = JSON.parse(readFileSync(path, "utf8")) as CaseFile;
    const wanted = cases.filter((c) => options.filter === undefined || `${file} ${c.id} ${c.request.method}`.includes(options.filter));
    if (wanted.length === 0) continue;
    const opened = await attempt(() => open(locate(model, roots)));
    for (const reference of wanted) {
      const start = performance.now();
      const outcome = "reason" in opened ? opened : await attempt(async () => compare(reference, (await opened.value.attribute(requestOf(reference))).result));
      const milliseconds = performance.now() - start;
      if ("reason" in outcome) yield { file, id: reference.id, ok: false, error: null, allowed: null, reason: outcome.reason, milliseconds };
      else yield { file, id: reference.id, ok: outcome.value.error <= outcome.value.allowed, ...outcome.value, reason: null, milliseconds };
    }
    if ("value" in opened) await opened.value.dispose();
  }
}

function locate(model: string, roots: readonly string[]): string {
  const places = isAbsolute(model) ? [model] : roots.map((root) => join(root, model));
  return places.find((place) => existsSync(place)) ?? places[0] ?? model;
}

async function attempt<T>(action: () => Promise<T>): Promise<{ readonly value: T } | { readonly reason: string }> {
  try {
    return { value: await action() };
  } catch (error) {
    const diagnostic = toDiagnostic(error);
    return { reason: `${diagnostic.code} ${formatDiagnostic(diagnostic).replaceAll("\n", " ")}` };
  }
}
