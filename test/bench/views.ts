import type { Credit } from "../../src/protocol/explanation.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import { fixture } from "../e2e/panelPage.js";

/** Numbers between −1 and 1 that look random and are the same every time; another list for each round. */
const waves = (count: number, round: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin((i + 1) * 12.9898 + round) * Math.cos(i * 78.233 + round));

function withCredits(attributions: Readonly<Record<string, Credit>>): ViewParts {
  const { explanation } = fixture("diabetes");
  return { explanation: { ...explanation, results: explanation.results.map(({ error: _, ...result }) => ({ ...result, attributions })) } };
}

/** Explanations of a given size, made by rule. */
export const creditsOfSize = {
  features: (count: number, round: number): ViewParts =>
    withCredits({ x: { dims: [count], data: waves(count, round), labels: waves(count, 0).map((_, i) => `feature ${i}`), values: waves(count, round + 9) } }),
  tokens(count: number, round: number): ViewParts {
    const labels = waves(count, 0).map((_, i) => ["the", "plot", "drags", "but", "music", "shines"][i % 6] ?? "");
    let at = 0;
    const spans = labels.map((word) => [at, (at += word.length + 1) - 1] as const);
    return withCredits({ text: { dims: [count], data: waves(count, round), labels, values: labels.map((_, i) => i), spans, text: labels.join(" ") } });
  },
  pixels: (side: number, round: number): ViewParts =>
    withCredits({ image: { dims: [1, side, side], data: waves(side * side, round), values: waves(side * side, 0).map(Math.abs) } }),
  neurons(count: number, round: number): ViewParts {
    const credit = { dims: [count], data: waves(count, round) };
    const layers = [{ value: "hidden", path: "hidden", units: count, total: 1, share: 1, credit }];
    return { ...creditsOfSize.features(8, round), layers: { layers, diagnostics: [] }, layer: "hidden" };
  },
};
