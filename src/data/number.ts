const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const missing = new Set(["", "na", "n/a", "nan", "null", "none", "?", "-"]);

/** Whether a cell's text is a decimal number. */
export function isNumberText(text: string): boolean {
  return numeric.test(text.trim());
}

/** Whether a cell's text is true or false, which are 1 and 0 where numbers are taken. */
export function isTruthText(text: string): boolean {
  return /^(true|false)$/i.test(text.trim());
}

/** Whether a cell's text stands for "no value". */
export function isMissingText(text: string): boolean {
  return missing.has(text.trim().toLowerCase());
}
