import type { Credit, Inspection, Result } from "../protocol/explanation.js";
import type { InputView, PixelView } from "../protocol/viewModel.js";
import { audioOf, stretchBars } from "./audio.js";
import { creditBars, largestBars } from "./elements.js";
import { pictureLayout } from "./pictureLayout.js";
import { rank, sumOf, totalCredit } from "./rank.js";
import { mergeSentences } from "./sentences.js";
import { mergeWords, tokenPieces } from "./words.js";

/** Beyond this a chart's data alone would be slow; the sums above the chart still count all elements. */
const mostBars = 5000;
const mostElements = 20;

/** What each input is, by its name. */
export type Roles = ReadonlyMap<string, string>;

/** What the model's inputs are, as far as the inspection tells. */
export function inputRoles(inspection: Inspection | undefined): Roles {
  return new Map((inspection?.inputs ?? []).map((input) => [input.name, input.role]));
}

/** A credit as a picture, a plane for each channel; null when its shape is no picture's. */
export function pixelsOf(credit: Credit, role: string | undefined): PixelView | null {
  const layout = pictureLayout(credit, role);
  if (layout === null) return null;
  const { channels, height, width, position } = layout;
  const plane = height * width;
  const planes = (list: readonly number[]): number[] =>
    list.map((_, i) => list[position(Math.floor(i / plane), Math.floor((i % plane) / width), i % width)] ?? NaN);
  const values =
    credit.values?.every((value) => typeof value === "number") === true && credit.values.length === credit.data.length ? credit.values.map(Number) : [];
  return { channels, height, width, values: planes(values), credits: planes(credit.data) };
}

function inputView(name: string, credit: Credit, result: Pick<Result, "error">, share: number, roles: Roles): InputView {
  const error = result.error?.[name];
  const common = { name, share, net: credit.data.reduce((total, x) => total + (Number.isFinite(x) ? x : 0), 0) };
  const flat = credit.dims.filter((extent) => extent !== 1).length <= 1;
  if (flat && (credit.spans !== undefined || (roles.get(name) === "tokens" && credit.labels !== undefined))) {
    const tokens = mergeWords(credit, error);
    const sentences = credit.text === undefined ? [] : mergeSentences(tokens, credit.text);
    return {
      kind: "tokens",
      ...common,
      tokens,
      ...(tokens.length < credit.data.length ? { pieces: tokenPieces(credit, error) } : {}),
      ...(sentences.filter(({ span }) => span !== undefined).length > 1 ? { sentences } : {}),
    };
  }
  const audio = roles.get(name) === "audio" && credit.data.length > mostElements ? audioOf(credit) : null;
  if (audio !== null) return { kind: "audio", ...common, audio, bars: rank(stretchBars(audio)).slice(0, mostElements) };
  const pixels = flat ? null : pixelsOf(credit, roles.get(name));
  if (pixels !== null) return { kind: "image", ...common, pixels, bars: largestBars(credit, mostElements, error) };
  if (flat && (credit.labels !== undefined || credit.data.length <= mostElements)) {
    const bars = rank(creditBars(credit, error));
    const cut = bars.slice(mostBars);
    return { kind: "features", ...common, bars: bars.slice(0, mostBars), ...(cut.length === 0 ? {} : { cut: { count: cut.length, sum: sumOf(cut) } }) };
  }
  return { kind: "tensor", ...common, dims: credit.dims, bars: largestBars(credit, mostElements, error) };
}

/** Every credited input of a result, the one with most credit first. `share` is its part of Σ |credit| over all inputs. */
export function inputViews(result: Pick<Result, "attributions" | "error">, roles: Roles): InputView[] {
  const entries = Object.entries(result.attributions);
  const totals = entries.map(([, credit]) => totalCredit(credit.data));
  const all = totals.reduce((a, b) => a + b, 0);
  return entries.map(([name, credit], i) => inputView(name, credit, result, all === 0 ? 0 : (totals[i] ?? 0) / all, roles)).sort((a, b) => b.share - a.share);
}

/** The credits of an input's elements as they are shown: words, bars, pixels. */
export function shownCredits(input: InputView): readonly { readonly credit: number; readonly former?: number }[] {
  if (input.kind === "tokens") return input.tokens;
  if (input.kind === "features") return (input.grouped ?? input).bars;
  // A large picture has too many elements to copy; its largest is among the bars.
  return input.bars;
}
