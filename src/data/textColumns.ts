import type { InputSlot } from "./inputSlot.js";
import type { ColumnFacts } from "./columns.js";

/** Two columns of text that a model reads as one sequence, in this order. `surely`: also a model without token types reads both. */
interface Pair {
  readonly first: RegExp;
  readonly second: RegExp;
  readonly surely: boolean;
}

const pairs: readonly Pair[] = [
  { first: /^premise$/, second: /^hypothesis$/, surely: true },
  { first: /^question$/, second: /^(context|passage|paragraph|document)$/, surely: true },
  { first: /^query$/, second: /^(passage|document|doc|context)$/, surely: true },
  { first: /^anchor$/, second: /^(positive|candidate)$/, surely: true },
  { first: /^text$/, second: /^textpair$/, surely: true },
  { first: /^(question|query)$/, second: /^(answer|sentence|text|title)$/, surely: false },
  ...["1", "a", "left"].map((mark, i) => {
    const other = ["2", "b", "right"][i] ?? "";
    return {
      first: new RegExp(`^(text|sentence|question|sent|seq|s|input)${mark}$`),
      second: new RegExp(`^(text|sentence|question|sent|seq|s|input)${other}$`),
      surely: true,
    };
  }),
];

/** Words for the part that comes first and for the one that is held against it, in names of inputs and columns. */
const sides: readonly [RegExp, RegExp] = [
  /^(premise|question|query|anchor|source|src|left|first|a|1|q)$/,
  /^(hypothesis|passage|context|paragraph|document|doc|answer|response|candidate|positive|target|tgt|right|second|b|2|p|d|pair)$/,
];

/** A name without case, punctuation and what only says that it holds texts: "Question_input_ids" → "question". */
function stem(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/(\d+)/g, "_$1")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  const plain = words.filter(
    (word) =>
      word !== "" &&
      !/^(input|inputs|ids?|tokens?|texts?|sentence|sent|word|words|attention|padding|mask|type|types|segment|segments|position|positions)$/.test(word),
  );
  return plain.join("");
}

function side(name: string): 0 | 1 | undefined {
  const own = stem(name);
  return sides[0].test(own) ? 0 : sides[1].test(own) ? 1 : undefined;
}

/** The two columns that one token input takes together, if their names say so. */
export function pairedColumns(texts: readonly ColumnFacts[], withTypes: boolean): readonly [ColumnFacts, ColumnFacts] | undefined {
  const find = (pattern: RegExp): ColumnFacts | undefined => texts.find(({ name }) => pattern.test(name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")));
  for (const { first, second, surely } of pairs) {
    if (!surely && !withTypes) continue;
    const [a, b] = [find(first), find(second)];
    if (a !== undefined && b !== undefined) return [a, b];
  }
  return undefined;
}

/** The column of text whose name is meant by one of several token inputs: the same word, else the same side of a pair. */
export function columnOfOne(slot: InputSlot, rivals: readonly InputSlot[], texts: readonly ColumnFacts[]): ColumnFacts | undefined {
  const same = texts.filter(({ name }) => stem(name) !== "" && stem(name) === stem(slot.name));
  if (same.length === 1) return same[0];
  const own = side(slot.name);
  const alone = own !== undefined && rivals.filter(({ name }) => side(name) === own).length === 1;
  const there = texts.filter(({ name }) => own !== undefined && side(name) === own);
  return alone && there.length === 1 ? there[0] : undefined;
}

/** The token input that a mask, token types or positions belong to: named alike, else in the same place of the model's list, else the first. */
export function tokensBehind(slot: InputSlot, slots: readonly InputSlot[]): InputSlot | undefined {
  const tokens = slots.filter(({ role }) => role === "tokens");
  const named = tokens.filter(({ name }) => stem(name) === stem(slot.name));
  if (named.length === 1) return named[0];
  const alike = slots.filter(({ role }) => role === slot.role);
  return alike.length === tokens.length ? tokens[alike.indexOf(slot)] : tokens[0];
}
