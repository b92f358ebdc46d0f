/** A Python source file, looked at line by line: enough to find classes, attributes and calls, without running or parsing it fully. Lines count from 1. */
export interface PythonFile {
  /** Relative to the folder that was searched, with "/". */
  readonly file: string;
  readonly lines: readonly string[];
}

/** First and last line of a class's body, or undefined. */
export function classRange(source: PythonFile, name: string): readonly [number, number] | undefined {
  const start = source.lines.findIndex((line) => new RegExp(`^\\s*class\\s+${escape(name)}\\b`).test(line));
  if (start < 0) return undefined;
  const indent = indentOf(source.lines[start] ?? "");
  let end = start + 1;
  while (end < source.lines.length) {
    const line = source.lines[end] ?? "";
    if (line.trim() !== "" && !line.trim().startsWith("#") && indentOf(line) <= indent && !/^\s*[)\]}]/.test(line)) break;
    end++;
  }
  return [start + 1, end];
}

/** The line in the range that assigns `self.attribute`. */
export function findAssignment(source: PythonFile, range: readonly [number, number], attribute: string): number | undefined {
  return linesIn(source, range, new RegExp(`^\\s*self\\.${escape(attribute)}\\s*(:[^=]+)?=(?!=)`))[0];
}

/** The lines in the range that call `self.attribute`. */
export function findCalls(source: PythonFile, range: readonly [number, number], attribute: string): number[] {
  return linesIn(source, range, new RegExp(`\\bself\\.${escape(attribute)}\\s*\\(`));
}

/** The line on which item `index` of the call or list that starts on `line` begins: `nn.Sequential(a, b)`, `nn.ModuleList([a, b])`. */
export function findItem(source: PythonFile, line: number, index: number): number | undefined {
  const text = source.lines.slice(line - 1).join("\n");
  const opening = /\b(Sequential|ModuleList)\s*\(\s*\[?/.exec(text);
  if (opening === null || text.slice(0, opening.index).includes("\n")) return undefined;
  let depth = 0;
  let item = 0;
  let quote = "";
  for (let i = opening.index + opening[0].length; i < text.length; i++) {
    const c = text[i] ?? "";
    if (quote !== "") {
      if (c === quote) quote = "";
    } else if (c === "#") {
      const end = text.indexOf("\n", i);
      i = end < 0 ? text.length : end;
    } else if (c === '"' || c === "'") quote = c;
    else if (depth === 0 && item === index && /[A-Za-z_]/.test(c)) return line + text.slice(0, i).split("\n").length - 1;
    else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c) && --depth < 0) return undefined;
    else if (c === "," && depth === 0) item++;
  }
  return undefined;
}

function linesIn(source: PythonFile, [first, last]: readonly [number, number], pattern: RegExp): number[] {
  const found: number[] = [];
  for (let line = first; line <= last; line++) {
    const text = source.lines[line - 1] ?? "";
    if (!text.trim().startsWith("#") && pattern.test(text)) found.push(line);
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
