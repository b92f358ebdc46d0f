import { assert } from "../base/assert.js";
import { ExplainError } from "../base/diagnostic.js";
import type { ImageFormat } from "../data/media/imageFormat.js";
import type { InputRole } from "../protocol/names.js";
import type { Dtype } from "../tensor/dtype.js";
import { stackRows } from "../tensor/stackRows.js";
import { allocate, sizeOf, toNumbers, type Tensor } from "../tensor/tensor.js";
import { allOf, modeOf, textWord } from "./baseline/text.js";
import { blackIsZero, blackPicture, blurredPicture } from "./baseline/picture.js";

/** Ids with a meaning of their own, as the tokenizer knows them. */
export interface SpecialIds {
  readonly pad?: number;
  readonly mask?: number;
  readonly unk?: number;
}

/** What baselines of one input can be made from. Tensors have one row each. */
export interface BaselineSources {
  readonly name: string;
  readonly role: InputRole;
  readonly dtype: Dtype;
  /** The model splits its texts into words itself. */
  readonly splits?: true | undefined;
  /** The sample's own rows. */
  readonly rows: readonly Tensor[];
  readonly ids: SpecialIds | undefined;
  /** For each row, the flat positions that a pad, mask or unk baseline leaves as they are: classification and separator tokens, padding. */
  readonly kept: readonly ReadonlySet<number>[];
  /** Whether a training file stands for the population. */
  readonly hasTraining: boolean;
  /** Whether there is a training file or a sample file to take rows from. */
  readonly hasFile: boolean;
  /** How the input's pictures are made; absent for inputs that hold none. */
  readonly image?: ImageFormat | undefined;
  /** All rows of the training file, else of the sample file. */
  population(): Promise<readonly Tensor[]>;
  /** The mean of those rows, which need not be in memory for it. */
  mean?(): Promise<Tensor>;
  /** The most frequent values of those rows, for text. */
  mode?(): Promise<Tensor>;
  /** What was made of the population is made once for a model, whatever row asks for it. */
  once?<T>(what: string, make: () => Promise<T>): Promise<T>;
  /** The `count` rows of the population that stand best for all of it, as wholes: the same rows for every input. */
  medoids(count: number): Promise<readonly Tensor[]>;
  /** One row of the sample file. */
  row(row: number): Promise<Tensor>;
  /** All rows of another file. */
  file(path: string): Promise<readonly Tensor[]>;
}

/** A baseline: one tensor for each of the sample's rows; several rows that are a distribution for all of them; or several such, of which credits are the average. */
export type Baseline =
  | { readonly kind: "rows"; readonly rows: readonly Tensor[] }
  | { readonly kind: "distribution"; readonly tensor: Tensor }
  | { readonly kind: "several"; readonly parts: readonly (readonly Tensor[])[] };

/** The baseline an input has when nobody names one: in words of `--baseline`. */
export function defaultBaseline(sources: Pick<BaselineSources, "role" | "dtype" | "splits" | "ids" | "hasFile" | "hasTraining" | "image">): string {
  if (sources.role === "image" && sources.image !== undefined && !blackIsZero(sources.image)) return "black";
  if (isText(sources)) return sources.hasFile && sources.splits !== true ? "mode" : "empty";
  if (sources.role === "tokens") return sources.ids?.pad === undefined ? "zero" : "pad";
  return sources.role === "features" && sources.hasTraining ? "mean" : "zero";
}

/**
 * The tensors behind a baseline's name: zero, a number, mean, median, pad, mask, unk, black, blur or blur:SIGMA, silence, row:N, @FILE, population or population:N,
 * medoids or medoids:K, or several of the single ones joined by "+"; for text mode, empty or the text itself. Rows of a population or a file are a distribution; those of a file with as many rows as the sample are each row's own.
 * @param distribution whether the method takes several baseline rows as a distribution in any case
 * Throws BASELINE_INVALID with the input's name and what is possible.
 */
export async function resolveBaseline(text: string, sources: BaselineSources, distribution: boolean): Promise<Baseline> {
  const spec = text.trim();
  const once = <T>(what: string, make: () => Promise<T>): Promise<T> => sources.once?.(what, make) ?? make();
  const same = (value: Tensor): Baseline => ({ kind: "rows", rows: sources.rows.map((row) => fitted(value, row, text, sources)) });
  const asText = isText(sources) ? textWord(spec) : undefined;
  if (asText === "numbers") throw invalid(text, sources, "it holds text");
  if (asText === "mode") return same(await (sources.mode?.() ?? modeOf(await sources.population())));
  if (asText === "empty" || asText === "literal") return { kind: "rows", rows: sources.rows.map((row) => allOf(row, asText === "empty" ? "" : spec)) };
  if (spec === "zero") return constant(0, sources);
  if (spec === "silence") {
    if (sources.role !== "audio") throw invalid(text, sources, `its role is ${sources.role}, not audio`);
    return constant(0, sources);
  }
  if (spec === "black" || /^blur(:|$)/.test(spec)) return pictures(spec, sources);
  const grouped = /^medoids(?::([1-9]\d*))?$/.exec(spec);
  if (grouped !== null) {
    if (isIds(sources)) throw invalid(text, sources, "token ids have no distance");
    const rows = await once(spec, () => sources.medoids(Number(grouped[1] ?? usualMedoids)));
    const [first] = rows;
    if (first === undefined) throw invalid(text, sources, "there are no rows to take");
    return rows.length === 1 ? same(first) : { kind: "distribution", tensor: stackRows(rows.map((row) => fitted(row, sources.rows[0] ?? row, text, sources))) };
  }
  if (spec !== "" && Number.isFinite(Number(spec))) return constant(Number(spec), sources);
  if (!spec.startsWith("@") && spec.includes("+")) return several(spec, sources);
  const population = /^population(?::(\d+))?$/.exec(spec);
  if (population !== null) {
    const count = population[1] === undefined ? Infinity : Number(population[1]);
    const chosen = (await once(spec, async () => spread(await sources.population(), count))).map((row) => fitted(row, sources.rows[0] ?? row, text, sources));
    if (chosen.length === 0) throw invalid(text, sources, "there are no rows to take");
    return { kind: "distribution", tensor: stackRows(chosen) };
  }
  if (spec === "pad" || spec === "mask" || spec === "unk") return special(spec, sources);
  if (spec === "mean" || spec === "median") {
    if (isIds(sources)) throw invalid(text, sources, "token ids have no average");
    return same(
      await (spec === "mean" ? (sources.mean?.() ?? meanOf(await sources.population())) : once("median", async () => median(await sources.population()))),
    );
  }
  const row = /^row:(\d+)$/.exec(spec);
  if (row !== null) return same(await sources.row(Number(row[1])));
  if (spec.startsWith("@")) {
    const rows = await sources.file(spec.slice(1));
    const [first] = rows;
    if (first === undefined) throw invalid(text, sources, "the file has no rows");
    if (rows.length === 1) return same(first);
    if (distribution) return { kind: "distribution", tensor: stackRows(rows) };
    if (rows.length === sources.rows.length) return { kind: "rows", rows: rows.map((r, i) => fitted(r, sources.rows[i] ?? r, text, sources)) };
    return { kind: "distribution", tensor: stackRows(rows) };
  }
  throw invalid(text, sources, "that is no baseline");
}

const usualMedoids = 5;

/** The same picture in black, or without its detail. */
function pictures(spec: string, sources: BaselineSources): Baseline {
  const { image } = sources;
  if (image === undefined || sources.role !== "image") throw invalid(spec, sources, `its role is ${sources.role}, not image`);
  const sigma = /^blur:(.+)$/.exec(spec)?.[1];
  const width = sigma === undefined ? undefined : Number(sigma);
  if (width !== undefined && !(width > 0 && width <= 1000)) throw invalid(spec, sources, "the width is in pixels, above 0");
  const rows = sources.rows.map((row) => (spec === "black" ? blackPicture(row, image) : blurredPicture(row, image, width)));
  return {
    kind: "rows",
    rows: rows.map((row) => {
      if (row === undefined) throw invalid(spec, sources, "its shape holds no picture");
      return row;
    }),
  };
}

/** Parts of "zero+mean+row:7": what each alone would be. */
async function several(spec: string, sources: BaselineSources): Promise<Baseline> {
  const parts: (readonly Tensor[])[] = [];
  for (const word of spec.split("+")) {
    const part = await resolveBaseline(word, sources, false);
    if (part.kind !== "rows") throw invalid(spec, sources, `"${word.trim()}" is several baselines already`);
    parts.push(part.rows);
  }
  return { kind: "several", parts };
}

/** At most `count` rows, evenly spaced. */
function spread<T>(rows: readonly T[], count: number): readonly T[] {
  return count >= rows.length ? rows : Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]).filter((row) => row !== undefined);
}

/** Whether an "all inputs" baseline has a meaning for this input; averages have none for ids, tokens none for numbers. */
export function suits(text: string, sources: Pick<BaselineSources, "role" | "dtype">): boolean {
  if (isText(sources)) return !["numbers", "literal"].includes(textWord(text));
  if (textWord(text) === "mode" || textWord(text) === "empty") return false;
  if (text.includes("+") && !text.startsWith("@") && !Number.isFinite(Number(text))) return text.split("+").every((part) => suits(part.trim(), sources));
  if (["pad", "mask", "unk"].includes(text)) return sources.role === "tokens";
  if (text === "black" || /^blur(:|$)/.test(text)) return sources.role === "image";
  if (text === "silence") return sources.role === "audio";
  if (/^medoids(:|$)/.test(text)) return !isIds(sources);
  return !(["mean", "median"].includes(text) && isIds(sources)) && !(isIds(sources) && Number.isFinite(Number(text)) && !Number.isInteger(Number(text)));
}

function constant(value: number, sources: BaselineSources): Baseline {
  if (isIds(sources) && !(Number.isInteger(value) && value >= 0)) throw invalid(String(value), sources, "ids are whole numbers from 0");
  return { kind: "rows", rows: sources.rows.map((row) => filled(row, () => value)) };
}

function special(kind: "pad" | "mask" | "unk", sources: BaselineSources): Baseline {
  if (sources.role !== "tokens") throw invalid(kind, sources, `its role is ${sources.role}, not tokens`);
  const id = sources.ids?.[kind];
  if (id === undefined)
    throw invalid(kind, sources, sources.ids === undefined ? "no tokenizer was found beside the model" : `the tokenizer has no ${kind} token`);
  return { kind: "rows", rows: sources.rows.map((row, r) => filled(row, (x, i) => (sources.kept[r]?.has(i) === true ? x : id))) };
}

function filled(like: Tensor, value: (x: number, i: number) => number): Tensor {
  assert(like.dtype !== "string", "text has no numbers");
  const from = toNumbers(like);
  const data = allocate(like.dtype, from.length);
  for (let i = 0; i < from.length; i++) set(data, i, value(from[i] ?? 0, i));
  return { dtype: like.dtype, dims: like.dims, data };
}

function set(data: ReturnType<typeof allocate>, i: number, value: number): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(Math.trunc(value));
  else data[i] = value;
}

function fitted(value: Tensor, row: Tensor, text: string, sources: BaselineSources): Tensor {
  if (value.dims.slice(1).join() !== row.dims.slice(1).join())
    throw invalid(text, sources, `it has shape [${value.dims.slice(1).join(", ")}] where the sample has [${row.dims.slice(1).join(", ")}]`);
  return value;
}

/** The mean of rows that come one after the other, of each element where it is not missing (NaN). Throws BASELINE_INVALID for none, and for rows of different length. */
export async function meanOf(rows: AsyncIterable<Tensor> | Iterable<Tensor>): Promise<Tensor> {
  let first: Tensor | undefined;
  let [sum, count] = [new Float64Array(), new Float64Array()];
  for await (const row of rows) {
    const numbers = row.dtype === "string" ? new Float64Array() : toNumbers(row);
    if (first === undefined) {
      first = row;
      [sum, count] = [new Float64Array(numbers.length), new Float64Array(numbers.length)];
    }
    if (numbers.length !== sum.length) throw uneven();
    for (const [i, x] of numbers.entries()) {
      if (Number.isNaN(x)) continue;
      sum[i] = (sum[i] ?? 0) + x;
      count[i] = (count[i] ?? 0) + 1;
    }
  }
  if (first === undefined || first.dtype === "string") throw new ExplainError("BASELINE_INVALID", "There are no rows to take an average of.");
  return filled(first, (_, i) => (sum[i] ?? NaN) / (count[i] ?? 0));
}

function median(rows: readonly Tensor[]): Tensor {
  return overRows(rows, (column) => {
    const sorted = column.filter((x) => !Number.isNaN(x)).sort();
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
  });
}

function overRows(rows: readonly Tensor[], summary: (column: Float64Array) => number): Tensor {
  const [first] = rows;
  if (first === undefined || first.dtype === "string") throw new ExplainError("BASELINE_INVALID", "There are no rows to take an average of.");
  const numbers = rows.map(toNumbers);
  const size = sizeOf(first.dims);
  if (numbers.some((n) => n.length !== size)) throw uneven();
  const data = allocate(first.dtype, size);
  for (let i = 0; i < size; i++) set(data, i, summary(Float64Array.from(numbers, (n) => n[i] ?? NaN)));
  return { dtype: first.dtype, dims: first.dims, data };
}

function uneven(): ExplainError {
  return new ExplainError("BASELINE_INVALID", "Rows of different length have no average.", { hint: "Name another baseline, for example zero." });
}

function isText({ dtype }: Pick<BaselineSources, "dtype">): boolean {
  return dtype === "string";
}

function isIds(sources: Pick<BaselineSources, "role">): boolean {
  return sources.role === "tokens" || sources.role === "categories";
}

function invalid(text: string, sources: Pick<BaselineSources, "name" | "role" | "dtype">, why: string): ExplainError {
  const possible = isText(sources)
    ? "mode (its most frequent values), empty, a text, row:N, @FILE or population"
    : sources.role === "tokens"
      ? "zero, an id, pad, mask, unk, row:N or @FILE, or several joined by +"
      : `zero, a number, mean, median, ${sources.role === "image" ? "black, blur, " : sources.role === "audio" ? "silence, " : ""}medoids:K, row:N, @FILE or population, or several joined by +`;
  return new ExplainError("BASELINE_INVALID", `The baseline "${text}" can't be used for the input "${sources.name}": ${why}.`, {
    hint: `Possible baselines of "${sources.name}": ${possible}.`,
  });
}
