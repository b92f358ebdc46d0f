/** Quotes per RFC 4180; a leading =, + or @ in text would run as a formula in a spreadsheet, so it is marked as text. */
export function csvCell(cell: string): string {
  const safe = /^[=+@]/.test(cell) && !Number.isFinite(Number(cell)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
