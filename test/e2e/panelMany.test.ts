import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ManyMessage, ManyView } from "../../src/protocol/manyView.js";
import { manyView, type ManyKind } from "./manyViews.js";
import { panelBrowser } from "./panelBrowser.js";
import { fixture, output, stateOf, violations, type PanelPage } from "./panelPage.js";
import { table } from "./panelSamples.js";

/** Many samples explained together: asked for, followed, stopped, looked at and taken away by mouse and by keyboard, and drawn in every theme. */

const { openPanel } = panelBrowser();

const diabetes = fixture("diabetes");
const state = stateOf({ ...diabetes, samples: { total: 231 } }, { table });

async function show({ page }: PanelPage, many: ManyView | null): Promise<void> {
  await page.evaluate((message: ManyMessage) => window.postMessage(message, "*"), { kind: "many", many } as const);
  await page.waitForTimeout(150);
}

test("asked for, followed, stopped, looked at and taken away", async () => {
  const panel = await openPanel("light", 1200);
  const { page } = panel;
  await panel.show(state);
  await page.locator("[data-section=samples] > summary").click();
  const start = page.locator("vscode-button[data-intent=many][data-value=start]");
  expect(await start.innerText()).toBe("Explain these 48 rows");
  await start.click();
  expect(await panel.sent()).toEqual([{ kind: "many", what: "start" }]);
  expect(await page.locator("[data-section=many]").count()).toBe(0);

  await show(panel, manyView(8, { phase: "running", done: 20, credits: null, features: 0 }));
  const section = page.locator("[data-section=many]");
  expect(await section.locator("[data-test=many-progress]").innerText()).toContain("20 of 60 rows · 412 a second");
  expect(await section.locator("progress").getAttribute("value")).toBe("33");
  await section.locator("vscode-button[data-value=stop]").focus();
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "many", what: "stop" }]);

  await show(panel, manyView(8));
  expect(await section.locator("[data-test=many-progress]").count()).toBe(0);
  const bars = section.locator(".many-figure", { hasText: "How much each feature matters" }).locator("g[data-label]");
  expect(await bars.count()).toBe(8);
  expect(await bars.first().getAttribute("data-error")).not.toBeNull();
  expect(await section.locator(".many-figure", { hasText: "What drives wrong answers" }).locator("g[data-label]").count()).toBe(8);
  await section.locator("vscode-dropdown[data-look='many/group']").click();
  await section.locator("vscode-option", { hasText: "pos" }).click();
  expect(await panel.sent()).toEqual([{ kind: "manyLook", look: { group: "predicted:pos", search: "", most: 25 } }]);

  // A dot tells its row, value and credit, and explains the row.
  const dot = section.locator("[data-swarm=mass] circle[data-key='17']");
  await dot.hover();
  const readout = section.locator("[data-readout]");
  expect(await readout.innerText()).toMatch(/^row 17, mass = \d+: [+−]0\.\d+$/);
  await dot.click();
  expect(await panel.sent()).toEqual([{ kind: "row", row: 17 }]);
  const dots = section.locator("[data-dots]");
  await dots.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowUp");
  expect(await readout.innerText()).toMatch(/^row \d+, glucose = /);
  const row = await dots.locator(".ep-current").getAttribute("data-key");
  await page.keyboard.press("ArrowDown");
  expect(await readout.innerText()).toMatch(new RegExp(`^row ${row ?? ""}, mass = `));
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "row", row: Number(row) }]);

  for (const what of ["csv", "command"] as const) {
    await section.locator(`vscode-button[data-value=${what}]`).click();
    expect(await panel.sent()).toEqual([{ kind: "many", what }]);
  }
  await section.locator("[data-picture=many][data-format=svg]").click();
  await expect.poll(() => panel.sent()).toMatchObject([{ kind: "picture", name: "many", format: "svg" }]);
  await section.locator(".ep-alternative > summary").first().click();
  expect(await section.locator(".ep-alternative tbody tr").count()).toBe(8);
  // Other work of the panel leaves it as it is; a new question takes it away.
  await panel.show({ ...state, phase: "running", message: "Explaining" });
  expect(await dots.count()).toBe(1);
  await show(panel, null);
  expect(await section.count()).toBe(0);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test("of a large file some rows are picked, and the whole goes into a file; hundreds of features are searched", async () => {
  const panel = await openPanel("dark", 700);
  const { page } = panel;
  await panel.show({ ...state, table: { ...table, matching: 20_000, total: 20_000, read: 20_000 } });
  await page.locator("[data-section=samples] > summary").click();
  expect(await page.locator("vscode-button[data-value=start]").innerText()).toBe("Explain 1,000 of these rows");
  await show(panel, manyView(300, { matching: 20_000 }));
  const section = page.locator("[data-section=many]");
  await section.locator("vscode-button[data-value=dataset]").click();
  expect(await panel.sent()).toEqual([{ kind: "many", what: "dataset" }]);
  await section.locator("vscode-button[data-look='many/most'][data-value='10']").click();
  expect(await panel.sent()).toEqual([{ kind: "manyLook", look: { group: "all", search: "", most: 10 } }]);
  await section.locator("vscode-text-field[data-look='many/search']").click();
  await page.keyboard.type("7");
  expect(await panel.sent()).toEqual([{ kind: "manyLook", look: { group: "all", search: "7", most: 25 } }]);
  await show(panel, manyView(8, { phase: "failed", error: "The model could not be run." }));
  expect(await section.locator("[role=alert]").innerText()).toBe("The model could not be run.");
  expect(panel.problems).toEqual([]);
  await page.close();
});

const kinds: readonly (readonly [theme: string, width: number, kind: ManyKind])[] = [
  ["light", 1200, 8],
  ["dark", 300, 8],
  ["hcDark", 1200, 8],
  ["hcLight", 300, 8],
  ["dark", 1200, "words"],
  ["light", 560, "pictures"],
];

test.each(kinds)("in %s, %i pixels wide: %s", async (theme, width, kind) => {
  const panel = await openPanel(theme, width);
  const { page } = panel;
  await panel.show(state);
  await page.locator("[data-section=samples] > summary").click();
  await show(panel, manyView(kind));
  await page.locator("[data-section=many]").screenshot({ path: `${output}/many-${kind}-${theme}-${width}.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);
  expect(panel.problems).toEqual([]);
  await page.close();
});
