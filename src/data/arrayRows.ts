import { ExplainError } from "../base/diagnostic.js";
import { fromGetter } from "./rowsInMemory.js";
import type { CellValue, SampleFile, SampleKind } from "./sampleFile.js";

/** A dense array whose elements are read when they are asked for. */
export interface NumberArray {
  readonly dims: readonly number[];
  at(index: readonly number[]): number | string | boolean;
}

/** Arrays as a sample file: axis 0 is the row, each array is a column. One array of a single axis is one row's value; a single value stands in every row. Throws SAMPLES_EMPTY, SAMPLES_INVALID. */
export function fromArrays(file: string, kind: SampleKind, arrays: ReadonlyMap<string, NumberArray>): SampleFile {
  const entries = [...arrays];
  const [only] = entries;
  if (only === undefined) throw new ExplainError("SAMPLES_EMPTY", "The file holds no array.", { file });
  if (entries.length === 1 && only[1].dims.length <= 1) {
    if (only[1].dims[0] === 0) throw new ExplainError("SAMPLES_EMPTY", "The array is empty.", { file });
    return fromGetter(file, kind, [only[0]], 1, () => ({ [only[0]]: nested(only[1], []) }));
  }
  const stacked = entries.filter(([, array]) => array.dims.length > 0);
  const total = stacked[0]?.[1].dims[0] ?? 1;
  const other = stacked.find(([, array]) => array.dims[0] !== total);
  if (other !== undefined)
    throw new ExplainError(
      "SAMPLES_INVALID",
      `The arrays have different numbers of rows: "${stacked[0]?.[0] ?? ""}" has ${total}, "${other[0]}" has ${other[1].dims[0] ?? 0}.`,
      { file, hint: "Axis 0 of every array is the row." },
    );
  if (entries.some(([, array]) => array.dims.includes(0))) throw new ExplainError("SAMPLES_EMPTY", "The arrays have no rows or no elements.", { file });
  return fromGetter(
    file,
    kind,
    entries.map(([name]) => name),
    total,
    (row) => Object.fromEntries(entries.map(([name, array]) => [name, nested(array, array.dims.length === 0 ? [] : [row])])),
  );
}

function nested(array: NumberArray, index: readonly number[]): CellValue {
  const length = array.dims[index.length];
  return length === undefined ? array.at(index) : Array.from({ length }, (_, i) => nested(array, [...index, i]));
}
