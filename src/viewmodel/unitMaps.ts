import type { Credit, LayersAnswer } from "../protocol/explanation.js";
import type { PixelView, TokenLayers } from "../protocol/viewModel.js";
import { mergeSentences } from "./sentences.js";
import { mergeWords } from "./words.js";

/** More units than this are not sent to a page. */
const mostUnits = 400_000;

/** The units of a layer of channels (a convolution) as small pictures, those of a sequence as one picture (a line a step); null for other layers. */
export function unitMaps(credit: Credit): PixelView | null {
  const [channels, height, width] = credit.dims.length === 2 ? [1, ...credit.dims] : credit.dims;
  if (credit.dims.length < 2 || credit.dims.length > 3 || channels === undefined || height === undefined || width === undefined) return null;
  if (height * width < 2 || credit.data.length > mostUnits) return null;
  return { channels, height, width, values: [], credits: credit.data.map((x: number | null) => x ?? NaN) };
}

/** Layers that hold a row of units for each of the text's tokens: the sum of each row, layer by layer. Null when no two layers do. */
export function tokenLayers(answer: LayersAnswer | undefined, tokens: Credit | undefined): TokenLayers | null {
  const length = tokens?.data.length ?? 0;
  if (answer === undefined || tokens?.labels === undefined || length < 2) return null;
  const rows = answer.layers.flatMap(({ path, value, credit }) => {
    const [first, second] = credit.dims;
    if (credit.dims.length !== 2 || first !== length || second === undefined) return [];
    const credits = Array.from({ length }, (_, t) => credit.data.slice(t * second, (t + 1) * second).reduce((a, b) => a + b, 0));
    return [{ path: path === "" ? value : path, value, credits }];
  });
  if (rows.length < 2) return null;
  const sentences = bySentence(rows, tokens);
  return { tokens: tokens.labels, rows, ...(sentences === null ? {} : { sentences }) };
}

function bySentence(rows: TokenLayers["rows"], tokens: Credit): TokenLayers | null {
  const { text } = tokens;
  if (text === undefined) return null;
  const marks = rows.map(({ credits }) => mergeSentences(mergeWords({ ...tokens, data: credits }), text));
  const names = marks[0]?.map((mark) => mark.text) ?? [];
  if ((marks[0]?.filter(({ span }) => span !== undefined).length ?? 0) < 2) return null;
  return { tokens: names, rows: rows.map((row, i) => ({ ...row, credits: marks[i]?.map(({ credit }) => credit) ?? [] })) };
}
