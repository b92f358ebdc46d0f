import { plainText } from "./plainText.js";

/** What makes a spreadsheet take a cell for a formula, also in the wide forms of East Asian keyboards and behind blanks. */
const formula = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]/u;

/** Quotes per RFC 4180; text that would run as a formula in a spreadsheet is marked as text, and nothing in it steers a terminal. */
export function csvCell(cell: string): string {
  const text = plainText(cell);
  const safe = formula.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
