import { shortFloat } from "../base/shortFloat.js";

/** A copy of plain data with every number in its shortest float32 form. */
export function shortFloats(value: unknown): unknown {
  if (typeof value === "number") return shortFloat(value);
  if (Array.isArray(value)) return value.map(shortFloats);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shortFloats(item)]));
  return value;
}

/** A number for tables: four significant digits, aligned sign. */
export function tableNumber(x: number): string {
  if (!Number.isFinite(x)) return "–";
  if (x === 0) return "0";
  const magnitude = Math.abs(x);
  return magnitude >= 1e-4 && magnitude < 1e6 ? String(Number(x.toPrecision(4))) : x.toExponential(2);
}
