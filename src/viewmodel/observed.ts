import type { Credit, Result } from "../protocol/explanation.js";
import type { ObservedCredit, ObservedRow } from "../protocol/summary.js";
import { creditBars } from "./elements.js";
import { pixelsOf } from "./inputs.js";
import { mergeWords } from "./words.js";

/** What an explained row adds to a summary of many: words of texts (however often they stand there), features by name, pictures whole. `roles`: those of the inputs, by name. */
export function observedRow(result: Result, roles: ReadonlyMap<string, string>): ObservedRow {
  const { row, prediction, delta } = result;
  const entries = Object.entries(result.attributions);
  const several = entries.length > 1;
  const pictures = entries.filter(([name, credit]) => pixelsOf(credit, roles.get(name)) !== null);
  const { data, labels, truth } = prediction;
  const best = data.reduce((top, x, i) => (x > (data[top] ?? -Infinity) ? i : top), 0);
  return {
    row,
    id: null,
    predicted: data.length < 2 ? null : (labels?.[best] ?? String(best)),
    truth: truth?.label ?? null,
    ...(truth?.right === undefined ? {} : { right: truth.right }),
    score: data[best] ?? NaN,
    delta: typeof delta === "number" ? delta : null,
    credits: entries
      .filter((entry) => !pictures.includes(entry))
      .flatMap(([name, credit]) => {
        const nameOf = (label: string): string => (several ? `${name}: ${label}` : label);
        return credit.spans !== undefined || (roles.get(name) === "tokens" && credit.labels !== undefined)
          ? wordCredits(name, credit, nameOf)
          : featureCredits(name, credit, nameOf);
      }),
    pictures: pictures.map(([input, { dims, data: credits }]) => ({ input, dims, credits })),
    drawn: true,
  };
}

/** A word that stands several times in a text is one word with one credit, whether it begins a sentence or not. */
function wordCredits(input: string, credit: Credit, nameOf: (label: string) => string): readonly ObservedCredit[] {
  const found = new Map<string, number>();
  for (const { text, credit: own } of mergeWords(credit)) {
    const word = text.trim().toLowerCase();
    if (word !== "") found.set(word, (found.get(word) ?? 0) + own);
  }
  return [...found].map(([word, own]) => ({ key: `${input}\n${word}`, input, label: nameOf(word), credit: own, value: null, word: true }));
}

function featureCredits(input: string, credit: Credit, nameOf: (label: string) => string): readonly ObservedCredit[] {
  return creditBars(credit).map(({ label, credit: own }, i) => ({
    key: `${input}\n${i}`,
    input,
    label: nameOf(label),
    credit: own,
    value: credit.values?.[i] ?? null,
    word: false,
  }));
}
