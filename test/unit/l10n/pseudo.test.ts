import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ManyView } from "../../../src/protocol/manyView.js";
import type { Result } from "../../../src/protocol/explanation.js";
import { methodNames } from "../../../src/protocol/names.js";
import type { PanelState } from "../../../src/protocol/viewModel.js";
import { speak } from "../../../src/protocol/words.js";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";
import { methodLabel } from "../../../src/viewmodel/names.js";
import { comparisonView } from "../../../src/viewmodel/compare.js";
import { manyView } from "../../e2e/manyViews.js";
import { panel } from "../../../webview/views/panel.js";

/** The page in a language in which every letter is a Greek one: a Latin letter that is left comes from the model, its data, or from text that was forgotten. */

const greek = (text: string): string => text.replace(/\{\d+\}|[A-Za-z]/gu, (part) => (part.length > 1 ? part : "ω"));

beforeAll(() => {
  const english = JSON.parse(readFileSync("l10n/bundle.l10n.json", "utf8")) as Record<string, string>;
  speak(Object.fromEntries(Object.keys(english).map((message) => [message, greek(message)])));
});
afterAll(() => speak({}));

const fixture = (name: string): ViewParts => JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8")) as ViewParts;
const measures = JSON.parse(readFileSync("test/fixtures/panel/measures.json", "utf8")) as NonNullable<Result["measures"]>;

/** Names that are the same in every language, and units. */
const same = /\b(?:SVG|PNG|HTML|JSON|CSV|CLI|Markdown|Python|Captum|ms|s|n\/a)\b/gu;

/** Text that a person reads or hears. */
function spoken(html: string): string[] {
  const attributes = [...html.matchAll(/ (?:aria-label|title|placeholder)="([^"]*)"/gu)].map(([, text = ""]) => text);
  const content = html.replace(/<!--.*?-->/gu, "").split(/<[^>]*>/u);
  return [...attributes, ...content].map((text) => text.replace(/&[#\w]+;/gu, " ").trim()).filter((text) => text !== "");
}

/** All text of the data: names, labels, values, diagnostics, whatever the model and the files say. */
function dataOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const one of value) dataOf(one, found);
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) {
      found.add(key);
      dataOf(one, found);
    }
  return found;
}

function leftovers(state: PanelState, data: unknown, many: ManyView | null = null): string[] {
  const words = new Set([...dataOf(data)].flatMap((text) => text.match(/[A-Za-z]+/gu) ?? []));
  // Methods are called by the names of their papers, layers' classes without their package.
  for (const name of methodNames) for (const word of methodLabel(name).match(/[A-Za-z]+/gu) ?? []) words.add(word);
  const html = Object.values(panel(state, 900, {}, {}, many)).join("");
  return spoken(html).filter((text) => (text.replace(same, "").match(/[A-Za-z]+/gu) ?? []).some((word) => !words.has(word)));
}

test.each(["diabetes", "review", "digits", "whatIf"])("no English is left in the panel of %s", (name) => {
  const parts = fixture(name);
  const results = parts.explanation.results.map((result) => {
    const { row: _, prediction: __, ...logit } = result;
    return { ...result, measures, logit };
  });
  const own: ViewParts = { ...parts, explanation: { ...parts.explanation, results } };
  const state: PanelState = {
    phase: "done",
    message: "",
    view: buildView(own),
    error: null,
    path: { back: true, forward: true },
    measuring: { name: "agreement", fraction: 0.4 },
    comparison: comparisonView([{ id: "1", explanation: parts.explanation }], "1", parts.explanation, parts.inspection),
    table: {
      query: { from: 0, sort: "row", descending: false, only: "all", predicted: "", search: "" },
      labelled: true,
      rows: [{ row: 0, text: "1", label: "2", predicted: "3", score: 1, right: false }],
      matching: 1,
      read: 2,
      total: 3,
      classes: ["3", "4"],
      pageSize: 25,
      accuracy: 0.5,
      error: "",
    },
  };
  // Words are made of the tokenizer's pieces, and a sample's line is cut where it is too long.
  expect(leftovers(state, [parts, state.view?.inputs, state.view?.sample])).toEqual([]);
});

test.each(["empty", "running", "failed", "cancelled", "stale"] as const)("no English is left in the page that is %s", (phase) => {
  expect(leftovers({ phase, message: "", view: null, error: null }, {})).toEqual([]);
});

test.each([[8], [300], ["words"], ["pictures"]] as const)("no English is left in many samples: %s", (kind) => {
  const parts = fixture("diabetes");
  const state: PanelState = { phase: "done", message: "", view: buildView(parts), error: null };
  const data = [
    parts,
    "pos neg glucose mass pregnant pedigree age triceps pressure insulin feature text profile stars image",
    "the movie was great but plot dull and cast shines",
  ];
  for (const change of [{}, { phase: "running", done: 20, refused: 2 }, { phase: "cancelled", matching: 20_000 }] as const)
    expect(leftovers(state, data, manyView(kind, change))).toEqual([]);
});
