import type { Credit, Explanation } from "../protocol/explanation.js";
import { csvCell } from "../base/csvCell.js";
import { shortFloat } from "../base/shortFloat.js";
import { unravel } from "../tensor/unravel.js";

const header = ["row", "target", "input", "index", "label", "value", "credit", "error"];

/** One line an attributed element: row (or what of the rows), target, input, position, label, value, credit, error estimate or interval. Not-finite credits are empty. */
export function explanationCsv(explanation: Explanation): string {
  const lines = [header.join(",")];
  for (const { row, target, attributions, error } of explanation.results) {
    const name = target === undefined ? "" : `${target.value}[${target.index.join(",")}]`;
    for (const [input, credit] of Object.entries(attributions)) append(lines, [String(row), name, input], credit, error?.[input]?.data);
  }
  for (const [kind, credits] of Object.entries(explanation.aggregate ?? {}))
    for (const [input, credit] of Object.entries(credits)) append(lines, [kind, "", input], credit, credit.interval);
  for (const { label, aggregate } of explanation.classes ?? [])
    for (const [kind, credits] of Object.entries(aggregate))
      for (const [input, credit] of Object.entries(credits)) append(lines, [kind, label, input], credit, credit.interval);
  return lines.join("\n");
}

function append(lines: string[], start: readonly string[], credit: Credit, error: readonly number[] | undefined): void {
  const width = credit.labels?.length ?? credit.data.length;
  credit.data.forEach((x, i) => {
    const position = unravel(i, credit.dims).join(" ");
    lines.push(
      [...start, position, credit.labels?.[i % width] ?? "", String(credit.values?.[i % width] ?? ""), number(x), number(error?.[i])].map(csvCell).join(","),
    );
  });
}

function number(x: number | undefined): string {
  return x === undefined ? "" : String(shortFloat(x) ?? "");
}
