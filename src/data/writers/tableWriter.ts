/** What stands in a cell that is written. Numbers of "number" columns are float32. */
export type WrittenCell = string | number | null;

export interface WrittenColumn {
  readonly name: string;
  readonly kind: "integer" | "number" | "text" | "json";
}

/** A table that is written row by row; nothing of it but the last rows is in memory. */
export interface TableWriter {
  add(cells: readonly WrittenCell[]): Promise<void>;
  /** The file is not whole before. */
  finish(): Promise<void>;
  /** Lets go of the file after an error. */
  abandon(): Promise<void>;
}
