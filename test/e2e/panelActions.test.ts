import { afterEach, expect, test } from "vitest";
import type { PanelState } from "../../src/protocol/viewModel.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import { panelBrowser } from "./panelBrowser.js";
import { fixture, output, stateOf, type PanelPage } from "./panelPage.js";
import { longText, manyFeatures, table } from "./panelSamples.js";

/** What can be done in the panel's page, by mouse and by keyboard: what it shows then, and what it asks of the extension. */

const { openPanel } = panelBrowser();

const opened: PanelPage[] = [];
async function show(state: PanelState, width = 900): Promise<PanelPage> {
  const panel = await openPanel("light", width);
  opened.push(panel);
  await panel.show(state);
  return panel;
}
afterEach(async () => {
  for (const { page, problems } of opened.splice(0)) {
    expect(problems).toEqual([]);
    await page.close();
  }
});

const diabetes = fixture("diabetes");
const whatIf = fixture("whatIf");
const digits = fixture("digits");

function partial(points: number, error: number): ViewParts {
  const results = diabetes.explanation.results.map((result) => ({
    ...result,
    points,
    error: { measurements: { dims: [8], data: new Array<number>(8).fill(error) } },
  }));
  return { ...diabetes, partial: true, explanation: { ...diabetes.explanation, results } };
}

test("a first picture is refined in place: the same bars, shorter error bars, no dimming, and it can be stopped", async () => {
  const panel = await show(stateOf(partial(9, 0.03), { phase: "running", message: "Explaining" }));
  const { page } = panel;
  await page.screenshot({ path: `${output}/partial.png` });
  expect(await page.locator("[data-test=check]").getAttribute("data-state")).toBe("partial");
  expect(await page.locator("[data-test=check-sentence]").innerText()).toContain("First picture after 9 points");
  expect(await page.locator(".ep-columns").evaluate((columns) => getComputedStyle(columns).opacity)).toBe("1");
  const bar = await page.locator("g[data-label=glucose]").first().elementHandle();
  const before = Number(await bar?.getAttribute("data-error"));
  await panel.show(stateOf(partial(33, 0.001), { phase: "running", message: "Explaining" }));
  expect(Number(await bar?.getAttribute("data-error"))).toBeLessThan(before);
  expect(await bar?.evaluate((element) => element.isConnected)).toBe(true);
  await page.locator("[data-intent=cancel]").click();
  expect(await panel.sent()).toEqual([{ kind: "cancel" }]);
});

test("a class is compared with another, and what is not in a list is asked for in the editor", async () => {
  const panel = await show(stateOf(diabetes));
  const choose = async (intent: string, option: string): Promise<void> => {
    await panel.page.locator(`vscode-dropdown[data-intent=${intent}]`).click();
    await panel.page.locator(`vscode-dropdown[data-intent=${intent}] vscode-option`, { hasText: option }).click();
  };
  await choose("versus", "pos");
  expect(await panel.sent()).toEqual([{ kind: "versus", versus: "1" }]);
  await choose("baseline", "Another …");
  expect(await panel.sent()).toEqual([{ kind: "ask", what: "baseline" }]);
  const { request } = diabetes.explanation;
  await panel.show(stateOf({ ...diabetes, explanation: { ...diabetes.explanation, request: { ...request, versus: "1" } } }));
  expect(await panel.page.locator(".ep-explains [data-test=target]").innerText()).toBe("neg − pos");
});

test("the waterfall's steps lead from the baseline's score to the sample's", async () => {
  const { page } = await show(stateOf(diabetes));
  await page.locator("[data-look='input/measurements/form'][data-value=waterfall]").click();
  await page.screenshot({ path: `${output}/waterfall.png` });
  const steps = await page.locator("[data-step]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-step"))));
  const ends = await page.locator("[data-end]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-score"))));
  expect((ends[0] ?? 0) + steps.reduce((a, b) => a + b, 0)).toBeCloseTo(ends[1] ?? 0, 4);
});

test("of hundreds of features the largest are shown with the rest summed; others are found by name", async () => {
  const parts = manyFeatures(300);
  const { page } = await show(stateOf(parts));
  const section = page.locator("[data-section='input/measurements']");
  expect(await section.locator("g[data-credit]").count()).toBe(25);
  const all = parts.explanation.results[0]?.attributions["measurements"]?.data ?? [];
  const shown = await section.locator("g[data-credit]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-credit"))));
  const rest = Number(await section.locator("[data-rest]").getAttribute("data-rest"));
  expect(rest + shown.reduce((a, b) => a + b, 0)).toBeCloseTo(
    all.reduce((a, b) => a + b, 0),
    9,
  );
  await section.locator("vscode-text-field[data-look]").click();
  await page.keyboard.type("feature 29");
  expect(await section.locator("g[data-credit]").count()).toBe(11);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-look"))).toBe("input/measurements/find");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await section.locator("[data-look='input/measurements/top'][data-value=all]").click();
  expect(await section.locator("g[data-credit]").count()).toBe(300);
});

test("ten thousand words are there, in parts that are laid out when they come into sight, and the arrow keys tell each word's number", async () => {
  const { page } = await show(stateOf(longText(10_000)));
  const words = page.locator(".ep-tokens");
  expect((await words.evaluate((text) => text.textContent)).trim().split(/\s+/u)).toHaveLength(10_000);
  expect(await page.locator(".ep-chunk").count()).toBe(50);
  const last = page.locator(".ep-chunk").last();
  expect(await last.locator(".ep-token").count()).toBe(0);
  await last.scrollIntoViewIfNeeded();
  await last.locator(".ep-token").first().waitFor();
  expect(await last.locator(".ep-token").count()).toBe(200);
  await page.screenshot({ path: `${output}/long-text.png` });
  await page.locator("[data-words]").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await page.locator("[data-section='input/text'] [data-readout]").innerText()).toBe(await page.locator(".ep-token").nth(1).getAttribute("title"));
});

test("words and the tokenizer's own tokens", async () => {
  const { page } = await show(stateOf(fixture("review")));
  const section = page.locator("[data-section='input/tokens']");
  const words = await section.locator(".ep-token").count();
  await section.locator("[data-look='input/tokens/level'][data-value=tokens]").click();
  expect(await section.locator(".ep-token").count()).toBeGreaterThan(words);
});

test("a slider stays in the hand while the answers arrive, and sends what it shows", async () => {
  const panel = await show(stateOf(whatIf), 1200);
  const slider = panel.page.locator("input[type=range][data-position='1']");
  expect(await slider.inputValue()).toBe("6");
  await slider.focus();
  await panel.page.keyboard.press("ArrowLeft");
  await expect.poll(() => panel.sent()).toEqual([{ kind: "edit", input: "profile", changes: [[1, 5]] }]);
  await panel.show(stateOf(whatIf, { phase: "running", message: "Explaining the edited sample" }));
  expect(await slider.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await slider.inputValue()).toBe("5");
  expect(await panel.page.locator("[data-test=what-if]").innerText()).toMatch(/^positive 98\.3 % → positive 80\.1 %: the score of positive falls by 0\.182/);
});

test("a word is taken out of the text, a text is typed, and all is put back", async () => {
  const panel = await show(stateOf(whatIf), 1200);
  await panel.page.locator("[data-section='input/tokens'] .ep-token[data-label=absorbing]").click({ modifiers: ["Alt"] });
  expect(await panel.sent()).toEqual([{ kind: "editText", input: "tokens", text: "An story with a cast, and the last twenty minutes are perfect!" }]);
  await panel.page.locator("vscode-text-area[data-edit=tokens]").click();
  await panel.page.keyboard.press("Control+a");
  await panel.page.keyboard.type("Dull.");
  await expect.poll(() => panel.sent()).toEqual([{ kind: "editText", input: "tokens", text: "Dull." }]);
  await panel.page.locator("[data-intent=reset]").click();
  expect(await panel.sent()).toEqual([{ kind: "reset" }]);
  expect(await panel.page.locator("[data-section='input/profile'] g[data-label='exclamation marks'] title").textContent()).toContain("was");
});

test("together and alone: offered, then told in a sentence", async () => {
  const { isolated: _, ...joint } = whatIf;
  const panel = await show(stateOf(joint), 1200);
  await panel.page.locator("[data-intent=isolated]").click();
  expect(await panel.sent()).toEqual([{ kind: "isolated" }]);
  await panel.show(stateOf(whatIf));
  expect(await panel.page.locator("[data-test=isolated-sentence]").innerText()).toMatch(
    /^Moved alone, .* tokens .*, profile .*Moved together they change the score by/,
  );
  const share = panel.page.locator("[data-test=shares] [data-share-of]");
  expect((await share.evaluateAll((parts) => parts.map((part) => Number(part.getAttribute("data-share"))))).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
});

test("a picture: the pixel under pointer or cursor is told, signed or absolute, over the sample", async () => {
  const { page } = await show(stateOf(digits), 1200);
  const box = page.locator("[data-image='input/image']");
  expect(await box.locator("[data-kind]").evaluateAll((parts) => parts.map((part) => part.getAttribute("data-kind")))).toEqual(["original", "heat", "masked"]);
  const heat = await box.locator("[data-kind=heat]").boundingBox();
  await page.mouse.move((heat?.x ?? 0) + ((heat?.width ?? 0) * 2.5) / 8, (heat?.y ?? 0) + ((heat?.height ?? 0) * 1.5) / 8);
  const readout = page.locator("[data-readout='input/image']");
  const data = digits.explanation.results[0]?.attributions["image"];
  expect(await readout.innerText()).toMatch(/^column 2, line 1, value /);
  await box.focus();
  await page.keyboard.press("ArrowDown");
  expect(await readout.innerText()).toMatch(/^column 2, line 2, value /);
  expect(await readout.innerText()).toContain(
    Math.abs(data?.data[18] ?? 0)
      .toPrecision(3)
      .slice(0, 4),
  );
  await page.locator("[data-look='input/image/form'][data-value=overlay]").click();
  await page.locator("input[data-look='input/image/opacity']").fill("30");
  expect(await page.locator(".ep-overlay").evaluate((layer) => getComputedStyle(layer).opacity)).toBe("0.3");
  await page.locator("[data-look='input/image/sign'][data-value=absolute]").click();
  await page.screenshot({ path: `${output}/overlay.png` });
  expect(await box.locator("mask").count()).toBe(1);
});

test("channels of a convolution: one is chosen, and a unit in it", async () => {
  const panel = await show(stateOf(digits), 1200);
  await panel.page.locator("[data-channel='5']").click();
  const large = panel.page.locator("[data-image=units]");
  expect(await large.getAttribute("data-channel-of")).toBe("5");
  const pixels = large.locator("[data-pixels]");
  await pixels.scrollIntoViewIfNeeded();
  const area = await pixels.boundingBox();
  await panel.page.mouse.click((area?.x ?? 0) + ((area?.width ?? 0) * 3.5) / 4, (area?.y ?? 0) + ((area?.height ?? 0) * 0.5) / 4);
  expect(await panel.sent()).toEqual([{ kind: "unit", layer: "relu_1", unit: "5,0,3" }]);
});

test("the way inside the model: crumbs, back and forward, by mouse and by keyboard", async () => {
  const panel = await show(stateOf(digits, { path: { layer: "relu_1", unit: "2,1,1", back: true, forward: true } }), 1200);
  const crumbs = panel.page.locator("nav.crumbs");
  expect(await crumbs.locator("li").allInnerTexts()).toEqual(["class 6", "relu2", "unit 2,1,1"]);
  await crumbs.locator("[data-intent=back]").click();
  await panel.page.keyboard.press("Alt+ArrowRight");
  await crumbs.getByText("relu2").focus();
  await panel.page.keyboard.press("Enter");
  await crumbs.getByText("class 6").click();
  expect(await panel.sent()).toEqual([{ kind: "back" }, { kind: "forward" }, { kind: "layer", layer: "relu_1" }, { kind: "home" }]);
});

test("samples: opened, sorted, filtered, paged, and explained by a click", async () => {
  const panel = await show(stateOf(diabetes));
  const { page } = panel;
  await page.locator("[data-section=samples] > summary").click();
  const first = { from: 0, sort: "row", descending: false, only: "all", predicted: "", search: "" };
  expect(await panel.sent()).toEqual([{ kind: "table", query: first }]);
  await panel.show(stateOf(diabetes, { table }));
  expect(await page.locator("[data-test=table-count]").innerText()).toBe("48 of 231 rows · 79.2 % right");
  await page.locator("[data-sort=score]").click();
  await page.locator("[data-look='table/only'][data-value=all]").click();
  await page.locator("vscode-button[aria-label='Next page']").click();
  await page.locator("[data-go='9']").click();
  const { query } = table;
  expect(await panel.sent()).toEqual([
    { kind: "table", query: { ...query, descending: false } },
    { kind: "table", query: { ...query, only: "all" } },
    { kind: "table", query: { ...query, from: 25 } },
    { kind: "row", row: 9 },
  ]);
});

test("pinning, copying, and charts as pictures", async () => {
  const panel = await show(stateOf(diabetes));
  const { page } = panel;
  await page.locator("[data-intent=pin]").click();
  await page.locator("[data-intent=copy][data-value=python]").click();
  expect(await panel.sent()).toEqual([{ kind: "pin" }, { kind: "copy", what: "python" }]);
  await page.locator("[data-picture='input/measurements'][data-format=svg]").click();
  await page.locator("[data-picture=units][data-format=png]").click();
  const pictures = async (): Promise<{ name: string; format: string; data: string }[]> =>
    (kept = [...kept, ...(await panel.sent()).flatMap((message) => (message.kind === "picture" ? [message] : []))]);
  let kept: { name: string; format: string; data: string }[] = [];
  await expect.poll(async () => (await pictures()).length).toBe(2);
  const svg = kept.find(({ format }) => format === "svg");
  expect(svg?.data).toMatch(/^<svg [^>]*>.*glucose.*<\/svg>$/su);
  expect(svg?.data).not.toMatch(/var\(|NaN/u);
  const png = Buffer.from(kept.find(({ format }) => format === "png")?.data ?? "", "base64");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBeGreaterThan(800);
});

test("who wants no motion sees none", async () => {
  const panel = await show(stateOf(diabetes, { phase: "running", message: "Explaining" }));
  await panel.page.emulateMedia({ reducedMotion: "reduce" });
  const moving = await panel.page.evaluate(
    () => [...document.querySelectorAll("main *")].filter((element) => getComputedStyle(element).animationName !== "none").length,
  );
  expect(moving).toBe(0);
});

test("lists show what is chosen when another answer chooses otherwise, and when more can be chosen", async () => {
  const first = stateOf(diabetes).view;
  if (first === null) throw new Error("no view");
  const shown = (method: string, methods: readonly string[]): PanelState => ({
    ...stateOf(diabetes),
    view: { ...first, method, methods: methods.map((id) => ({ id, label: `The ${id}` })) },
  });
  const panel = await show(shown("b", ["b"]));
  const chosen = panel.page.locator("vscode-dropdown[data-intent=method]");
  const text = (): Promise<string> => chosen.evaluate((list) => list.shadowRoot?.querySelector(".selected-value")?.textContent.trim() ?? "");
  await expect.poll(text).toBe("The b");
  await panel.show(shown("b", ["a", "b", "c"]));
  await expect.poll(text).toBe("The b");
  await panel.show(shown("c", ["a", "b", "c"]));
  await expect.poll(text).toBe("The c");
});
