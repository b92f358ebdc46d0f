import { basename, dirname } from "node:path";
import { version } from "../../../package.json";
import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { BoundGraph } from "../../attribution/bound.js";
import { rowsPerRun } from "../../attribution/cost.js";
import type { CompiledExplanation } from "../../protocol/compiled.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { OpenModel } from "../../runtime/openModel.js";
import { classOutput, prepare, type ExplainContext, type Prepared } from "../prepare.js";
import { engineRequest, filled, type Run } from "../run.js";
import { runOf } from "../runOf.js";
import { modelValue, readSetting } from "../setting.js";
import { blankValues } from "./blankValues.js";
import { requireCompilable, staticOptions, staticRule } from "./compilable.js";
import { explanationGraph, type ExplanationParts } from "./explanationGraph.js";
import { feedSources } from "./feedSources.js";
import { startsOf, varyingWord } from "./startsOf.js";
import { targetChoice } from "./targetChoice.js";
import type { TargetChoice } from "./targetSeed.js";
import { writeModel } from "./writeModel.js";

/**
 * Writes the explanation that a request asks for as an ONNX file of standard operators, which any runtime runs without this project. The request's first row says what the
 * sizes behind the batch axis are (a sequence's length), nothing else. Throws OPTION_INVALID, BASELINE_INVALID, UNSUPPORTED_OPERATOR and so on for what can't be one graph.
 */
export async function compileExplanation(
  request: ExplainRequest,
  out: string,
  open: (file: string) => Promise<OpenModel>,
  context: ExplainContext = {},
): Promise<CompiledExplanation> {
  context.progress?.({ message: "Opening the model" });
  const opened = await open(request.model);
  const prepared = await prepareOne(request, opened, context);
  const { plain, varying } = withoutVarying(request, prepared);
  const { run: asIs, remarks } = await runOf(plain, prepared);
  const { method } = asIs;
  requireCompilable(request, method);
  const run: Run = { ...asIs, request: { ...plain, options: staticOptions(method.name, request.options) } };
  context.progress?.({ message: "Compiling" });
  const asked = await opened.programs(await engineRequest(run, { batch: [0], slots: [0] }, run.fixed));
  const [decided] = asked.decided;
  if (decided !== undefined)
    throw new ExplainError(
      "MODEL_UNSUPPORTED",
      `The If "${decided}" takes one branch or the other depending on the sample, which a single graph can't follow.`,
      {
        file: request.model,
        node: decided,
        hint: "Explain such a model row by row: explain-prediction explain, or batch.",
      },
    );
  const { choice, target } = targetOf(run, asked.bound);
  const parts: ExplanationParts = {
    ...asked,
    prediction: classOutput(prepared.setting),
    ...(choice === undefined ? {} : { target: choice }),
    starts: startsOf(run, varying),
    ...staticRule(method.name, request.options),
  };
  const { graph, points, pointsAtOnce } = explanationGraph(parts);
  const words = Object.fromEntries([...varying].map((name) => [name, varyingWord]));
  const recorded = { ...filled(run), ...(method.needs.baseline ? { baselines: { ...run.baselines.words, ...words } } : {}) };
  const rows = asked.bound.stacked ? Math.max(1, Math.floor(rowsPerRun(asked.bound) / pointsAtOnce)) : 1;
  context.progress?.({ message: "Writing" });
  const names = namesOf(prepared);
  const written = await writeModel(graph, out, dirname(opened.file), metadataOf(recorded, parts.prediction, names, points, rows));
  return {
    ...written,
    inputs: graph.inputs.map(modelValue),
    outputs: graph.outputs.map(modelValue),
    ...(await feedSources(prepared)),
    ...(target === undefined ? {} : { target }),
    ...names,
    pictures: prepared.setting.slots.filter(({ role }) => role === "image").map(({ name }) => name),
    points,
    rowsPerRun: rows,
    request: recorded,
    diagnostics: [...prepared.diagnostics, ...remarks, ...asked.diagnostics],
  };
}

/** The request's first row; where it names none and every size is fixed, numbers that stand for one. */
async function prepareOne(request: ExplainRequest, opened: OpenModel, context: ExplainContext): Promise<Prepared> {
  const [row = 0] = request.rows === "all" ? [0] : (request.rows ?? [0]);
  try {
    return await prepare({ ...request, rows: [row] }, opened, context);
  } catch (error) {
    if (!(error instanceof ExplainError) || error.diagnostic.code !== "INPUT_MISSING" || request.values !== undefined) throw error;
    const { slots } = await readSetting(request, opened);
    const values = blankValues(slots);
    if (values === undefined)
      throw new ExplainError("INPUT_MISSING", error.message, {
        hint: `A compiled explanation has fixed sizes, which the model leaves open: name a sample that has them. ${error.diagnostic.hint ?? ""}`,
      });
    const { samples: _, ...rest } = request;
    return prepare({ ...rest, values }, opened, context);
  }
}

/** The request without baselines that vary, and the inputs that have those. */
function withoutVarying(request: ExplainRequest, { setting }: Prepared): { readonly plain: ExplainRequest; readonly varying: ReadonlySet<string> } {
  const said = { ...setting.sidecar.baselines, ...request.baselines };
  const everywhere = request.baselines?.[""] === varyingWord;
  const varying = setting.slots
    .map(({ name }) => name)
    .filter((name) => (request.baselines?.[name] === undefined && everywhere ? request.fixed?.includes(name) !== true : said[name] === varyingWord));
  if (varying.length === 0) return { plain: request, varying: new Set() };
  const others = Object.entries(request.baselines ?? {}).filter(([, word]) => word !== varyingWord);
  // What stands there meanwhile only has the right shape.
  const baselines = { ...Object.fromEntries(others), ...Object.fromEntries(varying.map((name) => [name, "zero"])) };
  return { plain: { ...request, baselines }, varying: new Set(varying) };
}

function targetOf({ prepared, method }: Run, { types }: BoundGraph): { readonly choice?: TargetChoice; readonly target?: CompiledExplanation["target"] } {
  const row = present(prepared.rows[0], "row");
  const [target] = row.targets;
  if (!method.needs.target || target === undefined) return {};
  const all = types.get(target.value)?.dims ?? [];
  const dims = (all[0] === null || all[0] === 1 ? all.slice(1) : all).map((d) => d ?? 1);
  return { choice: targetChoice(prepared.targets[0] ?? "predicted", target, row.versus, dims), target: { value: target.value, dims } };
}

/** A request's files by their names alone: folders of this machine are nobody's business. */
function withoutFolders(request: ExplainRequest): ExplainRequest {
  const { model, samples, features, tokenizer, baselines = {}, ...rest } = request;
  const word = (text: string): string => (text.startsWith("@") ? `@${basename(text.slice(1))}` : text);
  return {
    ...rest,
    model: basename(model),
    ...(samples === undefined ? {} : { samples: basename(samples) }),
    ...(features === undefined ? {} : { features: basename(features) }),
    ...(tokenizer === undefined ? {} : { tokenizer: basename(tokenizer) }),
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, text]) => [name, word(text)])),
  };
}

/** Names of classes and of the elements of inputs. */
function namesOf({ setting, rows }: Prepared): Pick<CompiledExplanation, "labels" | "features"> {
  const labels = setting.outputs.find((output) => output.name === classOutput(setting))?.labels;
  const features = Object.fromEntries(
    Object.entries(rows[0]?.details ?? {}).flatMap(([name, { labels: names, text }]) => (names === undefined || text !== undefined ? [] : [[name, names]])),
  );
  return { features, ...(labels === undefined ? {} : { labels }) };
}

/** What the file says of itself. */
function metadataOf(
  request: ExplainRequest,
  prediction: string,
  { labels, features }: Pick<CompiledExplanation, "labels" | "features">,
  points: number,
  rowsPerRun: number,
): Readonly<Record<string, string>> {
  return {
    "explain_prediction.version": version,
    "explain_prediction.request": JSON.stringify(withoutFolders(request)),
    "explain_prediction.prediction": prediction,
    "explain_prediction.points": String(points),
    "explain_prediction.rows_per_run": String(rowsPerRun),
    ...(labels === undefined ? {} : { "explain_prediction.labels": JSON.stringify(labels) }),
    ...(Object.keys(features).length === 0 ? {} : { "explain_prediction.features": JSON.stringify(features) }),
  };
}
