/** What stands in one cell of a sample file: text as written, or a value of a typed format; arrays nest. */
export type CellValue = string | number | boolean | null | readonly CellValue[];

/** One record. `row` counts records from 0; `line` is the line of a text file it starts on, from 1. */
export interface SampleRow {
  readonly row: number;
  readonly line?: number;
  readonly cells: Readonly<Record<string, CellValue>>;
  /** Absolute paths of the files that cells stand for, where a reader (never the content of a file) knows them. */
  readonly paths?: Readonly<Record<string, string>>;
}

export type SampleKind = "csv" | "json" | "jsonl" | "text" | "npy" | "npz" | "tensorProto" | "parquet" | "image" | "audio" | "folder";

/** An open sample file. Nothing is held in memory that the format does not force. */
export interface SampleFile {
  readonly file: string;
  readonly kind: SampleKind;
  readonly columns: readonly string[];
  /** Rows that show what the columns hold, where not all of the file's first rows can be read. */
  readonly first?: readonly SampleRow[];
  /** Number of records; a text file is scanned to its end once. */
  count(): Promise<number>;
  /** Records `from` … `from + count − 1`, fewer at the end of the file. */
  rows(from: number, count: number): Promise<readonly SampleRow[]>;
  all(): AsyncIterable<SampleRow>;
  close(): Promise<void>;
}

/** A reader opens one kind of file. Throws ExplainError (SAMPLES_EMPTY, SAMPLES_INVALID) with the place in the file. */
export type Reader = (file: string) => Promise<SampleFile>;
