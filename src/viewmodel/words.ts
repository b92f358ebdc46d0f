import type { Credit, NumberTensor } from "../protocol/explanation.js";
import type { TokenMark } from "../protocol/viewModel.js";

interface Piece extends TokenMark {
  readonly start: number;
  readonly end: number;
}

/** Marks that tokenizers put on pieces: ## (WordPiece), ▁ (SentencePiece), Ġ and Ċ (byte-level BPE). */
const bare = (label: string): string => label.replace(/^##(?=.)/u, "").replace(/^[▁Ġ]+(?=.)/u, "");
const wordLike = /[\p{L}\p{N}_'’]/u;

/** Pieces of one word stand side by side in the text and meet at letters or digits, or say so by their mark. */
function continues(previous: Piece, piece: Piece, label: string): boolean {
  if (label.startsWith("##")) return true;
  if (/^[▁Ġ]/u.test(label)) return false;
  const touching = piece.end > piece.start && piece.start === previous.end && previous.end > previous.start;
  return touching && wordLike.test(previous.text.at(-1) ?? "") && wordLike.test(piece.text.at(0) ?? "");
}

/**
 * Tokens as people read them: pieces of a word merged (credits and error bounds add up), whitespace from the spans.
 * Special tokens have an empty span and stay by themselves.
 */
export function mergeWords(credit: Credit, error?: NumberTensor): TokenMark[] {
  const merged: Piece[] = [];
  credit.data.forEach((number: number | null, i) => {
    const label = credit.labels?.[i] ?? String(credit.values?.[i] ?? i);
    const [start, end] = credit.spans?.[i] ?? [0, 0];
    const deviation = error?.data[i];
    const piece: Piece = {
      text: bare(label),
      credit: number ?? NaN,
      ...(typeof deviation === "number" && Number.isFinite(deviation) ? { error: deviation } : {}),
      after: "",
      start,
      end,
    };
    const previous = merged.at(-1);
    if (previous !== undefined && continues(previous, piece, label)) {
      const deviations = previous.error === undefined && piece.error === undefined ? {} : { error: (previous.error ?? 0) + (piece.error ?? 0) };
      merged[merged.length - 1] = {
        text: previous.text + piece.text,
        credit: previous.credit + piece.credit,
        ...deviations,
        after: "",
        start: previous.start,
        end: piece.end,
      };
    } else {
      merged.push(piece);
    }
  });
  return merged.map(({ text, credit, error, end }, i) => {
    const next = merged[i + 1];
    const special = end === 0 || next === undefined || next.end === 0;
    return { text, credit, ...(error === undefined ? {} : { error }), after: next === undefined ? "" : special || next.start > end ? " " : "" };
  });
}
