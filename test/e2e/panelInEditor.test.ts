import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { creditsIn } from "./harness/panelNumbers.js";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** The panel's answers to what is done in it, in the real VS Code with the real engine behind. The tests go on with one panel. */

let workbench: Workbench;
let panel: Frame;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension());
  await workbench.runCommand("Explain prediction");
  await workbench.waitForQuickPick(/Model whose prediction/);
  await workbench.pickItem("model.onnx", "review-profile");
  await workbench.waitForQuickPick(/Samples to choose from/);
  await workbench.pickItem("samples.jsonl");
  await workbench.waitForQuickPick(/Row of samples/);
  await workbench.pickItem("Row 0");
  panel = await workbench.panelIn("done");
  await workbench.screenshot("answer");
}, 240_000);
afterAll(async () => {
  await workbench.dispose();
});
afterEach(async ({ task }) => {
  await workbench.screenshot(`${task.result?.state === "fail" ? "failed" : "panel"}-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

const patience = { timeout: 30_000 };
const score = async (): Promise<number> => Number(await panel.locator("[data-test=check-score]").getAttribute("data-value"));

test("an edited value changes prediction and credits, the difference is told, and reset puts them back", async () => {
  const before = await score();
  const credits = await creditsIn(panel, "input/profile");
  await panel.locator("input[type=range][data-position='1']").focus();
  await workbench.page.keyboard.press("End");
  await panel.locator("[data-test=what-if][data-edited=true]").waitFor();
  expect(await score()).not.toBe(before);
  expect(await panel.locator("[data-test=what-if]").innerText()).toMatch(/ → .*: the score of positive (?:rises|falls) by /);
  expect(Number(await panel.locator("[data-test=what-if]").getAttribute("data-before"))).toBe(before);
  await workbench.panelIn("done");
  await panel.locator("[data-section='input/tokens'] .ep-token", { hasText: "brilliant" }).click();
  await workbench.page.keyboard.press("Delete");
  await panel.locator("[data-section='input/tokens'] .ep-removed", { hasText: "brilliant" }).waitFor();
  await workbench.screenshot("what-if");
  await panel.locator("[data-intent=reset]").click();
  await panel.locator("[data-test=what-if][data-edited=false]").waitFor();
  expect(await score()).toBe(before);
  expect(await creditsIn(panel, "input/profile")).toEqual(credits);
}, 90_000);

test("the smallest change that flips the class is found by running the model, becomes the sample's edits, and is taken back", async () => {
  await workbench.panelIn("done");
  const before = await score();
  await panel.locator("[data-section=flip] vscode-button[data-intent=flip]").click();
  const sentence = panel.locator("[data-test=flip-sentence][data-found=true]");
  await sentence.waitFor();
  expect(await sentence.innerText()).toMatch(/^positive 9\d\.\d % → negative \d\d\.\d % without \d words\.$/);
  await workbench.screenshot("smallest-change");
  await panel.locator("vscode-button[data-intent=applyFlip]").focus();
  await workbench.page.keyboard.press("Enter");
  await panel.locator("[data-test=what-if][data-edited=true]").waitFor();
  await workbench.panelIn("done");
  expect(await panel.locator("[data-test=what-if]").innerText()).toMatch(/^positive .* → negative /);
  // It was about the sample as it was.
  expect(await sentence.count()).toBe(0);
  await panel.locator("[data-intent=reset]").click();
  await panel.locator("[data-test=what-if][data-edited=false]").waitFor();
  expect(await score()).toBe(before);
}, 90_000);

test("a class minus another, and each input alone", async () => {
  await workbench.panelIn("done");
  await panel.locator("vscode-dropdown[data-intent=versus]").click();
  await panel.locator("vscode-dropdown[data-intent=versus] vscode-option", { hasText: "negative" }).click();
  await panel.locator(".ep-explains", { hasText: "positive − negative" }).waitFor();
  await workbench.panelIn("done");
  await panel.locator("[data-intent=isolated]").click();
  expect(await panel.locator("[data-test=isolated-sentence]").innerText()).toContain("Moved together they change the score by");
}, 90_000);

test("a pinned answer beside that of another row", async () => {
  await workbench.panelIn("done");
  await panel.locator("[data-intent=pin]").click();
  await panel.locator("[data-section=comparison]").waitFor();
  await panel.locator("vscode-button[aria-label='Next row']").click();
  await panel.locator("[data-section=comparison] h3", { hasText: "Shown: row 1" }).waitFor();
  expect(await panel.locator("[data-rank-correlation]").first().getAttribute("data-rank-correlation")).toMatch(/^-?[01]/);
  await panel.locator("[data-intent=unpin]").click();
  await expect.poll(() => panel.locator("[data-section=comparison]").count(), patience).toBe(0);
}, 90_000);

test("the table of samples: what the model says of each row, and a row explained from there", async () => {
  await workbench.panelIn("done");
  await panel.locator("[data-section=samples] > summary").click();
  await panel.locator("[data-sample='4']").waitFor();
  expect(await panel.locator("[data-sample]").count()).toBe(10);
  await panel.locator("[data-sort=score]").click();
  await panel.locator("[data-sort=score]", { hasText: "↑" }).waitFor();
  await panel.locator("[data-go='4']").click();
  await expect.poll(() => panel.locator("[data-test=row]").innerText(), patience).toBe("4");
  await panel.locator("tr.current[data-sample='4']").waitFor();
}, 90_000);

test("layers and units, back and forward", async () => {
  await workbench.panelIn("done");
  await panel.locator("[data-layer][data-path='profile_encoder.relu']").click();
  await workbench.panelIn("done");
  await panel.locator("[data-section=units] [role=button][data-key='2']").first().click();
  await panel.locator("nav.crumbs li", { hasText: "unit 2" }).waitFor();
  await workbench.panelIn("done");
  await panel.locator("[data-intent=back]").click();
  await expect.poll(() => panel.locator("nav.crumbs li").count(), patience).toBe(2);
  await workbench.panelIn("done");
  await panel.locator("[data-intent=forward]").click();
  await panel.locator("[data-test=unit][data-unit-index='2']").waitFor();
}, 90_000);

test("a chart is saved as a picture", async () => {
  await workbench.panelIn("done");
  const file = join(workbench.examples, "review-profile", "model-input-profile.svg");
  rmSync(file, { force: true });
  await panel.locator("[data-picture='input/profile'][data-format=svg]").click();
  await workbench.page.locator(".quick-input-widget").getByText("Save the picture").first().waitFor();
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => existsSync(file), patience).toBe(true);
  expect(readFileSync(file, "utf8")).toMatch(/^<svg [\s\S]*exclamation marks[\s\S]*<\/svg>$/);
}, 60_000);
