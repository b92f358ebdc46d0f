import { basename, join, relative, sep } from "node:path";
import { companionFolder } from "../base/exportPlace.js";
import { isWithin } from "../base/samePath.js";
import { mapColumns, type Mapping } from "../data/mapping.js";
import type { InputSlot } from "../data/inputSlot.js";
import { openSamples } from "../data/samples.js";
import type { OutputRole } from "../protocol/names.js";
import type { SidecarInput } from "../protocol/sidecar.js";
import type { OpenModel } from "../runtime/openModel.js";
import { readSetting, type Setting } from "./setting.js";

const looked = 64;

/** A sidecar as it would be written: where, and its text with comments that say why each line is there. */
interface WrittenSidecar {
  readonly file: string;
  readonly text: string;
}

/**
 * What was inferred of a model, as a sidecar to be corrected: roles, columns, tokenizer, how pictures and sounds are prepared, class names, samples and the label's column;
 * what could not be found out stands in comments. `samples`: a sample file in the model's folder; default: the one found beside the model.
 */
export async function inferredSidecar(opened: OpenModel, samples?: string): Promise<WrittenSidecar> {
  const setting = await readSetting({ model: opened.file }, opened);
  const folder = companionFolder(opened.file);
  const chosen = samples ?? setting.sidecar.samples ?? setting.nearbySamples.find((file) => !/train/i.test(basename(file)));
  const mapping = chosen === undefined ? undefined : await mappingOf(setting, chosen);
  const training = setting.sidecar.training ?? setting.nearbySamples.find((file) => /train/i.test(basename(file)));
  const inside = (file: string): string | undefined => {
    const way = relative(folder, file);
    return way === "" || !isWithin(folder, file) ? undefined : way.split(sep).join("/");
  };
  const lines = [
    "{",
    "  // What the files of the model can't say themselves. Written from what was inferred: correct what is wrong, delete what says nothing new.",
    '  "inputs": {',
    ...setting.slots.flatMap((slot) => inputLines(slot, setting, mapping, inside)),
    "  },",
    '  "outputs": {',
    ...setting.outputs.flatMap((output) => outputLines(output, opened)),
    "  },",
    ...samplesLines(chosen, mapping, inside),
    ...trainingLines(training, setting.sidecar.training !== undefined, inside),
    ...labelLines(mapping),
    "}",
  ];
  return { file: join(folder, `${basename(opened.file).replace(/\.(onnx|ort)$/i, "")}.explain.json`), text: `${lines.join("\n")}\n` };
}

async function mappingOf(setting: Setting, file: string): Promise<Mapping | string> {
  try {
    const samples = await openSamples(file);
    try {
      return mapColumns(setting.slots, samples.columns, await samples.rows(0, looked), setting.sidecar);
    } finally {
      await samples.close();
    }
  } catch (error) {
    // A file that does not fit is still named: the sidecar is where this is put right.
    return error instanceof Error ? error.message : String(error);
  }
}

function inputLines(
  slot: InputSlot,
  { inputs, sidecar, tokenizer }: Setting,
  mapping: Mapping | string | undefined,
  inside: (file: string) => string | undefined,
): string[] {
  const { name, role } = slot;
  const source = typeof mapping === "object" ? mapping.inputs[name] : undefined;
  const said: SidecarInput = sidecar.inputs?.[name] ?? {};
  const columns = source !== undefined && source.columns.length > 0 ? source.columns : undefined;
  const features = source?.features ?? slot.features ?? said.features;
  const own = role === "tokens" && tokenizer !== undefined ? inside(tokenizer.file) : undefined;
  const fields: [string, unknown][] = [
    ["role", role],
    ["columns", columns],
    ["features", features !== undefined && features.join("\n") !== columns?.join("\n") ? features : undefined],
    ["tokenizer", own],
    ["image", role === "image" ? imageFields(slot) : undefined],
    ["audio", role === "audio" ? audioFields(slot) : undefined],
    ["groups", said.groups],
    ["units", said.units],
    ["categories", said.categories],
    ["value", source?.kind === "default" ? slot.value : undefined],
  ];
  const evidence = inputs.find((input) => input.name === name)?.evidence ?? "";
  return [`    // ${shape(slot)}: ${comment(evidence)}`, `    ${JSON.stringify(name)}: ${object(fields, "    ")},`];
}

/** What does not follow from the input's shape. */
function imageFields({ image, dims }: InputSlot): object | undefined {
  if (image === undefined) return undefined;
  const { layout, height, width, mean, std, ...rest } = image;
  const plain = mean.every((x) => x === 0) && std.every((x) => x === 1);
  const open = dims?.some((d, axis) => axis > 0 && typeof d !== "number") === true;
  return {
    layout,
    ...(open && height !== null && width !== null ? { height, width } : {}),
    ...rest,
    ...(plain ? {} : { mean, std }),
  };
}

/** Nulls are what nobody said. */
function audioFields({ audio }: InputSlot): object | undefined {
  return audio === undefined ? undefined : Object.fromEntries(Object.entries(audio).filter(([, value]) => value !== null));
}

function outputLines(
  { name, role, labels }: { readonly name: string; readonly role: OutputRole; readonly labels?: readonly string[] },
  { graph }: OpenModel,
): string[] {
  const output = graph.outputs.find((o) => o.name === name);
  const classes = output?.dims?.at(-1);
  const missing = labels === undefined && (role === "probabilities" || role === "logits") && typeof classes === "number" && classes <= 20;
  return [
    `    // ${output === undefined ? "" : shape(output)}${missing ? `; names of its classes: "labels": ${JSON.stringify(Array.from({ length: classes }, (_, i) => `class ${i}`))}` : ""}`,
    `    ${JSON.stringify(name)}: ${object(
      [
        ["role", role],
        ["labels", labels],
      ],
      "    ",
    )},`,
  ];
}

function samplesLines(chosen: string | undefined, mapping: Mapping | string | undefined, inside: (file: string) => string | undefined): string[] {
  const path = chosen === undefined ? undefined : inside(chosen);
  if (path === undefined) return ["  // The sample file that opens when none is chosen.", '  // "samples": "samples.csv",'];
  const why =
    typeof mapping === "string" ? `It does not fit yet: ${comment(mapping)}` : `Which column feeds which input: ${comment(mapping?.words().join("; ") ?? "")}`;
  return [`  // ${why}`, `  "samples": ${JSON.stringify(path)},`];
}

function trainingLines(training: string | undefined, said: boolean, inside: (file: string) => string | undefined): string[] {
  const path = training === undefined ? undefined : inside(training);
  return [
    "  // Rows that stand for all: with them, numbers start at their mean instead of at zero.",
    `  ${said ? "" : "// "}"training": ${JSON.stringify(path ?? "train.csv")},`,
  ];
}

function labelLines(mapping: Mapping | string | undefined): string[] {
  const label = typeof mapping === "object" ? mapping.label : undefined;
  return ["  // The column with the true answer.", label === undefined ? '  // "label": "answer",' : `  "label": ${JSON.stringify(label)},`];
}

function object(fields: readonly (readonly [string, unknown])[], indent: string): string {
  const present = fields.filter(([, value]) => value !== undefined).map(([key, value]) => `${JSON.stringify(key)}: ${spaced(value)}`);
  const flat = `{ ${present.join(", ")} }`;
  return flat.length <= 120 ? flat : `{\n${present.map((field) => `${indent}  ${field},`).join("\n")}\n${indent}}`;
}

/** JSON on one line with a space behind commas and colons, as people write it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    .join(", ")} }`;
}

function shape({ dtype, dims }: { readonly dtype: string | null; readonly dims: readonly (number | string | null)[] | null }): string {
  return `${dtype ?? "other"}${dims === null ? "" : ` [${dims.map((d) => d ?? "?").join(", ")}]`}`;
}

/** Names in a model or a file may hold anything; a comment ends with its line. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}
