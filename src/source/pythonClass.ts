import { closing, lineAt, pieces, type PythonFile } from "./pythonFile.js";

/** A class in a Python file. */
export interface PythonClass {
  readonly source: PythonFile;
  readonly name: string;
  /** The class around it. */
  readonly outer: string | null;
  /** Names of the classes it inherits from, without their modules. */
  readonly bases: readonly string[];
  /** Line of `class NAME`. */
  readonly line: number;
  /** Offsets of its text, the `class` line included. */
  readonly from: number;
  readonly to: number;
}

/** An expression that makes a module: where it begins, and the call it is ("nn.Linear"; "" when it is none). */
export interface Expression {
  readonly source: PythonFile;
  readonly at: number;
  readonly line: number;
  readonly callee: string;
  /** The attribute that holds it and the class, when it was assigned to one. */
  readonly held?: { readonly in: PythonClass; readonly attribute: string };
}

/** The classes of a file, outer ones first. */
export function classesOf(source: PythonFile): readonly PythonClass[] {
  const found: PythonClass[] = [];
  for (const match of source.code.matchAll(/^([ \t]*)class[ \t]+([A-Za-z_]\w*)[ \t]*(\(?)/gm)) {
    const indent = match[1]?.length ?? 0;
    const open = match.index + match[0].length - 1;
    const head = match[3] === "(" ? closing(source, open) : open;
    const to = bodyEnd(source, head, indent);
    const bases = match[3] !== "(" ? [] : pieces(source, open + 1, head).map(([from, end]) => source.code.slice(from, end).trim());
    found.push({
      source,
      name: match[2] ?? "",
      outer: found.findLast((other) => other.from < match.index && other.to > match.index)?.name ?? null,
      bases: bases.filter((base) => !/[=*]/.test(base)).map((base) => (/^[\w.]+/.exec(base)?.[0] ?? "").split(".").at(-1) ?? ""),
      line: lineAt(source, match.index + indent),
      from: match.index,
      to,
    });
  }
  return found;
}

/** A block ends before the first line of code that is indented no further than its head. */
function bodyEnd(source: PythonFile, head: number, indent: number): number {
  let depth = 0;
  for (let line = lineAt(source, head); line < source.lines.length; line++) {
    const start = source.starts[line] ?? source.code.length;
    const code = source.code.slice(start, start + (source.lines[line]?.length ?? 0));
    const outside = depth === 0 && code.trim() !== "" && code.length - code.trimStart().length <= indent && !/^\s*["']/.test(code);
    if (outside) return start;
    for (const c of code) depth = Math.max(0, depth + ("([{".includes(c) ? 1 : ")]}".includes(c) ? -1 : 0));
  }
  return source.code.length;
}

/** The expressions that a class assigns to `self.ATTRIBUTE`, also by `add_module` and `setattr`. */
export function assignmentsOf(holder: PythonClass, attribute: string): readonly Expression[] {
  const name = escape(attribute);
  const { source } = holder;
  const body = source.code.slice(holder.from, holder.to);
  const direct = [...body.matchAll(new RegExp(`\\bself\\.${name}[ \\t]*(?::[^=\\n]+)?(?:,[^=\\n]*)?(?:=[ \\t]*self\\.\\w+[ \\t]*)*=(?!=)\\s*`, "g"))];
  const found = direct
    .filter((match) => /^[ \t]*(self\.[\w.]+[ \t]*[,=][ \t]*)*$/.test(before(body, match.index)))
    .map((match) => match.index + match[0].length);
  const raw = source.text.slice(holder.from, holder.to);
  const named = [...raw.matchAll(new RegExp(`\\b(?:self\\.(?:add_module|register_module)\\(|setattr\\(\\s*self\\s*,)\\s*["']${name}["']\\s*,\\s*`, "g"))].map(
    (match) => match.index + match[0].length,
  );
  return [...found, ...named].map((offset) => ({
    ...expressionAt(source, holder.from + offset),
    line: lineOfStatement(source, holder.from + offset),
    held: { in: holder, attribute },
  }));
}

/** The line to point at for an assigned expression: where `self.` stands, not where a wrapped right side begins. */
function lineOfStatement(source: PythonFile, offset: number): number {
  const back = source.code.lastIndexOf("self", offset);
  return lineAt(source, back < 0 ? offset : back);
}

const before = (text: string, offset: number): string => text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);

/** Lines of a class that use `self.PATH`: call it, index it, or call what a loop takes from it. */
export function usesOf(holder: PythonClass, path: readonly string[]): readonly number[] {
  const { source, from, to } = holder;
  const [first = "", ...rest] = path;
  const item = (part: string): string => `\\s*\\[\\s*(?:${part}|[A-Za-z_][\\w +-]*)\\s*\\]`;
  const member = (part: string): string => `\\s*(?:\\.\\s*${escape(part)}\\b|\\[\\s*["'][^"'\\n]*["']\\s*\\])`;
  const way = rest.map((part) => (/^\d+$/.test(part) ? item(part) : member(part))).join("");
  const pattern = new RegExp(`\\bself\\.${escape(first)}\\b${way}\\s*\\(`, "g");
  const direct = [...source.code.slice(from, to).matchAll(pattern)].map((match) => lineAt(source, from + match.index));
  return [...new Set(direct.length > 0 || rest.length === 0 ? direct : callsInLoops(holder, first))];
}

/** `for layer in self.layers: x = layer(x)`: the lines that call the loop's variables, in the loop. */
function callsInLoops({ source, from, to }: PythonClass, attribute: string): number[] {
  const loops = source.code
    .slice(from, to)
    .matchAll(new RegExp(`^([ \\t]*)for\\s+([^:\\n]+?)\\s+in\\s+[^:\\n]*\\bself\\.${escape(attribute)}\\b[^\\n]*`, "gm"));
  return [...loops].flatMap((match) => {
    const head = from + match.index + match[0].length;
    const end = bodyEnd(source, head, match[1]?.length ?? 0);
    const names = (match[2] ?? "").match(/\w+/g) ?? [];
    const calls = source.code.slice(head, end).matchAll(new RegExp(`(?<![\\w.])(?:${names.join("|")})\\s*\\(`, "g"));
    return [...calls].map((call) => lineAt(source, head + call.index));
  });
}

/** The containers that a file makes outside of any attribute: `model = nn.Sequential(…)`, `return nn.Sequential(…)`. */
export function containersOf(source: PythonFile): readonly Expression[] {
  const made = source.code.matchAll(/^[ \t]*(?:[A-Za-z_]\w*[ \t]*(?::[^=\n]+)?=(?!=)|return\b)[ \t]*(?=(?:[\w.]+\.)?Sequential\s*\()/gm);
  return [...made].map((match) => expressionAt(source, match.index + match[0].length));
}

/** Item `key` of the container that an expression makes: a position ("0") or a name. Undefined when the text does not tell which it is. */
export function itemOf(container: Expression, key: string): Expression | undefined {
  const { source, held } = container;
  const opened = source.code.indexOf("(", container.at);
  if (container.callee === "" || opened < 0) return undefined;
  const end = closing(source, opened);
  return /^\d+$/.test(key)
    ? (positioned(source, opened + 1, end, Number(key)) ?? (held === undefined ? undefined : appended(held.in, held.attribute, Number(key))))
    : named(source, opened + 1, end, key);
}

function positioned(source: PythonFile, from: number, to: number, index: number): Expression | undefined {
  const items = pieces(source, from, to);
  const [only] = items;
  if (only === undefined) return undefined;
  // One list (or OrderedDict) in the brackets: its items are meant.
  const inner = /^(?:[\w.]*\(\s*)?\[/.exec(source.code.slice(only[0], only[1]));
  if (items.length === 1 && inner !== null) {
    const open = only[0] + inner[0].length - 1;
    return positioned(source, open + 1, closing(source, open), index);
  }
  if (items.length === 1 && /\sfor\s/.test(topLevel(source.code.slice(...only)))) return expressionAt(source, only[0]);
  const star = items.findIndex(([start]) => source.code.charAt(start) === "*");
  if (star >= 0 && index >= star) {
    const own = items[star];
    if (own === undefined || star < items.length - 1) return undefined;
    const list = /^\*\s*[[(]/.exec(source.code.slice(own[0], own[1]));
    const open = own[0] + (list?.[0].length ?? 0) - 1;
    return list === null ? undefined : positioned(source, open + 1, closing(source, open), index - star);
  }
  const item = items[index];
  if (item === undefined) return undefined;
  // A pair ("name", module) of an OrderedDict.
  const pair = /^[([]\s*["']\s*["']\s*,\s*/.exec(source.code.slice(item[0], item[1]));
  return expressionAt(source, item[0] + (pair?.[0].length ?? 0));
}

function named(source: PythonFile, from: number, to: number, key: string): Expression | undefined {
  const match = new RegExp(`["']${escape(key)}["']\\s*[:,]\\s*|\\b${escape(key)}\\s*=(?!=)\\s*`).exec(source.text.slice(from, to));
  return match === null ? undefined : expressionAt(source, from + match.index + match[0].length);
}

/** `self.layers.append(Block())`: in a loop it makes all of them, else the first one the first. */
function appended(holder: PythonClass, attribute: string, index: number): Expression | undefined {
  const { source, from, to } = holder;
  const calls = [...source.code.slice(from, to).matchAll(new RegExp(`\\bself\\.${escape(attribute)}\\.(?:append|add_module)\\(\\s*`, "g"))];
  const match = calls.length === 1 ? calls[0] : calls[index];
  return match === undefined ? undefined : expressionAt(source, from + match.index + match[0].length);
}

function expressionAt(source: PythonFile, offset: number): Expression {
  const lead = /^[\s(]*/.exec(source.code.slice(offset))?.[0].length ?? 0;
  const at = offset + lead;
  return { source, at, line: lineAt(source, at), callee: /^([A-Za-z_][\w.]*)\s*\(/.exec(source.code.slice(at, at + 200))?.[1] ?? "" };
}

/** The text without what stands in brackets. */
function topLevel(text: string): string {
  let depth = 0;
  return [...text].filter((c) => ("([{".includes(c) ? depth++ : ")]}".includes(c) ? --depth : depth) === 0).join("");
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
