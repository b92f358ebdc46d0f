import type { Credit, NumberTensor } from "../protocol/explanation.js";
import type { TokenMark } from "../protocol/viewModel.js";

interface Piece extends TokenMark {
  readonly start: number;
  readonly end: number;
  readonly pieces: NonNullable<TokenMark["parts"]>;
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

/** Every token as the tokenizer made it, with its place in the text. */
function pieceOf(credit: Credit, error: NumberTensor | undefined, i: number): Piece {
  const number: number | null | undefined = credit.data[i];
  const label = credit.labels?.[i] ?? String(credit.values?.[i] ?? i);
  const [start, end] = credit.spans?.[i] ?? [0, 0];
  const deviation = error?.data[i];
  return {
    text: credit.text !== undefined && end > start ? credit.text.slice(start, end) : bare(label),
    credit: number ?? NaN,
    ...(typeof deviation === "number" && Number.isFinite(deviation) ? { error: deviation } : {}),
    after: "",
    start,
    end,
    pieces: [{ text: label, credit: number ?? NaN }],
  };
}

/**
 * Tokens as people read them: pieces of a word merged (credits and error bounds add up), whitespace from the spans.
 * Special tokens have an empty span and stay by themselves.
 */
export function mergeWords(credit: Credit, error?: NumberTensor): TokenMark[] {
  const merged: Piece[] = [];
  credit.data.forEach((_, i) => {
    const piece = pieceOf(credit, error, i);
    const previous = merged.at(-1);
    if (previous !== undefined && continues(previous, piece, piece.pieces[0]?.text ?? "")) {
      const deviations = previous.error === undefined && piece.error === undefined ? {} : { error: (previous.error ?? 0) + (piece.error ?? 0) };
      merged[merged.length - 1] = {
        text: credit.text?.slice(previous.start, piece.end) ?? previous.text + piece.text,
        credit: previous.credit + piece.credit,
        ...deviations,
        after: "",
        start: previous.start,
        end: piece.end,
        pieces: [...previous.pieces, ...piece.pieces],
      };
    } else {
      merged.push(piece);
    }
  });
  return marks(merged);
}

/** The tokens one by one, unmerged, labelled as the tokenizer labels them. */
export function tokenPieces(credit: Credit, error?: NumberTensor): TokenMark[] {
  return marks(
    credit.data.map((_, i) => {
      const piece = pieceOf(credit, error, i);
      return { ...piece, text: piece.pieces[0]?.text ?? piece.text };
    }),
  ).map((mark) => ({ ...mark, after: " " }));
}

function marks(pieces: readonly Piece[]): TokenMark[] {
  return pieces.map(({ text, credit, error, start, end, pieces: parts }, i) => {
    const next = pieces[i + 1];
    const special = end === 0 || next === undefined || next.end === 0;
    return {
      text,
      credit,
      ...(error === undefined ? {} : { error }),
      after: next === undefined ? "" : special || next.start > end ? " " : "",
      ...(end > start ? { span: [start, end] as const } : {}),
      // What the text says and the tokenizer does not know is worth telling too.
      ...(parts.length > 1 || (parts[0] !== undefined && bare(parts[0].text).toLowerCase() !== text.toLowerCase()) ? { parts } : {}),
    };
  });
}
