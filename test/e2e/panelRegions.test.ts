import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import type { Explanation } from "../../src/protocol/explanation.js";
import { editRegion } from "../../src/vscode/regionEdits.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import { panelBrowser, themesAndWidths } from "./panelBrowser.js";
import { fixture, output, stateOf, violations } from "./panelPage.js";

/** A region of a picture: drawn by mouse and by finger, spanned by keys, told, changed, and the picture before beside it. */

const { openPanel } = panelBrowser();

const digits = fixture("digits");
const credits = digits.explanation.results[0]?.attributions["image"]?.data ?? [];
const region = { left: 2, top: 1, width: 3, height: 4 };

/** The digit without the region; the credits are those of the fixture, for want of a model. */
function edited(): ViewParts {
  const base = digits.explanation;
  const edits = editRegion({}, base, "image", region, "remove");
  const change = edits["image"];
  if (change?.kind !== "values") throw new Error("nothing was removed");
  const results = base.results.map((result): Explanation["results"][number] => ({
    ...result,
    score: 0.2,
    attributions: Object.fromEntries(
      Object.entries(result.attributions).map(([name, credit]) => [name, { ...credit, values: change.values, data: credit.data.map((x) => x / 5) }]),
    ),
  }));
  return { ...digits, explanation: { ...base, results }, original: base, edits };
}

/** The middle of a pixel on the screen. */
async function middle(grid: Locator, x: number, y: number): Promise<{ readonly x: number; readonly y: number }> {
  const area = await grid.boundingBox();
  if (area === null) throw new Error("the picture is not on the screen");
  return { x: area.x + ((x + 0.5) * area.width) / 8, y: area.y + ((y + 0.5) * area.height) / 8 };
}

test("a region is drawn with the mouse, outlined in every picture, told, and taken away, blurred or kept alone", async () => {
  const panel = await openPanel("light", 1200);
  const { page } = panel;
  await panel.show(stateOf(digits));
  const box = page.locator("[data-image='input/image']");
  const readout = page.locator("[data-region-of='input/image']");
  expect(await readout.innerText()).toContain("Drag across a picture");
  const grid = box.locator("[data-kind=heat]");
  await grid.scrollIntoViewIfNeeded();
  // From below right to above left, released outside of the picture's first line.
  const [from, to] = [await middle(grid, 4, 4), await middle(grid, 2, 1)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  expect(await box.locator("[data-region='2,1,3,4']").count()).toBe(3);
  await page.mouse.up();
  const sum = Array.from({ length: 12 }, (_, i) => credits[(1 + Math.floor(i / 3)) * 8 + 2 + (i % 3)] ?? NaN).reduce((a, b) => a + b, 0);
  const words = await readout.innerText();
  expect(words).toContain("Columns 2 to 4, lines 1 to 4 (3 × 4 pixels)");
  expect(words).toContain(Math.abs(sum).toPrecision(2).slice(0, 4));
  expect(await readout.getAttribute("aria-live")).toBe("polite");
  for (const what of ["remove", "blur", "only"] as const) {
    await page.locator(`[data-region-tools='input/image'] [data-intent=region][data-value*=${what}]`).click();
    expect(await panel.sent()).toEqual([{ kind: "region", input: "image", what, ...region }]);
  }
  // Another way to look keeps it; a click gives it up.
  await page.locator("[data-look='input/image/form'][data-value=overlay]").click();
  expect(await box.locator("[data-region='2,1,3,4']").count()).toBe(1);
  await box.locator("[data-kind=overlay]").click();
  expect(await box.locator("[data-region='']").count()).toBe(1);
  expect(await page.locator("[data-intent=region]").count()).toBe(0);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test("a finger draws a region and does not scroll the page away", async () => {
  const panel = await openPanel("light", 400);
  const { page } = panel;
  await panel.show(stateOf(digits));
  const grid = page.locator("[data-image='input/image'] [data-kind=original]");
  await grid.scrollIntoViewIfNeeded();
  const scroll = await page.evaluate(() => window.scrollY);
  const touch = await page.context().newCDPSession(page);
  await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [await middle(grid, 2, 4)] });
  for (const [x, y] of [
    [3, 3],
    [4, 1],
  ] as const)
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [await middle(grid, x, y)] });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.locator("[data-region-of='input/image']", { hasText: "Columns 2 to 4, lines 1 to 4" }).waitFor();
  expect(await page.evaluate(() => window.scrollY)).toBe(scroll);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test("by keyboard: Shift and the arrow keys span a region, Escape gives it up", async () => {
  const panel = await openPanel("dark", 900);
  const { page } = panel;
  await panel.show(stateOf(digits));
  const box = page.locator("[data-image='input/image']");
  await box.focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
  expect(await page.locator("[data-readout='input/image']").innerText()).toContain("column 2, line 1");
  const cursor = box.locator("[data-kind=heat] [data-outline=cursor] rect").first();
  const place = (): Promise<(string | null)[]> => cursor.evaluate((one) => ["x", "y", "width", "height"].map((name) => one.getAttribute(name)));
  expect(await place()).toEqual(["2", "1", "1", "1"]);
  await page.keyboard.down("Shift");
  for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
  await page.keyboard.up("Shift");
  expect(await page.locator("[data-region-of='input/image']").innerText()).toContain("Columns 2 to 4, lines 1 to 4");
  expect(await place()).toEqual(["0", "0", "0", "0"]);
  expect(await box.evaluate((one) => one === document.activeElement)).toBe(true);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Remove region");
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "region", input: "image", what: "remove", ...region }]);
  await box.focus();
  await page.keyboard.press("Escape");
  expect(await page.locator("[data-region-of='input/image']").innerText()).toContain("Drag across a picture");
  expect(await page.locator("[data-intent=region]").count()).toBe(0);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test.each(themesAndWidths)("before and after, in %s, %i pixels wide", async (theme, width) => {
  const panel = await openPanel(theme, width);
  const { page } = panel;
  await panel.show(stateOf(edited()));
  expect(await page.locator("[data-former='input/image'] svg.ep-chart").count()).toBe(2);
  expect(await page.locator("[data-test=what-if]").getAttribute("data-edited")).toBe("true");
  expect(Number(await page.locator("[data-test=changed-pixels]").getAttribute("data-changed"))).toBeGreaterThan(5);
  await page.locator("[data-image='input/image']").focus();
  for (const key of ["ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await page.locator("[data-section='input/image']").screenshot({ path: `${output}/region-${theme}.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);
  await page.locator("[data-region-tools='input/image'] vscode-button", { hasText: "Restore region" }).click();
  await page.locator("[data-region-tools='input/image'] [data-intent=reset]").click();
  expect(await panel.sent()).toEqual([{ kind: "region", input: "image", what: "restore", left: 1, top: 0, width: 3, height: 2 }, { kind: "reset" }]);
  expect(panel.problems).toEqual([]);
  await page.close();
});
