import { measures } from "../attribution/measures/index.js";
import type { Measured, Result } from "../protocol/explanation.js";
import type { MeasureName } from "../protocol/names.js";
import { tableNumber } from "./numbers.js";
import { columns, printable, style } from "./style.js";

const better = { lower: "lower is better", higher: "higher is better", neither: "" } as const;

/** One line a measure: its value, what speaks for the explanation, and what the value is made of or held against. */
export function measureTable(measured: NonNullable<Result["measures"]>): readonly string[] {
  const rows = Object.values(measures).flatMap(({ name, better: wanted }): string[][] => {
    const found = measured[name];
    if (found === undefined) return [];
    const value = `${tableNumber(found.value)}${found.error === undefined ? "" : ` ±${found.error.toExponential(0)}`}`;
    return [[`  ${name}`, value, better[wanted], details(name, found)]];
  });
  return [style("bold", "measures"), ...columns(rows, [1])];
}

function details(name: MeasureName, { parts = {}, curve }: Measured): string {
  const relative = parts["relative"];
  if (name === "infidelity") return relative === undefined ? "" : `credits miss ${percent(relative)} of what the score changes by`;
  if (parts["random"] !== undefined) return `${tableNumber(parts["random"])} by chance`;
  if (name === "randomisation" && curve !== undefined)
    return curve.share.map((share, i) => `${percent(share)} of the weights: ${tableNumber(curve.value[i] ?? NaN)}`).join(", ");
  return Object.entries(parts)
    .map(([key, value]) => `${printable(key)} ${tableNumber(value)}`)
    .join(", ");
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${tableNumber(Math.round(1000 * share) / 10)} %` : "–";
}
