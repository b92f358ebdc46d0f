import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { companionFolder } from "../base/exportPlace.js";

/** What the extension takes for a model; `.ort` only to say why it can't be explained. */
const modelSuffixes: readonly string[] = [".onnx"];

/** What the readers know as samples. */
export const sampleSuffixes: readonly string[] = [
  ".csv",
  ".tsv",
  ".json",
  ".jsonl",
  ".ndjson",
  ".npy",
  ".npz",
  ".pb",
  ".parquet",
  ".txt",
  ".png",
  ".jpg",
  ".jpeg",
  ".webp",
  ".tif",
  ".tiff",
  ".wav",
  ".flac",
];

const skippedFolders = new Set(["node_modules", ".git", ".hg", ".svn", "__pycache__", ".venv", "venv", ".tox", ".cache"]);
const deepest = 8;
const mostFolders = 5000;
const mostModels = 500;

const hasSuffix = (name: string, suffixes: readonly string[]): boolean => suffixes.includes(extname(name).toLowerCase());

/** Entries of a folder; a folder that can't be read has none. Links are not followed, so that a loop of links ends. */
async function entriesOf(folder: string): Promise<{ readonly files: readonly string[]; readonly folders: readonly string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths = (kept: typeof entries): string[] => kept.map(({ name }) => join(folder, name)).sort();
  return {
    files: paths(entries.filter((entry) => entry.isFile() || entry.isSymbolicLink())),
    folders: paths(entries.filter((entry) => entry.isDirectory() && !skippedFolders.has(entry.name))),
  };
}

/**
 * Model files in and below the folders, nearest first. A walk of its own rather than the editor's search: it needs no search program,
 * and works the same on every host. It is bounded in depth, folders and results.
 */
export async function findModels(roots: readonly string[]): Promise<readonly string[]> {
  const models: string[] = [];
  let level = [...roots];
  let visited = 0;
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++visited > mostFolders || models.length >= mostModels) return newestExports(models);
      const { files, folders } = await entriesOf(folder);
      models.push(...files.filter((file) => hasSuffix(file, modelSuffixes)));
      next.push(...folders);
    }
    level = next;
  }
  return newestExports(models);
}

/** Of the files that were exported from one source at different times, the newest: the others are of versions that are no more. */
async function newestExports(models: readonly string[]): Promise<readonly string[]> {
  const sourceOf = (model: string): string | undefined => {
    const folder = companionFolder(model);
    return folder === dirname(model) ? undefined : join(folder, basename(model));
  };
  const newest = new Map<string, { readonly model: string; readonly time: number }>();
  for (const model of models) {
    const source = sourceOf(model);
    if (source === undefined) continue;
    const time = (await stat(model).catch(() => undefined))?.mtimeMs ?? 0;
    if (time >= (newest.get(source)?.time ?? 0)) newest.set(source, { model, time });
  }
  return models.filter((model) => {
    const source = sourceOf(model);
    return source === undefined || newest.get(source)?.model === model;
  });
}

/** Model files in the folder of a sample file. */
export async function modelsBeside(file: string): Promise<readonly string[]> {
  return (await entriesOf(dirname(file))).files.filter((other) => hasSuffix(other, modelSuffixes));
}

/** Files beside a model that may hold samples, likely ones first: names with "sample" or "test", then the rest, configuration files never. */
export async function samplesBeside(model: string): Promise<readonly string[]> {
  const { files } = await entriesOf(companionFolder(model));
  const rank = (file: string): number => (/sample|test|example/i.test(basename(file)) ? 0 : /train|valid/i.test(basename(file)) ? 2 : 1);
  return files.filter((file) => hasSuffix(file, sampleSuffixes) && !isConfiguration(basename(file))).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

function isConfiguration(name: string): boolean {
  return (
    /^(package|package-lock|tsconfig|tokenizer|tokenizer_config|special_tokens_map|config|preprocessor_config|feature_extractor_config|generation_config|vocab|labels|requirements|readme|license)\b.*\.(json|txt)$/i.test(
      name,
    ) || name.endsWith(".explain.json")
  );
}

/** Whether a path looks like a model. */
export const isModel = (file: string): boolean => hasSuffix(file, modelSuffixes);
