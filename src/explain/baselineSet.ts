import { basename } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { present } from "../base/assert.js";
import type { InputSlot } from "../data/inputSlot.js";
import type { ExplainRequest } from "../protocol/request.js";
import { stackRows } from "../tensor/stackRows.js";
import { toNumbers, type Tensor } from "../tensor/tensor.js";
import { keptMean } from "./baseline/keptMean.js";
import { medoids } from "./baseline/medoids.js";
import { modeOf } from "./baseline/text.js";
import { defaultBaseline, meanOf, resolveBaseline, suits, type Baseline, type BaselineSources } from "./baselines.js";
import type { Prepared } from "./prepare.js";
import type { Setting } from "./setting.js";
import { eachPrepared, readPrepared, type PreparedRow } from "./sampleRows.js";
import { fixedInputs } from "./fixedInputs.js";

/** The baselines of all inputs that get credit, by name, with the words they were asked in. */
export interface BaselineSet {
  readonly words: Readonly<Record<string, string>>;
  readonly baselines: Readonly<Record<string, Baseline>>;
}

/** Resolves what the request, else the sidecar, else the input's role says about each input that is not fixed. */
export async function baselineSet(
  prepared: Prepared,
  request: Pick<ExplainRequest, "baselines">,
  fixed: readonly string[],
  distribution: boolean,
): Promise<BaselineSet> {
  const { setting } = prepared;
  const asked = request.baselines ?? {};
  const said = setting.sidecar.baselines ?? {};
  const credited = setting.slots.filter((slot) => !fixed.includes(slot.name));
  fixedInputs(
    setting.slots,
    [],
    [...Object.keys(asked), ...Object.keys(said)].filter((name) => name !== ""),
  );
  const files = rowsByFile(prepared);
  const words: Record<string, string> = {};
  const baselines: Record<string, Baseline> = {};
  const everywhere = asked[""];
  if (everywhere !== undefined && !credited.some((slot) => suits(everywhere, slot)))
    throw new ExplainError(
      "BASELINE_INVALID",
      `The baseline "${everywhere}" has no meaning for the input${credited.length > 1 ? "s" : ""} ${credited.map((slot) => `"${slot.name}" (${slot.role})`).join(", ")}.`,
      { hint: "Name another one: zero, a number, mean, median, mode, empty, pad, mask, unk, black, blur, silence, medoids:K, row:N or @FILE." },
    );
  for (const slot of credited) {
    const sources = sourcesOf(slot, prepared, files);
    const general = everywhere !== undefined && suits(everywhere, slot) ? everywhere : undefined;
    const word = asked[slot.name] ?? general ?? said[slot.name] ?? defaultBaseline(sources);
    words[slot.name] = word;
    baselines[slot.name] = await resolveBaseline(word, sources, distribution);
  }
  return { words, baselines };
}

/** The baseline tensors of some rows, in the engine's form; whether their rows are a distribution for every row. */
export function baselineTensors(
  baselines: BaselineSet["baselines"],
  rows: readonly number[],
): { readonly tensors: Readonly<Record<string, Tensor>>; readonly distribution: boolean } {
  const distribution = Object.values(baselines).some((baseline) => baseline.kind !== "rows");
  const tensors = Object.entries(baselines).map(([name, baseline]): readonly [string, Tensor] => {
    if (baseline.kind === "distribution") return [name, baseline.tensor];
    if (baseline.kind === "several") return [name, stackRows(baseline.parts.map((part) => present(part[rows[0] ?? 0], `baseline of row ${rows[0] ?? 0}`)))];
    const own = rows.map((i) => present(baseline.rows[i], `baseline of row ${i}`));
    return [name, stackRows(alike(own) ? own.slice(0, 1) : own)];
  });
  return { tensors: Object.fromEntries(tensors), distribution };
}

/** Where a row's path begins, by input; of the inputs that have one baseline. */
export function startsOfRow(baselines: BaselineSet["baselines"], row: number): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(baselines).flatMap(([name, baseline]) => (baseline.kind === "rows" && baseline.rows[row] !== undefined ? [[name, baseline.rows[row]]] : [])),
  );
}

/** Whether some rows have the same baselines, so that those of one can stand for all. */
export function shareBaselines(baselines: BaselineSet["baselines"], rows: readonly number[]): boolean {
  return Object.values(baselines).every((baseline) => {
    if (baseline.kind === "distribution") return true;
    return (baseline.kind === "several" ? baseline.parts : [baseline.rows]).every((part) => alike(rows.flatMap((i) => part[i] ?? [])));
  });
}

function alike(tensors: readonly Tensor[]): boolean {
  const [first, ...rest] = tensors;
  return rest.every((t) => t.data.length === first?.data.length && Array.from(t.data as ArrayLike<unknown>).every((x, i) => x === first.data[i]));
}

/** The baselines of a word for those inputs that it has a meaning for and that do not start there already. */
export async function alternativesOf(prepared: Prepared, word: string, fixed: readonly string[], now: BaselineSet["words"]): Promise<BaselineSet["baselines"]> {
  const files = rowsByFile(prepared);
  const found: Record<string, Baseline> = {};
  for (const slot of prepared.setting.slots.filter((one) => !fixed.includes(one.name) && now[one.name] !== word && suits(word, one))) {
    try {
      found[slot.name] = await resolveBaseline(word, sourcesOf(slot, prepared, files), false);
    } catch (error) {
      // No tokenizer, no sample file, rows of different length: then there is no such baseline to compare with.
      if (!(error instanceof ExplainError) || error.diagnostic.code !== "BASELINE_INVALID") throw error;
    }
  }
  return found;
}

/**
 * The range of each element of the credited inputs of features over the training file, else the sample file; of those inputs whose rows are alike. Empty without a
 * file of several rows.
 */
export async function featureRangesOf({ setting, sampleFile }: Prepared, fixed: readonly string[]): Promise<Readonly<Record<string, readonly number[]>>> {
  const file = setting.sidecar.training ?? sampleFile;
  const slots = setting.slots.filter(({ name, role, dtype }) => role === "features" && !fixed.includes(name) && dtype.startsWith("float"));
  if (file === undefined || slots.length === 0) return {};
  return remembered(setting, `ranges of ${file} ${slots.map(({ name }) => name).join()}`, async () => {
    const ends = new Map<string, { readonly least: number[]; readonly most: number[] }>();
    let rows = 0;
    for await (const { feeds } of eachPrepared(setting, file)) {
      rows++;
      for (const { name } of slots) {
        const numbers = Array.from(toNumbers(present(feeds[name], `values of ${name}`)));
        const { least, most } = ends.get(name) ?? { least: numbers, most: numbers };
        ends.set(name, { least: numbers.map((x, i) => Math.min(x, least[i] ?? x)), most: numbers.map((x, i) => Math.max(x, most[i] ?? x)) });
      }
    }
    return rows < 2 ? {} : Object.fromEntries([...ends].map(([name, { least, most }]) => [name, most.map((x, i) => x - (least[i] ?? x))]));
  });
}

/** Each file is read once, whatever asks for it. */
function rowsByFile({ setting }: Prepared): (file: string) => Promise<readonly PreparedRow[]> {
  const read = new Map<string, Promise<readonly PreparedRow[]>>();
  return (file) => {
    const known = read.get(file) ?? readPrepared(setting, file, "all");
    read.set(file, known);
    return known;
  };
}

function sourcesOf(slot: InputSlot, prepared: Prepared, files: (file: string) => Promise<readonly PreparedRow[]>): BaselineSources {
  const { setting, rows, sampleFile } = prepared;
  const { sidecar } = setting;
  const tokenizer = slot.tokenizer ?? setting.tokenizer;
  const of = (list: readonly PreparedRow[]): readonly Tensor[] => list.map((row) => present(row.feeds[slot.name], `values of ${slot.name}`));
  const once = <T>(what: string, make: () => Promise<T>): Promise<T> => remembered(setting, `${sampleFile ?? ""} ${what}`, make);
  const needFile = (what: string): string => {
    if (sampleFile === undefined)
      throw new ExplainError(
        "BASELINE_INVALID",
        `The baseline "${what}" of the input "${slot.name}" needs a sample file, but the values were given directly.`,
        { hint: "Name a sample file as well, or another baseline." },
      );
    return sampleFile;
  };
  return {
    name: slot.name,
    role: slot.role,
    dtype: slot.dtype,
    splits: slot.splits,
    rows: of(rows),
    ids:
      tokenizer === undefined
        ? undefined
        : {
            pad: tokenizer.padId,
            ...(tokenizer.maskId === undefined ? {} : { mask: tokenizer.maskId }),
            ...(tokenizer.unkId === undefined ? {} : { unk: tokenizer.unkId }),
          },
    kept: rows.map((row) => keptPositions(row, slot.name)),
    hasTraining: sidecar.training !== undefined,
    hasFile: (sidecar.training ?? sampleFile) !== undefined,
    image: slot.image,
    medoids: async (count) => {
      const all = await files(sidecar.training ?? needFile("medoids"));
      const measured = setting.slots.filter(({ role, dtype }) => role !== "tokens" && role !== "categories" && dtype !== "string").map(({ name }) => name);
      const points = all.map(({ feeds }) => measured.flatMap((name) => Array.from(toNumbers(present(feeds[name], `values of ${name}`)))));
      return of(medoids(points, count).flatMap((i) => all[i] ?? []));
    },
    population: async () => of(await files(sidecar.training ?? needFile("mean"))),
    mean: () => {
      const file = sidecar.training ?? needFile("mean");
      return once(`${slot.name} mean`, () => keptMean(setting, slot, file, () => meanOf(valuesOf(eachPrepared(setting, file), slot.name))));
    },
    mode: () => once(`${slot.name} mode`, () => modeOf(valuesOf(eachPrepared(setting, sidecar.training ?? needFile("mode")), slot.name))),
    once: (what, make) => once(`${slot.name} ${what}`, make),
    row: async (row) => {
      const [found] = of(await readPrepared(setting, needFile(`row:${row}`), [row]));
      return present(found, `row ${row} of ${basename(sampleFile ?? "")}`);
    },
    file: async (path) => of(await files(path)),
  };
}

/** What was made of a model's population, as long as its setting is in use. */
const memory = new WeakMap<Setting, Map<string, Promise<unknown>>>();

function remembered<T>(setting: Setting, what: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(setting) ?? new Map<string, Promise<unknown>>();
  memory.set(setting, known);
  const made = (known.get(what) as Promise<T> | undefined) ?? make();
  known.set(what, made);
  return made;
}

async function* valuesOf(rows: AsyncIterable<PreparedRow>, name: string): AsyncGenerator<Tensor> {
  for await (const row of rows) yield present(row.feeds[name], `values of ${name}`);
}

/** Flat positions of a row's special tokens and padding. */
function keptPositions(row: PreparedRow, name: string): ReadonlySet<number> {
  const { special, start = 0, length } = row.details[name] ?? {};
  const total = row.feeds[name]?.data.length ?? 0;
  const kept = new Set<number>();
  for (let i = 0; i < total; i++) if (i < start || (length !== undefined && i >= start + length) || special?.[i - start] === true) kept.add(i);
  return kept;
}
