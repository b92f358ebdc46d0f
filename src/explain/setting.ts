import { basename, dirname } from "node:path";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { InputSlot } from "../data/inputSlot.js";
import { openTokenizer } from "../data/tokenizer.js";
import type { Tokenizer } from "../data/encoded.js";
import type { ValueInfo } from "../graph/ir.js";
import type { ModelValue } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { Sidecar } from "../protocol/sidecar.js";
import type { OpenModel } from "../runtime/openModel.js";
import { featureNames } from "./featureNames.js";
import { inputFormats } from "./inputFormats.js";
import { withMetadata } from "./modelMetadata.js";
import { findNeighbours } from "./neighbours.js";
import { inferInputRoles, inferOutputRoles, type InferredInput, type InferredOutput } from "./roles.js";
import { loadSidecar, type LoadedSidecar } from "./sidecar.js";
import { inputsThatTakeMissing } from "./takesMissing.js";

/** A model and everything that is known about it before a sample is read. */
export interface Setting {
  readonly opened: OpenModel;
  /** What the sidecar says, with what the request says in its place and, where it names no samples, a file called so beside the model. */
  readonly sidecar: Sidecar;
  readonly slots: readonly InputSlot[];
  readonly inputs: readonly InferredInput[];
  readonly outputs: readonly InferredOutput[];
  readonly tokenizer: Tokenizer | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Sample files beside the model. */
  readonly nearbySamples: readonly string[];
}

/** What the request says instead of the sidecar. */
export type SettingRequest = Pick<ExplainRequest, "model" | "labels" | "features" | "tokenizer" | "columns">;

/** Opens the sidecar and the neighbours of an open model and infers what its inputs and outputs are. */
export async function readSetting(request: SettingRequest, opened: OpenModel): Promise<Setting> {
  const loaded = await loadSidecar(opened.file);
  const neighbours = withMetadata(await findNeighbours(opened.file), opened.model.metadata);
  const names = opened.graph.inputs.map((input) => input.name);
  const said = withColumns(loaded === undefined ? {} : ofThisModel(loaded, names, opened.file), request.columns);
  for (const name of Object.keys(request.columns ?? {}))
    if (!names.includes(name)) throw new ExplainError("UNKNOWN_INPUT", `The model has no input named "${name}".`, { hint: `Its inputs: ${names.join(", ")}.` });
  for (const name of Object.keys(said.inputs ?? {}))
    if (!names.includes(name))
      throw new ExplainError("SIDECAR_INVALID", `The sidecar describes the input "${name}", which the model does not have.`, {
        ...(loaded === undefined ? {} : { file: loaded.file }),
        hint: `Its inputs: ${names.join(", ")}.`,
      });
  const roles = inferInputRoles(opened.graph, opened.file, said, neighbours);
  const formats = opened.graph.inputs.map((input, i) => inputFormats(input, roles[i]?.role ?? "unknown", opened.graph, said.inputs?.[input.name], neighbours));
  const inputs = roles.map((input, i) => ({ ...input, evidence: [input.evidence, formats[i]?.evidence ?? ""].filter((part) => part !== "").join("; ") }));
  const outputs = inferOutputRoles(opened.graph, said, neighbours, opened.labels).map((output) => withLabels(output, request.labels));
  const [nearby] = neighbours.samples;
  const complete = said.samples === undefined && nearby !== undefined && /^samples?([._-]|$)/i.test(basename(nearby)) ? { ...said, samples: nearby } : said;
  const sidecar = request.features === undefined ? complete : withFeatures(complete, await featureNames(request.features), inputs);
  const tokens = inputs.find((input) => input.role === "tokens");
  const tokenizerFile = request.tokenizer ?? (tokens === undefined ? undefined : (sidecar.inputs?.[tokens.name]?.tokenizer ?? neighbours.tokenizer));
  const others = request.tokenizer === undefined ? await otherTokenizers(sidecar, inputs, tokenizerFile, neighbours.padding) : new Map<string, Tokenizer>();
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const withMissing = inputsThatTakeMissing(opened.graph);
  return {
    opened,
    sidecar,
    inputs,
    outputs,
    tokenizer: tokens === undefined || tokenizerFile === undefined ? undefined : await openTokenizer(tokenizerFile, neighbours.padding),
    slots: opened.graph.inputs.flatMap(({ name, dtype, dims }, i): InputSlot[] => {
      if (dtype === null) return [];
      const { role = "unknown", features } = byName.get(name) ?? {};
      const { evidence: _, ...format } = formats[i] ?? {};
      const own = others.get(name);
      const missing = withMissing.has(name);
      return [
        {
          name,
          dtype,
          dims,
          role,
          ...(features === undefined ? {} : { features }),
          ...(own === undefined ? {} : { tokenizer: own }),
          ...(missing ? { missing } : {}),
          ...format,
        },
      ];
    }),
    diagnostics: opened.diagnostics,
    nearbySamples: neighbours.samples,
  };
}

/** Tokenizers that the sidecar names for single inputs, other than that of the first. */
async function otherTokenizers(
  sidecar: Sidecar,
  inputs: readonly InferredInput[],
  first: string | undefined,
  padding: "left" | "right" | undefined,
): Promise<ReadonlyMap<string, Tokenizer>> {
  const named = inputs.flatMap(({ name, role }) => {
    const file = role === "tokens" ? sidecar.inputs?.[name]?.tokenizer : undefined;
    return file === undefined || file === first ? [] : [[name, file] as const];
  });
  return new Map(await Promise.all(named.map(async ([name, file]) => [name, await openTokenizer(file, padding)] as const)));
}

/** A graph input or output as results show it. */
export function modelValue({ name, dtype, dims }: ValueInfo): ModelValue {
  return { name, type: dtype ?? "other", dims };
}

function withLabels(output: InferredOutput, labels: readonly string[] | undefined): InferredOutput {
  return labels === undefined || output.role === "embedding" || output.role === "regression" ? output : { ...output, labels };
}

/** The sidecar beside a source may be that of another model there: what it says of other inputs is not about this one. */
function ofThisModel({ sidecar, file }: LoadedSidecar, names: readonly string[], model: string): Sidecar {
  const exported = basename(file) === "model.explain.json" && dirname(file) !== dirname(model);
  if (!exported || sidecar.inputs === undefined) return sidecar;
  return { ...sidecar, inputs: Object.fromEntries(Object.entries(sidecar.inputs).filter(([name]) => names.includes(name))) };
}

/** Columns that the request names come before the sidecar's. */
function withColumns(sidecar: Sidecar, columns: ExplainRequest["columns"]): Sidecar {
  if (columns === undefined) return sidecar;
  const chosen = Object.entries(columns).map(([name, list]) => [name, { ...sidecar.inputs?.[name], columns: list }] as const);
  return { ...sidecar, inputs: { ...sidecar.inputs, ...Object.fromEntries(chosen) } };
}

/** Names given on the command line belong to the one input that holds features. */
function withFeatures(sidecar: Sidecar, features: readonly string[], inputs: readonly InferredInput[]): Sidecar {
  const input = inputs.find((i) => i.role === "features") ?? inputs.find((i) => i.role === "unknown");
  if (input === undefined)
    throw new ExplainError("OPTION_INVALID", "Feature names were given, but no input of the model holds features.", { hint: "Leave --features out." });
  return { ...sidecar, inputs: { ...sidecar.inputs, [input.name]: { ...sidecar.inputs?.[input.name], features } } };
}
