/** The lines (from 0) on which records of a text start: every line that is not blank, except inside a quoted field. */
export function recordStarts(text: string, quotes: boolean): readonly number[] {
  const starts: number[] = [];
  let quoted = false;
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (!quoted && line.trim() !== "") starts.push(i);
    // A doubled quote ends and begins: the parity is what counts.
    if (quotes && line.includes('"') && line.split('"').length % 2 === 0) quoted = !quoted;
  }
  return starts;
}

/**
 * The record that holds a line.
 * @param firstLine the line (from 1) of the reader's row 0: what is before it is a header
 */
export function recordAt(starts: readonly number[], firstLine: number | undefined, line: number): { readonly row: number; readonly line: number } | undefined {
  if (firstLine === undefined) return undefined;
  const header = starts.filter((start) => start < firstLine - 1).length;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= line) low = middle + 1;
    else high = middle;
  }
  const row = low - 1 - header;
  const start = starts[low - 1];
  return row < 0 || start === undefined ? undefined : { row, line: start };
}
