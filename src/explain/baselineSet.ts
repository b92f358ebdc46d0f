import { basename } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { present } from "../base/assert.js";
import type { InputSlot } from "../data/inputSlot.js";
import type { ExplainRequest } from "../protocol/request.js";
import { stackRows } from "../tensor/stackRows.js";
import type { Tensor } from "../tensor/tensor.js";
import { defaultBaseline, resolveBaseline, suits, type Baseline, type BaselineSources } from "./baselines.js";
import type { Prepared } from "./prepare.js";
import { readPrepared, type PreparedRow } from "./sampleRows.js";
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
      { hint: "Name another one: zero, a number, mean, median, pad, mask, unk, row:N or @FILE." },
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

/** The baseline tensors of some rows, in the engine's form. */
export function baselineTensors(baselines: BaselineSet["baselines"], rows: readonly number[]): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(baselines).map(([name, baseline]) => [
      name,
      baseline.kind === "distribution" ? baseline.tensor : stackRows(rows.map((i) => present(baseline.rows[i], `baseline of row ${i}`))),
    ]),
  );
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
  const { tokenizer, sidecar } = setting;
  const of = (list: readonly PreparedRow[]): readonly Tensor[] => list.map((row) => present(row.feeds[slot.name], `values of ${slot.name}`));
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
    population: async () => of(await files(sidecar.training ?? needFile("mean"))),
    row: async (row) => {
      const [found] = of(await readPrepared(setting, needFile(`row:${row}`), [row]));
      return present(found, `row ${row} of ${basename(sampleFile ?? "")}`);
    },
    file: async (path) => of(await files(path)),
  };
}

/** Flat positions of a row's special tokens and padding. */
function keptPositions(row: PreparedRow, name: string): ReadonlySet<number> {
  const { special, start = 0, length } = row.details[name] ?? {};
  const total = row.feeds[name]?.data.length ?? 0;
  const kept = new Set<number>();
  for (let i = 0; i < total; i++) if (i < start || (length !== undefined && i >= start + length) || special?.[i - start] === true) kept.add(i);
  return kept;
}
