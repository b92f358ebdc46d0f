import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { flip } from "../../src/explain/flip/flip.js";
import type { FlipState } from "../../src/protocol/viewModel.js";
import { flipView } from "../../src/viewmodel/flip.js";
import { modelAt } from "../unit/modelAt.js";
import { panelBrowser } from "./panelBrowser.js";
import { fixture, output, stateOf, violations } from "./panelPage.js";

/** The smallest change that flips the class: asked for, followed, stopped and applied by mouse and by keyboard, and read in every theme. */

const { openPanel } = panelBrowser();
/** What the search really comes to, by what it is of. */
const found: Record<string, FlipState> = {};
beforeAll(async () => {
  for (const [name, model, row] of [
    ["number", "diabetes", 0],
    ["several", "review-profile", 2],
    ["blocks", "digits", 0],
    ["missed", "speech", 1],
  ] as const) {
    const answer = await flip({ model: resolve(`examples/${model}/model.onnx`), rows: [row] }, {}, modelAt);
    found[name] = { phase: "done", view: flipView(answer) };
  }
});
test("is asked for, followed, stopped and applied", async () => {
  const panel = await openPanel("light", 900);
  const { page } = panel;
  const diabetes = fixture("diabetes");
  await panel.show(stateOf(diabetes));
  const section = page.locator("[data-section=flip]");
  await section.locator("vscode-button[data-intent=flip]").click();
  expect(await panel.sent()).toEqual([{ kind: "flip", to: "", input: "" }]);
  await panel.show(stateOf(diabetes, { flip: { phase: "running", message: "Trying single changes (454 runs)" } }));
  expect(await section.locator("[data-test=flip-progress]").innerText()).toBe("Trying single changes (454 runs)");
  expect(await section.locator("vscode-button[data-intent=flip]").count()).toBe(0);
  await section.locator("vscode-button[data-intent=stopFlip]").focus();
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "stopFlip" }]);
  await panel.show(stateOf(diabetes, { flip: found["number"] ?? { phase: "failed", message: "" } }));
  expect(await section.locator("[data-test=flip-sentence]").innerText()).toMatch(/^neg 75\.1 % → pos 50\.\d % with one change\.$/u);
  expect(await section.locator("[data-feature=glucose] td").allInnerTexts()).toEqual(["134", "187", "2.79"]);
  await section.locator("vscode-button[data-intent=applyFlip]").click();
  await section.locator("vscode-button[data-intent=flip]").focus();
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "applyFlip" }, { kind: "flip", to: "", input: "" }]);
  await panel.show(stateOf(diabetes, { flip: { phase: "failed", message: "Nothing of this sample can be changed." } }));
  expect(await section.locator("[data-test=flip-error]").innerText()).toBe("Nothing of this sample can be changed.");
  expect(panel.problems).toEqual([]);
  await page.close();
});

test("the wanted class and the input that may change are chosen from lists", async () => {
  const panel = await openPanel("dark", 700);
  const { page } = panel;
  await panel.show(stateOf(fixture("digits")));
  const section = page.locator("[data-section=flip]");
  await section.locator("vscode-dropdown[data-look='flip/to']").click();
  await section.locator("vscode-option[value='3']").click();
  await section.locator("vscode-button[data-intent=flip]").click();
  expect(await panel.sent()).toEqual([{ kind: "flip", to: "3", input: "" }]);
  // With two classes and several inputs there is only one other class, and a choice of inputs.
  await panel.show(stateOf(fixture("whatIf")));
  expect(await section.locator("vscode-dropdown[data-look='flip/to']").count()).toBe(0);
  await section.locator("vscode-dropdown[data-look='flip/input']").focus();
  await page.keyboard.press("ArrowDown");
  await section.locator("vscode-button[data-intent=flip]").focus();
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "flip", to: "", input: "tokens" }]);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test.each([
  ["light", 1200, "number"],
  ["dark", 560, "several"],
  ["hcDark", 900, "blocks"],
  ["hcLight", 300, "several"],
  ["light", 300, "missed"],
] as const)("in %s, %i pixels wide: %s", async (theme, width, name) => {
  const panel = await openPanel(theme, width);
  const { page } = panel;
  await panel.show(stateOf(fixture(name === "several" ? "whatIf" : "diabetes"), { flip: found[name] ?? { phase: "failed", message: "" } }));
  const section = page.locator("[data-section=flip]");
  await section.screenshot({ path: `${output}/flip-${name}-${theme}.png` });
  expect(await section.locator("[data-test=flip-sentence]").getAttribute("data-found")).toBe(name === "missed" ? "false" : "true");
  expect(await section.locator("[data-intent=applyFlip]").count()).toBe(name === "missed" ? 0 : 1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);
  expect(panel.problems).toEqual([]);
  await page.close();
});
