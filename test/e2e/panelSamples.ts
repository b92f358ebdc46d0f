import { present } from "../../src/base/assert.js";
import type { Credit } from "../../src/protocol/explanation.js";
import type { TableView } from "../../src/protocol/viewModel.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import { fixture } from "./panelPage.js";

/** Samples made by rule, for sizes and scripts that the examples do not have. */

/** Numbers between −1 and 1 that look random and are the same every time. */
function wave(i: number): number {
  return Math.sin(i * 12.9898) * Math.cos(i * 78.233);
}

function withCredits(attributions: Readonly<Record<string, Credit>>): ViewParts {
  const { explanation } = fixture("diabetes");
  const total = Object.values(attributions).reduce((sum, { data }) => sum + data.reduce((a, b) => a + b, 0), 0);
  return {
    explanation: {
      ...explanation,
      results: explanation.results.map(({ error: _, ...result }) => ({ ...result, score: 0.5 + total, baselineScore: 0.5, delta: 0, attributions })),
    },
  };
}

/** An input of many named features; a few of them matter. */
export function manyFeatures(count: number): ViewParts {
  const data = Array.from({ length: count }, (_, i) => (wave(i) * 0.2) / (1 + (i % 40)));
  return withCredits({
    measurements: { dims: [count], data, labels: data.map((_, i) => `feature ${i}`), values: data.map((_, i) => Math.round(100 * wave(i + 7)) / 10) },
  });
}

/** Half a second of a tone that swells and fades, with credit for one half and against the other. */
export function tone(): ViewParts {
  const values = Array.from({ length: 8000 }, (_, i) => Math.sin(i / 4 + (i / 400) ** 2) * Math.sin((i * Math.PI) / 8000));
  const data = values.map((value, i) => 0.0002 * value ** 2 * (i > 5000 ? -1 : 1));
  const inspection = present(fixture("diabetes").inspection, "inspection");
  const parts = withCredits({ wave: { dims: [1, values.length], data, values, rate: 16_000 } });
  return { ...parts, inspection: { ...inspection, inputs: [{ ...present(inspection.inputs[0], "input"), name: "wave", role: "audio" }] } };
}

/** Columns of two categories beside plain numbers. */
export function groupedFeatures(): ViewParts {
  const colours = ["red", "green", "blue", "white", "black"].map((name) => `colour_${name}`);
  const regions = Array.from({ length: 40 }, (_, i) => `region_${i}`);
  const labels = ["age", "income", ...colours, ...regions];
  const data = labels.map((_, i) => wave(i + 3) / (i < 8 ? 8 : 60));
  const values = labels.map((label, i) => (i < 2 ? 40 + i : ["colour_blue", "region_7"].includes(label) ? 1 : 0));
  const parts = withCredits({
    measurements: {
      dims: [labels.length],
      data,
      labels,
      values,
      featureGroups: [
        { name: "colour", members: colours.map((_, i) => i + 2) },
        { name: "region", members: regions.map((_, i) => i + 2 + colours.length) },
      ],
    },
  });
  const error = { measurements: { dims: [labels.length], data: data.map((credit) => Math.abs(credit) / 20) } };
  return { ...parts, explanation: { ...parts.explanation, results: parts.explanation.results.map((result) => ({ ...result, error })) } };
}

function text(words: readonly string[]): ViewParts {
  let at = 0;
  const spans = words.map((word) => {
    const span = [at, at + word.length] as const;
    at += word.length + 1;
    return span;
  });
  const data = words.map((_, i) => wave(i) / words.length);
  return withCredits({ text: { dims: [words.length], data, labels: words, values: words.map((_, i) => i), spans, text: words.join(" ") } });
}

const vocabulary =
  "the a plot cast story music scene actor camera minute moves drags shines fails delights bores again never always quite very and but with of in".split(" ");

export function longText(count: number): ViewParts {
  return text(Array.from({ length: count }, (_, i) => vocabulary[Math.floor(Math.abs(wave(i)) * 977) % vocabulary.length] ?? "the"));
}

/** A text by its words and signs, with a number for each that tells them apart; `original` is what it was before an edit. */
export function writtenText(content: string, original?: string): ViewParts {
  const credit = (whole: string): Credit => {
    const found = [...whole.matchAll(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+|[^\s]/gu)];
    const labels = ["[CLS]", ...found.map(([word]) => word), "[SEP]"];
    const spans = [[0, 0] as const, ...found.map(({ index, 0: word }) => [index, index + word.length] as const), [0, 0] as const];
    const data = labels.map((_, i) => wave(i) / 20);
    return { dims: [labels.length], data, labels, values: labels.map((_, i) => i), spans, text: whole };
  };
  const parts = withCredits({ text: credit(content) });
  if (original === undefined) return parts;
  return { ...parts, original: withCredits({ text: credit(original) }).explanation, edits: { text: { kind: "text", text: content } } };
}

/** Arabic, which is written from right to left. */
export const rightToLeft: ViewParts = text("هذا الفيلم رائع جدا لكن النهاية بطيئة ومملة قليلا والموسيقى جميلة".split(" "));

/** A text and three layers that keep a row of units a token. */
export function textAndLayers(parts = text("the cast shines but the last twenty minutes drag badly".split(" "))): ViewParts {
  const length = Object.values(parts.explanation.results[0]?.attributions ?? {})[0]?.data.length ?? 0;
  const layers = ["embeddings", "encoder.layer.0", "encoder.layer.1"].map((path, l) => ({
    value: path,
    path,
    units: length * 4,
    total: 0.4,
    share: 1,
    from: l === 0 ? [] : [["embeddings", "encoder.layer.0"][l - 1] ?? ""],
    credit: { dims: [length, 4], data: Array.from({ length: length * 4 }, (_, i) => wave(i + 31 * l) / 10) },
  }));
  return { ...parts, layers: { layers, diagnostics: [] } };
}

/** A page of a table of samples. */
export const table: TableView = {
  query: { from: 0, sort: "score", descending: true, only: "wrong", predicted: "", search: "" },
  labelled: true,
  rows: Array.from({ length: 12 }, (_, i) => ({
    row: i * 7 + 2,
    text: `${i} · ${134 - i} · 72 · 0 · 0 · 23.8 · 0.277 · ${60 - i}`,
    label: i % 3 === 0 ? "pos" : "neg",
    predicted: i % 3 === 0 ? "neg" : "pos",
    score: 0.91 - i * 0.03,
    right: false,
  })),
  matching: 48,
  read: 231,
  total: 231,
  classes: ["neg", "pos"],
  pageSize: 25,
  accuracy: 0.792,
  error: "",
};
