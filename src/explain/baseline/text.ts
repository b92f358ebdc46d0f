import { ExplainError } from "../../base/diagnostic.js";
import { sizeOf, type Tensor } from "../../tensor/tensor.js";

/** Words that take rows from somewhere: they mean the same for text as for numbers. */
const ofRows = /^(?:row:\d+|@.+|population(?::\d+)?)$/u;
const ofNumbers = /^(?:zero|mean|median|pad|mask|unk|black|silence|blur(?::.*)?|medoids(?::.*)?)$/u;

/** What a baseline's word asks of an input that holds text: its most frequent values, none, rows from elsewhere, a text as it stands, or something that only numbers have. */
export function textWord(word: string): "mode" | "empty" | "rows" | "numbers" | "literal" {
  if (word === "mode" || word === "empty") return word;
  return ofRows.test(word) ? "rows" : ofNumbers.test(word) ? "numbers" : "literal";
}

/** A tensor of the same shape that holds one text everywhere. */
export function allOf(like: Tensor, text: string): Tensor {
  return { dtype: "string", dims: like.dims, data: Array<string>(sizeOf(like.dims)).fill(text) };
}

/** The most frequent text at each position; of equally frequent ones the one that comes first. Throws BASELINE_INVALID for no rows, and for rows of different length. */
export async function modeOf(rows: AsyncIterable<Tensor> | Iterable<Tensor>): Promise<Tensor> {
  let first: Tensor | undefined;
  let counts: Map<string, number>[] = [];
  for await (const row of rows) {
    const texts = Array.from(row.data as ArrayLike<unknown>, String);
    if (first === undefined) {
      first = row;
      counts = texts.map(() => new Map<string, number>());
    }
    if (texts.length !== counts.length) throw new ExplainError("BASELINE_INVALID", "Rows of different length have no most frequent values.");
    texts.forEach((text, i) => counts[i]?.set(text, (counts[i]?.get(text) ?? 0) + 1));
  }
  if (first === undefined) throw new ExplainError("BASELINE_INVALID", "There are no rows to take the most frequent values of.");
  const most = counts.map((count) => [...count].reduce((best, one) => (one[1] > best[1] ? one : best))[0]);
  return { dtype: "string", dims: first.dims, data: most };
}
