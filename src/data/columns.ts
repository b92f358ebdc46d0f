import { isMissingText, isNumberText, isTruthText } from "./number.js";
import { mediaKind, type MediaKind } from "./media/mediaKind.js";
import type { CellValue, SampleRow } from "./sampleFile.js";

/** What the first rows show of a column. `array`: numbers in a list (its length, or null if rows differ); `id` and `label` by the column's name. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: "number" | "text" | "array" | "empty";
  /** Elements of an array cell; 1 for others; null when rows differ. */
  readonly width: number | null;
  /** Mean length of its texts. */
  readonly length: number;
  readonly named: "id" | "label" | null;
  /** Its texts are names of picture or sound files. */
  readonly media: MediaKind | null;
  /** A text cell that was found, for messages. */
  readonly example: string | null;
}

const idNames = /^(id|ids|index|idx|row|rownum|row_?id|sample_?id|unnamed: 0|key|uuid|guid|patient_?id|.+_id)$/i;
const labelNames = /^(label|labels|target|targets|class|classes|y|y_true|outcome|output|truth|ground_?truth|diagnosis|species|category|sentiment)$/i;

/** Looks at the first rows, column by column. A column is one of numbers when at least half of its values are: a stray text is then an error in its row, not another kind of column. */
export function lookAtColumns(columns: readonly string[], rows: readonly SampleRow[]): ColumnFacts[] {
  return columns.map((name) => {
    const cells = rows.map((row) => row.cells[name] ?? null).filter((cell) => !isMissing(cell));
    const named = labelNames.test(name) ? ("label" as const) : idNames.test(name) ? ("id" as const) : null;
    const texts = cells.filter((cell): cell is string => typeof cell === "string" && !isNumberText(cell) && !isTruthText(cell));
    const media = texts.length === 0 ? null : mediaKind(texts[0] ?? "");
    const base = {
      name,
      media: media !== null && texts.every((text) => mediaKind(text) === media) ? media : null,
      named,
      length: texts.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length),
      example: texts[0] ?? null,
    };
    if (cells.length === 0) return { ...base, kind: "empty", width: 1 };
    const arrays = cells.filter((cell) => Array.isArray(cell));
    if (arrays.length > 0) {
      const sizes = new Set(arrays.map((cell) => countElements(cell)));
      return { ...base, kind: "array", width: sizes.size === 1 ? ([...sizes][0] ?? null) : null };
    }
    return { ...base, kind: texts.length * 2 > cells.length ? "text" : "number", width: 1 };
  });
}

/** Whether a cell stands for "no value". */
export function isMissing(cell: CellValue): boolean {
  return cell === null || (typeof cell === "string" && isMissingText(cell));
}

/** Elements of a nested list; 1 for a plain value. */
export function countElements(cell: CellValue): number {
  return Array.isArray(cell) ? cell.reduce<number>((sum, item: CellValue) => sum + countElements(item), 0) : 1;
}
