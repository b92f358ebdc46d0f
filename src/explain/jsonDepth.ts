import { createScanner } from "jsonc-parser";

/** No settings lie deeper than this. Parsers go down a level by a call, and their stack ends somewhere. */
export const deepest = 64;

/** Kinds of tokens as jsonc-parser numbers them; its enumeration exists for the compiler only. */
const opening: ReadonlySet<number> = new Set([1, 3]);
const closing: ReadonlySet<number> = new Set([2, 4]);
const end: number = 17;

/** The offset at which brackets are nested too deep in a text of JSON with comments; undefined when they are not. */
export function firstTooDeep(source: string): number | undefined {
  const scanner = createScanner(source, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== end; token = scanner.scan()) {
    if (opening.has(token)) depth++;
    if (closing.has(token)) depth--;
    if (depth > deepest) return scanner.getTokenOffset();
  }
  return undefined;
}
