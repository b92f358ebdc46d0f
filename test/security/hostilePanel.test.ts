import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Result } from "../../src/protocol/explanation.js";
import type { ManyView } from "../../src/protocol/manyView.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { buildView, type ViewParts } from "../../src/viewmodel/build.js";
import { comparisonView } from "../../src/viewmodel/compare.js";
import { panel } from "../../webview/views/panel.js";
import { groupedFeatures, writtenText } from "../e2e/panelSamples.js";
import { manyView } from "../e2e/manyViews.js";

/** Every view of the page with data that tries to be more than text: whatever is added to the page later is here by way of its state. */

const hostile = `"'>\u202e\u001b[2J<img src=x onerror=alert(1)><script>alert(2)</script></style><style>*{display:none}</style> onclick=alert(3) javascript:alert(4) {0}`;
const steers = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/; // prettier-ignore

/** Words of ours that choose between views. All others are from models, files and messages. */
const steering = new Set(["phase", "kind", "code", "severity", "role", "method", "gradient", "type", "sort", "only", "image", "src", "path"]);

function poison<T>(value: T, key = ""): T {
  if (typeof value === "string") return (steering.has(key) ? value : hostile) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => poison(item, key)) as T;
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)])) as T;
  return value;
}

/** What the page is made of, by the browser's rules: tags, with their attributes' values left out. */
const tagsOf = (html: string): string[] => (html.match(/<[a-z!/][^>]*>/giu) ?? []).map((tag) => tag.replace(/"[^"]*"/gu, '""'));

function expectOnlyText(state: PanelState, many: ManyView | null = null): void {
  const calm = new Set(tagsOf(pageOf(state, many)).map((tag) => /^<\/?([\w-]+)/u.exec(tag)?.[1]));
  const html = pageOf(poison(state), poison(many));
  expect(html).toContain("onerror=alert(1)");
  expect(html).not.toMatch(steers);
  for (const tag of tagsOf(html)) {
    // No element that the same view does not have with tame data, no handler, no style that the page's policy would refuse, no address.
    expect(calm, tag).toContain(/^<\/?([\w-]+)/u.exec(tag)?.[1]);
    expect(tag).not.toMatch(/\s(on\w+|style|srcdoc|formaction)\s*=/iu);
    expect(tag).not.toMatch(/^<(script|style|iframe|object|embed|base|meta|link|form|a)\b/iu);
  }
  expect(html).not.toMatch(/(?:href|src)="(?!data:image\/png;base64,|#)/iu);
}

const pageOf = (state: PanelState, many: ManyView | null): string => Object.values(panel(state, 900, {}, {}, many)).join("");
const fixture = (name: string): ViewParts => JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8")) as ViewParts;
const measures = JSON.parse(readFileSync("test/fixtures/panel/measures.json", "utf8")) as NonNullable<Result["measures"]>;

const samples: readonly (readonly [string, () => ViewParts])[] = [
  ...["diabetes", "review", "digits", "whatIf"].map((name) => [name, () => fixture(name)] as const),
  ["columns in groups", groupedFeatures],
  ["a text that was written anew", () => writtenText("good film", "bad film")],
];

test.each(samples)("in %s everything that is not ours is text", (_, make) => {
  const parts = make();
  const results = parts.explanation.results.map((result) => {
    const { row: __, prediction: ___, ...logit } = result;
    return { ...result, measures, logit };
  });
  const view = buildView({ ...parts, explanation: { ...parts.explanation, results } });
  const choice = { id: "1", label: "one" };
  const state: PanelState = {
    phase: "done",
    message: "",
    view: {
      ...view,
      whatIf: {
        inputs: [
          {
            kind: "features",
            name: "x",
            features: [{ position: 0, label: "a", original: "red", now: "blue", range: { kind: "choices", choices: ["red", "blue"] } }],
            categories: [{ name: "colour", choices: [{ position: 1, label: "green" }], original: 1, now: null }],
          },
          { kind: "text", name: "t", original: "good", now: "bad" },
          { kind: "picture", name: "p", changed: 1, size: 4 },
        ],
        edited: true,
        sentence: "positive → negative",
        scoreBefore: 0.1,
        scoreNow: 0.2,
      },
    },
    error: null,
    path: { back: true, forward: true },
    comparison: comparisonView([{ id: "1", explanation: parts.explanation }], "1", parts.explanation, parts.inspection),
    flip: {
      phase: "done",
      view: { found: true, sentence: "a → b", detail: "checked", rows: [{ label: "l", from: "f", to: "t", size: "s" }], unit: "u", notes: ["n"] },
    },
    table: {
      query: { from: 0, sort: "row", descending: false, only: "all", predicted: "", search: "" },
      labelled: true,
      rows: [{ row: 0, text: "text", label: "pos", predicted: "neg", score: 1, right: false }],
      matching: 1,
      read: 2,
      total: 3,
      classes: ["pos", choice.label],
      pageSize: 25,
      accuracy: 0.5,
      error: "none",
    },
  };
  expectOnlyText(state);
  expectOnlyText({ ...state, flip: { phase: "failed", message: "no" }, lag: "all" });
});

test.each([[8], ["words"], ["pictures"]] as const)("in many samples, too: %s", (kind) => {
  const parts = fixture("diabetes");
  expectOnlyText({ phase: "done", message: "", view: buildView(parts), error: null }, manyView(kind));
});

test.each(["running", "failed", "cancelled", "stale"] as const)("and in the page that is %s", (phase) => {
  expectOnlyText({
    phase,
    message: "working",
    view: null,
    error: { code: "INTERNAL", severity: "error", message: "what", hint: "do", file: "f", line: 1, column: 2, node: "n" },
    flip: { phase: "running", message: "looking" },
  });
});
