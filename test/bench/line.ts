/** One line of the table: a number and what it should be at most. */
export interface Line {
  readonly name: string;
  readonly goal: string;
  readonly value: number;
  readonly most: number;
  readonly unit: "ms" | "KB";
  readonly note?: string;
}
