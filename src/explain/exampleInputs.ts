import { basename } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { InputSlot } from "../data/inputSlot.js";
import { imageFormat } from "../data/media/imageFormat.js";
import { mapColumns } from "../data/mapping.js";
import { openSamples, type CellValue } from "../data/samples.js";
import { openTokenizer } from "../data/tokenizer.js";
import { rowsToTensors } from "../data/toTensors.js";
import type { InputRole } from "../protocol/names.js";
import type { ExampleInput, FirstLayer, ForwardInput, SampleTable, SourceCompanions } from "../protocol/pythonExport.js";
import type { Sidecar } from "../protocol/sidecar.js";
import { toNumbers } from "../tensor/tensor.js";
import { findNeighbours } from "./neighbours.js";
import { inFile } from "./sampleRows.js";
import { loadSidecar } from "./sidecar.js";

const looked = 64;
/** Two rows, so that a size that follows the number of rows is not taken for the fixed size 1. */
const exampleRows = 2;
const idRoles: readonly InputRole[] = ["tokens", "mask", "tokenTypes", "positions", "categories"];
const sequenceRoles: readonly InputRole[] = ["tokens", "mask", "tokenTypes", "positions"];

/**
 * The first samples of a file as the inputs of a model that is still Python source: roles come from the sidecar beside the source, from names and from what the first
 * layer takes. Throws as a mapping of columns does when nothing says what feeds an input.
 */
export async function exampleInputs(
  source: string,
  samples: string,
  inputs: readonly ForwardInput[],
  layer: FirstLayer | null,
): Promise<readonly ExampleInput[]> {
  const sidecar = (await loadSidecar(source))?.sidecar ?? {};
  const neighbours = await findNeighbours(source);
  const file = await openSamples(samples);
  try {
    const first = await file.rows(0, looked);
    const columns = file.columns.map((name) => name.toLowerCase());
    const wanted = inputs.filter(({ name, required }) => required || columns.includes(name.toLowerCase()) || sidecar.inputs?.[name] !== undefined);
    const alone = wanted.length === 1;
    const slots = wanted.map(({ name }) => slotOf(name, sidecar, alone ? layer : null));
    const mapping = inFile(samples, () => mapColumns(slots, file.columns, first, forColumns(sidecar, slots)));
    const tokens = slots.find(({ role }) => role === "tokens");
    const vocabulary = tokens === undefined ? undefined : (sidecar.inputs?.[tokens.name]?.tokenizer ?? neighbours.tokenizer);
    const tokenizer = vocabulary === undefined ? undefined : await openTokenizer(vocabulary, neighbours.padding);
    const rows = first.slice(0, exampleRows);
    const [row] = rows;
    if (row === undefined)
      throw new ExplainError("SAMPLES_EMPTY", `${basename(samples)} has no rows.`, { file: samples, hint: "Choose a file with at least one sample." });
    const { tensors } = await rowsToTensors(rows.length < exampleRows ? [row, row] : rows, mapping, slots, tokenizer, samples);
    return slots.flatMap(({ name, role }): ExampleInput[] => {
      const found = tensors[name];
      if (found === undefined) return [];
      const { dims, dtype } = found;
      return [{ name, dtype, dims, data: Array.from(toNumbers(found)), sequence: sequenceRoles.includes(role) && dims.length === 2 }];
    });
  } finally {
    await file.close();
  }
}

/** The first rows of a sample file, and its shape. */
export async function sampleTable(samples: string, count: number): Promise<SampleTable> {
  const file = await openSamples(samples);
  try {
    const rows = await file.rows(0, count);
    const { columns } = file;
    const shape = columns.map((column) => `${column}:${kindOf(rows[0]?.cells[column] ?? null)}`).join(", ");
    return { columns, rows: rows.map(({ cells }) => columns.map((column) => plain(cells[column] ?? null))), shape };
  } finally {
    await file.close();
  }
}

/** What the sidecar and the files beside a model's source say before there is a model. */
export async function sourceCompanions(source: string): Promise<SourceCompanions> {
  const sidecar = (await loadSidecar(source))?.sidecar;
  const [nearby] = (await findNeighbours(source)).samples;
  const samples = sidecar?.samples ?? (nearby !== undefined && /^samples?([._-]|$)/i.test(basename(nearby)) ? nearby : null);
  return { outputs: Object.keys(sidecar?.outputs ?? {}), samples };
}

function slotOf(name: string, sidecar: Sidecar, layer: FirstLayer | null): InputSlot {
  const said = sidecar.inputs?.[name];
  const role = said?.role ?? (layer?.tokens !== undefined ? "tokens" : layer?.channels !== undefined ? "image" : roleByName(name));
  const dims =
    role === "image" ? ["batch", layer?.channels ?? null, null, null] : role === "features" && layer?.features !== undefined ? ["batch", layer.features] : null;
  const image = role === "image" ? imageFormat(dims, said?.image ?? {}, { range: [0, 1] }) : undefined;
  return {
    name,
    role,
    dtype: idRoles.includes(role) ? "int64" : "float32",
    dims,
    ...(image === undefined ? {} : { image }),
    ...(said?.features === undefined ? {} : { features: said.features }),
  };
}

function roleByName(name: string): InputRole {
  if (/attention_?mask|padding_?mask|^mask$|_mask$/i.test(name)) return "mask";
  if (/token_?type|segment_?id/i.test(name)) return "tokenTypes";
  if (/position_?ids?$|^positions?$/i.test(name)) return "positions";
  if (/^input_?ids?$|tokens?$|token_?ids$|^texts?$|^words?$|^sentences?$/i.test(name)) return "tokens";
  if (/image|pixel|picture|^img/i.test(name)) return "image";
  return "features";
}

/** What the sidecar says of inputs that the model has; it may belong to another file of the folder. */
function forColumns(sidecar: Sidecar, slots: readonly InputSlot[]): Sidecar {
  const known = Object.entries(sidecar.inputs ?? {}).filter(([name]) => slots.some((slot) => slot.name === name));
  return { ...sidecar, inputs: Object.fromEntries(known) };
}

function kindOf(cell: CellValue): string {
  if (Array.isArray(cell)) return `list of ${cell.length}`;
  if (typeof cell === "string") return cell.trim() !== "" && Number.isFinite(Number(cell)) ? "number" : "text";
  return cell === null ? "nothing" : typeof cell;
}

/** A cell for Python: numbers in text files become numbers. */
function plain(cell: CellValue): string | number | boolean | null {
  if (typeof cell === "string") return cell.trim() !== "" && Number.isFinite(Number(cell)) ? Number(cell) : cell === "" ? null : cell;
  return cell === null || typeof cell === "number" || typeof cell === "boolean" ? cell : JSON.stringify(cell);
}
