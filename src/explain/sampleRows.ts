import { basename } from "node:path";
import { closest } from "../base/closest.js";
import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import { givenCell } from "../data/givenValue.js";
import { isMissing } from "../data/columns.js";
import { mapColumns } from "../data/mapping.js";
import { tokensBehind } from "../data/textColumns.js";
import { openSamples, readRows, type CellValue, type SampleFile, type SampleRow } from "../data/samples.js";
import { rowsToTensors, type InputDetail } from "../data/toTensors.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { Sidecar } from "../protocol/sidecar.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Setting } from "./setting.js";

/** One sample, ready to be fed: every input as a tensor with one row, and what its elements are to people. */
export interface PreparedRow {
  readonly row: number;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly details: Readonly<Record<string, InputDetail>>;
  /** What the file's column of true answers holds. */
  readonly answer?: string;
}

export interface PreparedRows {
  readonly rows: readonly PreparedRow[];
  /** The file the rows came from; absent when every value was given. */
  readonly file?: string;
  /** Which column feeds which input, in words. */
  readonly mapping?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

const looked = 64;
/** Rows that are read at once where all are gone through. */
const read = 1024;
const derivedRoles = ["mask", "tokenTypes", "positions"];

/** The rows of a request: from its sample file (else the sidecar's), with the values that it gives directly in their place. A file that is `opened` stays open. */
export async function prepareRows(setting: Setting, request: Pick<ExplainRequest, "samples" | "rows" | "values">, opened?: SampleFile): Promise<PreparedRows> {
  const { slots, sidecar } = setting;
  const names = slots.map((slot) => slot.name);
  const values = Object.entries(request.values ?? {});
  const cells = values.filter(([name]) => !names.includes(name));
  const direct = await givenInputs(setting, Object.fromEntries(values.filter(([name]) => names.includes(name))));
  const given = new Set(Object.keys(direct.feeds));
  if (given.size === slots.length) {
    const [stray] = cells;
    if (stray !== undefined) throw unknownValue(stray[0], names, []);
    return { rows: [{ row: 0, ...direct }], diagnostics: [] };
  }
  const file = request.samples ?? sidecar.samples;
  if (file === undefined) {
    const missing = names.filter((name) => !given.has(name));
    const [nearby] = setting.nearbySamples;
    throw new ExplainError(
      "INPUT_MISSING",
      `There is no value for the input${missing.length > 1 ? "s" : ""} ${missing.map((name) => `"${name}"`).join(", ")}.`,
      {
        hint: `Name a sample file${nearby === undefined ? "" : ` (${basename(nearby)} lies beside the model)`}, or give ${missing.length > 1 ? "each" : "it"} a value: --input ${missing[0] ?? "NAME"}=VALUE.`,
      },
    );
  }
  const samples = opened ?? (await openSamples(file));
  try {
    for (const [name] of cells) if (!samples.columns.includes(name)) throw unknownValue(name, names, samples.columns);
    const found = await readRows(samples, request.rows ?? [0]);
    const overridden = cells.length === 0 ? found : found.map((row) => ({ ...row, cells: { ...row.cells, ...Object.fromEntries(cells) } }));
    const read = await tensorsOf(setting, samples, overridden, [...given]);
    return {
      file,
      mapping: read.mapping,
      rows: read.rows.map(({ row, feeds, details, answer }) => ({
        row,
        feeds: { ...feeds, ...direct.feeds },
        details: { ...details, ...direct.details },
        // The true answer is that of the sample as it stands in the file.
        ...(answer === undefined || values.length > 0 ? {} : { answer }),
      })),
      diagnostics: read.diagnostics,
    };
  } finally {
    if (opened === undefined) await samples.close();
  }
}

/** Rows of any sample file as tensors; `given` inputs are left out. */
export async function readPrepared(
  setting: Setting,
  file: string,
  rows: readonly number[] | "all",
  given: readonly string[] = [],
): Promise<readonly PreparedRow[]> {
  const samples = await openSamples(file);
  try {
    return (await tensorsOf(setting, samples, await readRows(samples, rows), given)).rows;
  } finally {
    await samples.close();
  }
}

/** All rows of a sample file in turn, few of them at a time in memory. */
export async function* eachPrepared(setting: Setting, file: string): AsyncGenerator<PreparedRow> {
  const samples = await openSamples(file);
  try {
    for (let from = 0; ; from += read) {
      const rows = await samples.rows(from, read);
      if (rows.length === 0) return;
      yield* (await tensorsOf(setting, samples, rows, [])).rows;
    }
  } finally {
    await samples.close();
  }
}

async function tensorsOf(
  setting: Setting,
  samples: SampleFile,
  rows: readonly SampleRow[],
  given: readonly string[],
): Promise<{ readonly rows: readonly PreparedRow[]; readonly mapping: readonly string[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { slots, sidecar, tokenizer } = setting;
  const open = slots.filter((slot) => !given.includes(slot.name));
  const first = samples.first ?? (await samples.rows(0, looked));
  const mapping = inFile(samples.file, () => mapColumns(open, samples.columns, first, sidecar));
  const prepared: PreparedRow[] = [];
  const diagnostics: Diagnostic[] = [];
  // One row at a time: texts of different length are never padded to each other's.
  for (const row of rows) {
    const one = await rowsToTensors([row], mapping, open, tokenizer, samples.file);
    const answer = mapping.label === undefined ? null : (row.cells[mapping.label] ?? null);
    prepared.push({
      row: row.row,
      feeds: one.tensors,
      details: firstDetails(one.details),
      ...(isMissing(answer) || Array.isArray(answer) ? {} : { answer: String(answer) }),
    });
    diagnostics.push(...one.diagnostics);
  }
  return { rows: prepared, mapping: mapping.words(), diagnostics };
}

/** Adds the file's name to what is wrong with it. */
export function inFile<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ExplainError) || error.diagnostic.file !== undefined) throw error;
    throw new ExplainError(error.diagnostic.code, error.message, { ...error.diagnostic, file });
  }
}

/** The inputs that `values` gives, read like a JSON sample with a field for each, and those that follow from them (the mask of given tokens). Throws as `prepareRows` does. */
export async function givenInputs(setting: Setting, given: Readonly<Record<string, string>>): Promise<Pick<PreparedRow, "feeds" | "details">> {
  const values = Object.entries(given);
  const names = new Set(Object.keys(given));
  // What follows from tokens follows from the given ones too.
  for (const slot of setting.slots) if (derivedRoles.includes(slot.role) && names.has(tokensBehind(slot, setting.slots)?.name ?? "")) names.add(slot.name);
  const feeds: Record<string, Tensor> = {};
  const details: Record<string, InputDetail> = {};
  const { tokenizer } = setting;
  const cells: Record<string, CellValue> = {};
  const paths: Record<string, string> = {};
  for (const [name, text] of values) {
    const slot = setting.slots.find((s) => s.name === name);
    if (slot === undefined) continue;
    const { cell, path } = await givenCell(text, slot);
    cells[name] = cell;
    if (path !== undefined) paths[name] = path;
  }
  if (Object.keys(cells).length === 0) return { feeds, details };
  const slots = setting.slots.filter((slot) => names.has(slot.name));
  const row: SampleRow = { row: 0, cells, paths };
  const mapping = mapColumns(slots, Object.keys(cells), [row], withoutColumns(setting.sidecar));
  const read = await rowsToTensors([row], mapping, slots, tokenizer);
  return { feeds: read.tensors, details: firstDetails(read.details) };
}

/** The sidecar's columns are those of the sample file, not of given values; feature names hold for both. */
function withoutColumns(sidecar: Sidecar): Sidecar {
  const { label: _, ...rest } = sidecar;
  const inputs = Object.entries(sidecar.inputs ?? {}).map(([name, input]) => {
    const { columns, ...others } = input;
    const features = others.features ?? (columns !== undefined && columns.length > 1 ? columns : undefined);
    return [name, features === undefined ? others : { ...others, features }] as const;
  });
  return { ...rest, inputs: Object.fromEntries(inputs) };
}

function firstDetails(details: Readonly<Record<string, readonly InputDetail[]>>): Readonly<Record<string, InputDetail>> {
  return Object.fromEntries(Object.entries(details).flatMap(([name, list]) => (list[0] === undefined ? [] : [[name, list[0]]])));
}

function unknownValue(name: string, inputs: readonly string[], columns: readonly string[]): ExplainError {
  const near = closest(name, [...inputs, ...columns]);
  return new ExplainError("UNKNOWN_INPUT", `There is no input${columns.length > 0 ? " or column" : ""} named "${name}".`, {
    hint: `${near === undefined ? "" : `Did you mean "${near}"? `}Inputs: ${inputs.join(", ")}.${columns.length > 0 ? ` Columns: ${columns.join(", ")}.` : ""}`,
  });
}
