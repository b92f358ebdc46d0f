import { csvCell } from "../../base/csvCell.js";
import type { GroupSummary } from "../../protocol/summary.js";
import { unravel } from "../../tensor/unravel.js";

type Group = "all" | "right" | "wrong" | { readonly predicted: string };

/** The sums of many rows, as far as the table needs them. */
interface Sums {
  readonly classes: readonly { readonly label: string }[];
  group(which: Group, query: { readonly features: number }): GroupSummary | undefined;
}

/** The means of all features, one line a feature and group of rows: all, each predicted class, right and wrong ones. Pixels of pictures have no intervals. */
export function manyCsv(sums: Sums): string {
  const groups: readonly (readonly [name: string, which: Group])[] = [
    ["all", "all"],
    ...sums.classes.map(({ label }) => [`predicted as ${label}`, { predicted: label }] as const),
    ["right", "right"],
    ["wrong", "wrong"],
  ];
  const lines: (readonly (string | number)[])[] = [
    ["rows", "number of rows", "input", "feature", "rows with it", "mean |attribution|", "± 95 %", "mean attribution", "± 95 %"],
  ];
  for (const [name, which] of groups) {
    const group = sums.group(which, { features: Infinity });
    if (group === undefined) continue;
    for (const { input, label, rows, meanAbs, interval, mean, meanInterval } of group.features)
      lines.push([name, group.rows, input, label, rows, meanAbs, rows < 2 ? "" : interval, mean, rows < 2 ? "" : meanInterval]);
    for (const { input, dims, meanAbs, mean } of group.pictures)
      meanAbs.forEach((size, i) => lines.push([name, group.rows, input, unravel(i, dims).join(","), group.rows, size, "", mean[i] ?? "", ""]));
  }
  return lines.map((line) => `${line.map((cell) => csvCell(String(cell))).join(",")}\r\n`).join("");
}
