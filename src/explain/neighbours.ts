import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { companionFolder } from "../base/exportPlace.js";
import { mediaKind } from "../data/media/mediaKind.js";
import { preprocessingOf, type Preprocessing } from "./preprocessorConfig.js";

/** What the files beside a model say about it. File names are absolute. */
export interface Neighbours {
  readonly tokenizer?: string;
  /** Side that short texts are padded on, where a neighbour says so. */
  readonly padding?: "left" | "right";
  /** Class names by index, and the file they come from. */
  readonly labels?: readonly string[];
  readonly labelsFile?: string;
  /** How pictures and sounds are prepared (preprocessor_config.json). */
  readonly preprocessing?: Preprocessing;
  /** Lists of feature names (a JSON file with "features"), and the file each comes from. */
  readonly features: readonly { readonly names: readonly string[]; readonly file: string }[];
  /** Sample files beside the model. */
  readonly samples: readonly string[];
}

const largestNeighbour = 4 * 1024 * 1024;
const sampleSuffix = /\.(csv|tsv|tab|json|jsonl|ndjson|txt|npy|npz|pb|parquet)$/i;
/** Folders of pictures, sounds or ONNX test data. */
const sampleFolder = /^(samples|images|pictures|audio|sounds|test_data_set_0)$/i;
/** JSON files and text files that are settings, not samples. */
const settings =
  /^(tokenizer|tokenizer_config|special_tokens_map|config|generation_config|preprocessor_config|package|package-lock|tsconfig|vocab|labels|merges|added_tokens|requirements|readme|license|explanation)\b.*\.(json|txt)$|\.explain\.json$/i;

/** Looks at the model's folder (of an exported model, that of its source): tokenizer.json, vocab.txt, config.json (id2label), labels.txt, JSON files with "features", sample files. Unreadable neighbours are passed over. */
export async function findNeighbours(modelFile: string): Promise<Neighbours> {
  const folder = companionFolder(modelFile);
  const names = (await readdir(folder).catch(() => [])).sort();
  const has = (name: string): boolean => names.includes(name);
  const vocabulary = has("vocab.json") && isVocabulary(await readSmallJson(join(folder, "vocab.json"))) ? ["vocab.json"] : [];
  const tokenizer = [...["tokenizer.json", "vocab.txt"].filter(has), ...vocabulary][0];
  const features: { names: readonly string[]; file: string }[] = [];
  const preprocessor = ["preprocessor_config.json", "feature_extractor_config.json"].find(has);
  const preprocessing = preprocessor === undefined ? undefined : preprocessingOf((await readSmallJson(join(folder, preprocessor))) ?? {});
  let padding: "left" | "right" | undefined;
  const described = new Set<string>();
  for (const name of names.filter((n) => n.endsWith(".json") && n !== "tokenizer.json" && !n.endsWith(".explain.json"))) {
    const content = await readSmallJson(join(folder, name));
    if (content === undefined) continue;
    const list = content["features"] ?? content["feature_names"];
    if (isTexts(list)) {
      features.push({ names: list, file: join(folder, name) });
      described.add(name);
    }
    const side = content["padding_side"] ?? content["padding"];
    if (side === "left" || side === "right") {
      padding ??= side;
      described.add(name);
    }
  }
  const fromConfig = has("config.json") ? labelsOfConfig(await readSmallJson(join(folder, "config.json"))) : undefined;
  const fromList = has("labels.txt") ? await linesOf(join(folder, "labels.txt")) : undefined;
  const labels = fromConfig ?? fromList;
  return {
    ...(tokenizer === undefined ? {} : { tokenizer: join(folder, tokenizer) }),
    ...(padding === undefined ? {} : { padding }),
    ...(labels === undefined ? {} : { labels, labelsFile: join(folder, fromConfig === undefined ? "labels.txt" : "config.json") }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
    features,
    samples: names
      .filter((n) => (sampleSuffix.test(n) || sampleFolder.test(n) || mediaKind(n) !== null) && !settings.test(n) && !described.has(n))
      .sort(bySampleName)
      .map((n) => join(folder, n)),
  };
}

/** Words and their ids; other things are called vocab.json as well. */
function isVocabulary(content: Readonly<Record<string, unknown>> | undefined): boolean {
  const ids = Object.values(content ?? {});
  return ids.length > 0 && ids.every((id) => typeof id === "number");
}

/** Files called samples come first, training files last. */
function bySampleName(a: string, b: string): number {
  const rank = (name: string): number => (/^sample/i.test(name) ? 0 : /test|valid|eval/i.test(name) ? 1 : /train/i.test(name) ? 3 : 2);
  return rank(a) - rank(b) || (basename(a) < basename(b) ? -1 : 1);
}

/** Class names of a transformers config.json: {"id2label": {"0": "NEGATIVE", …}}. */
function labelsOfConfig(config: Readonly<Record<string, unknown>> | undefined): string[] | undefined {
  const map = config?.["id2label"];
  if (typeof map !== "object" || map === null) return undefined;
  const entries = Object.entries(map);
  const labels = entries.map((_, i) => (map as Record<string, unknown>)[String(i)]);
  return labels.length > 0 && isTexts(labels) ? labels : undefined;
}

async function linesOf(file: string): Promise<string[] | undefined> {
  const lines = (await readSmall(file))
    ?.split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines === undefined || lines.length === 0 ? undefined : lines;
}

async function readSmallJson(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value: unknown = JSON.parse((await readSmall(file)) ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

async function readSmall(file: string): Promise<string | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined || !info.isFile() || info.size > largestNeighbour) return undefined;
  return readFile(file, "utf8").catch(() => undefined);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
}
