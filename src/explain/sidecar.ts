import { existsSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node as JsonNode, type ParseError, type Segment } from "jsonc-parser";
import * as v from "valibot";
import { ExplainError } from "../base/diagnostic.js";
import { companionFolder } from "../base/exportPlace.js";
import { staysInside } from "../base/inside.js";
import { readText } from "../base/readText.js";
import { placeOf } from "../data/place.js";
import { deepest, firstTooDeep } from "./jsonDepth.js";
import { inputRoles, methodNames, outputRoles } from "../protocol/names.js";
import { colourOrders, imageFits, resamples, type Sidecar } from "../protocol/sidecar.js";

const text = v.string("must be a text in double quotes");
const texts = v.array(text, "must be a list");
const words = <const T extends readonly string[]>(options: T): v.PicklistSchema<T, string> =>
  v.picklist(options, `must be one of ${options.slice(0, 12).join(", ")}${options.length > 12 ? ", …" : ""}`);

const size = v.pipe(
  v.number("must be a number"),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
  v.maxValue(65536, "must be at most 65536"),
);
const finite = v.pipe(v.number("must be a number"), v.finite("must be finite"));
const channelNumbers = v.pipe(
  v.array(finite, "must be a list of numbers"),
  v.minLength(1, "must have a number a channel"),
  v.maxLength(4, "must have a number a channel"),
);

const imageSchema = v.strictObject({
  layout: v.optional(words(["NCHW", "NHWC"])),
  colours: v.optional(words(colourOrders)),
  height: v.optional(size),
  width: v.optional(size),
  fit: v.optional(words(imageFits)),
  shortestEdge: v.optional(size),
  resample: v.optional(words(resamples)),
  range: v.optional(v.tuple([finite, finite], "must be two numbers")),
  mean: v.optional(channelNumbers),
  std: v.optional(channelNumbers),
});

const audioSchema = v.strictObject({
  rate: v.optional(
    v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(1, "must be at least 1"), v.maxValue(1e6, "must be at most 1000000")),
  ),
  channels: v.optional(
    v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(1, "must be at least 1"), v.maxValue(64, "must be at most 64")),
  ),
  length: v.optional(
    v.pipe(
      v.number("must be a number"),
      v.integer("must be a whole number"),
      v.minValue(1, "must be at least 1"),
      v.maxValue(1e8, "must be at most 100000000"),
    ),
  ),
  scale: v.optional(finite),
  standardise: v.optional(v.boolean("must be true or false")),
});

const inputSchema = v.strictObject({
  role: v.optional(words(inputRoles)),
  columns: v.optional(texts),
  features: v.optional(texts),
  tokenizer: v.optional(text),
  groups: v.optional(v.record(text, texts)),
  units: v.optional(v.record(text, text)),
  categories: v.optional(v.record(text, texts)),
  image: v.optional(imageSchema),
  audio: v.optional(audioSchema),
  value: v.optional(v.union([v.number(), v.boolean(), v.array(v.unknown())], "must be a number, true, false or a list of numbers")),
});

const schema = v.strictObject({
  $schema: v.optional(text),
  inputs: v.optional(v.record(text, inputSchema)),
  outputs: v.optional(v.record(text, v.strictObject({ labels: v.optional(texts), role: v.optional(words(outputRoles)) }))),
  samples: v.optional(text),
  training: v.optional(text),
  label: v.optional(text),
  method: v.optional(words(methodNames)),
  target: v.optional(v.union([text, v.pipe(v.number(), v.transform(String))], "must be a class index or label")),
  baselines: v.optional(v.record(text, v.union([text, v.pipe(v.number(), v.transform(String))], "must be a text or a number"))),
  layers: v.optional(texts),
});

export interface LoadedSidecar {
  /** Paths in it are absolute. */
  readonly sidecar: Sidecar;
  readonly file: string;
}

/** The sidecar of a model: `<model>.explain.json`, else `model.explain.json` in its folder, or in that of the source that it was exported from. Undefined when there is none; throws SIDECAR_INVALID with line and column. */
export async function loadSidecar(modelFile: string): Promise<LoadedSidecar | undefined> {
  const name = `${basename(modelFile, extname(modelFile))}.explain.json`;
  const folders = [dirname(modelFile), companionFolder(modelFile)];
  for (const file of new Set(folders.flatMap((folder) => [join(folder, name), join(folder, "model.explain.json")]))) {
    const content = await readText(file);
    if (content !== undefined) return { sidecar: parseSidecar(content, file), file };
    if (existsSync(file)) throw new ExplainError("SIDECAR_INVALID", "The sidecar can't be read.", { file, hint: "It has to be a text file." });
  }
  return undefined;
}

/** A sidecar's text: JSON with comments. `file` is where it lies; paths in the result are absolute. */
export function parseSidecar(content: string, file: string): Sidecar {
  const source = content.replace(/^\uFEFF/, "");
  const deep = firstTooDeep(source);
  if (deep !== undefined)
    throw new ExplainError("SIDECAR_INVALID", `Lists and objects are nested more than ${deepest} deep.`, {
      file,
      ...placeOf(source, deep),
      hint: "docs/sidecar.md lists every field.",
    });
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (tree === undefined || first !== undefined) {
    const place = placeOf(source, first?.offset ?? 0);
    throw new ExplainError("SIDECAR_INVALID", `The sidecar is not valid JSON${first === undefined ? "" : ` (${printParseErrorCode(first.error)})`}.`, {
      file,
      ...place,
      hint: "Comments and a comma after the last item are allowed; keys and texts need double quotes.",
    });
  }
  const result = v.safeParse(schema, toValue(tree), { abortEarly: false });
  if (!result.success) {
    const issue = result.issues[0];
    const path = (issue.path ?? []).map((item) => item.key as Segment);
    const where = path.length === 0 ? "The sidecar" : `"${path.join(".")}"`;
    const problem =
      issue.expected === "never"
        ? "is not a field of a sidecar"
        : issue.message.startsWith("must")
          ? issue.message
          : `must be ${issue.expected ?? "something else"}, not ${issue.received}`;
    throw new ExplainError("SIDECAR_INVALID", `${where} ${problem}.`, {
      file,
      ...placeOf(source, offsetOf(tree, path)),
      hint: "docs/sidecar.md lists every field.",
    });
  }
  const inside = (path: string | undefined, at: Segment[]): string | undefined => {
    if (path === undefined) return undefined;
    const folder = dirname(file);
    if (!staysInside(folder, path))
      throw new ExplainError("SIDECAR_INVALID", `"${at.join(".")}" names a file outside the sidecar's folder.`, {
        file,
        ...placeOf(source, offsetOf(tree, at)),
        hint: "Paths are relative to the sidecar and stay inside its folder.",
      });
    return resolve(folder, path);
  };
  const { inputs, samples, training, ...rest } = result.output;
  delete rest.$schema;
  return strip({
    ...rest,
    samples: inside(samples, ["samples"]),
    training: inside(training, ["training"]),
    inputs:
      inputs === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(inputs).map(([name, input]) => [name, strip({ ...input, tokenizer: inside(input.tokenizer, ["inputs", name, "tokenizer"]) })]),
          ),
  });
}

/** Drops keys without a value: the contract has them absent, not undefined. */
function strip<T extends object>(record: T): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** The plain value of a parsed tree. Keys are defined, not assigned: "__proto__" is a name like any other. */
function toValue(node: JsonNode): unknown {
  if (node.type === "array") return (node.children ?? []).map(toValue);
  if (node.type !== "object") return node.value as unknown;
  return Object.fromEntries(
    (node.children ?? []).map((property) => [
      String(property.children?.[0]?.value),
      property.children?.[1] === undefined ? null : toValue(property.children[1]),
    ]),
  );
}

/** Where the value at `path` stands; a key that should not be there is itself the place. */
function offsetOf(tree: JsonNode, path: readonly Segment[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node.offset;
  }
  return tree.offset;
}
