import { styleText } from "node:util";
import { plainText } from "../base/plainText.js";

type Format = Parameters<typeof styleText>[0];

const coloured = process.stdout.isTTY && process.env["NO_COLOR"] === undefined && process.env["TERM"] !== "dumb";

/** Text in a colour or weight, where stdout is a terminal that shows them. */
export function style(format: Format, text: string): string {
  return coloured ? styleText(format, text) : text;
}

/** Text from a model, a sample or a label, with control characters made visible: it must not steer the terminal. */
export function printable(text: string): string {
  return plainText(text).replace(/[\n\r\t]/g, (c) => (c === "\n" ? "↵" : c === "\t" ? " " : "\ufffd"));
}

const barWidth = 24;

/** A signed bar: filled for credit that speaks for the target, hollow for credit against it. Length relative to `largest`. */
export function bar(credit: number, largest: number): string {
  if (!Number.isFinite(credit) || largest === 0) return "";
  const length = Math.round((barWidth * Math.abs(credit)) / largest);
  return credit < 0 ? style("blue", "░".repeat(length)) : style("yellow", "█".repeat(length));
}

/** Rows of cells with columns padded to equal width; columns named in `right` are aligned right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, c) => (widths[c] = Math.max(widths[c] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (right.includes(c) ? cell.padStart(widths[c] ?? 0) : c === row.length - 1 ? cell : cell.padEnd(widths[c] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
