/** A Python source file as text with offsets: enough to find classes, attributes and calls, without running it. Lines count from 1. */
export interface PythonFile {
  /** As the search named it, with "/". */
  readonly file: string;
  readonly text: string;
  /** The text with comments and the insides of strings blanked, offset for offset. */
  readonly code: string;
  readonly lines: readonly string[];
  /** Offset of each line's first character. */
  readonly starts: readonly number[];
}

export function pythonFile(file: string, content: string): PythonFile {
  const text = content.replace(/\r\n?/g, "\n");
  const lines = text.split("\n");
  let start = 0;
  const starts = lines.map((line) => {
    const own = start;
    start += line.length + 1;
    return own;
  });
  return { file: file.replace(/\\/g, "/"), text, code: blank(text), lines, starts };
}

/** The line that holds an offset. */
export function lineAt({ starts }: PythonFile, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** Where the bracket that opens at `open` closes; the end of the file when it does not. */
export function closing({ code }: PythonFile, open: number): number {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    const c = code.charAt(i);
    if ("([{".includes(c)) depth++;
    else if (")]}".includes(c) && --depth <= 0) return i;
  }
  return code.length;
}

/** Pieces between the commas of `[from, to)`, as offsets of where each begins and ends. */
export function pieces({ code }: PythonFile, from: number, to: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let depth = 0;
  let start = from;
  const push = (end: number): void => {
    const skipped = /^\s*/.exec(code.slice(start, end))?.[0].length ?? 0;
    if (start + skipped < end) found.push([start + skipped, end]);
  };
  for (let i = from; i < to; i++) {
    const c = code.charAt(i);
    if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    else if (c === "," && depth === 0) {
      push(i);
      start = i + 1;
    }
  }
  push(to);
  return found;
}

/** Strings keep their quotes and length, comments only their length. */
function blank(text: string): string {
  return text.replace(/("""|''')(?:\\[^]|(?!\1)[^])*(?:\1|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|#[^\n]*/g, (token) => {
    if (token.startsWith("#")) return " ".repeat(token.length);
    const quote = /^("""|'''|.)/.exec(token)?.[0] ?? "";
    const ended = token.length >= 2 * quote.length && token.endsWith(quote);
    const inside = token.slice(quote.length, ended ? -quote.length : undefined).replace(/[^\n]/g, " ");
    return `${quote}${inside}${ended ? quote : ""}`;
  });
}
