import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** Many samples in the real VS Code with the real engine behind: the rows that the table's filter leaves, summed up while the panel goes on. */

let workbench: Workbench;
let panel: Frame;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension());
  await workbench.runCommand("Explain prediction");
  await workbench.waitForQuickPick(/Model whose prediction/);
  await workbench.pickItem("model.onnx", "diabetes");
  await workbench.waitForQuickPick(/Samples to choose from/);
  await workbench.pickItem("samples.csv");
  await workbench.waitForQuickPick(/Row of samples/);
  await workbench.pickItem("Row 0");
  panel = await workbench.panelIn("done");
}, 240_000);
afterAll(async () => {
  await workbench.dispose();
});
afterEach(async ({ task }) => {
  await workbench.screenshot(`${task.result?.state === "fail" ? "failed" : "many"}-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

const patience = { timeout: 60_000 };
const importance = "[data-section=many] .many-figure:first-child g[data-label]";

test("all rows are explained and summed up, a dot explains its row, and another method forgets them", async () => {
  await panel.locator("[data-section=samples] > summary").click();
  await panel.locator("vscode-button[data-value=start]", { hasText: "Explain these 231 rows" }).click(patience);
  await expect.poll(() => panel.locator("[data-section=many] > summary").innerText(), patience).toContain("231 rows");
  expect(await panel.locator(importance).count()).toBe(8);
  expect(await panel.locator(importance).first().getAttribute("data-label")).toBe("glucose");
  await panel.locator("vscode-dropdown[data-look='many/group']").click();
  await panel.locator("vscode-dropdown[data-look='many/group'] vscode-option", { hasText: "pos (65)" }).click();
  await expect.poll(() => panel.locator("[data-swarm=glucose]").getAttribute("data-count"), patience).toBe("65");
  await panel.locator("[data-dots]").focus();
  await workbench.page.keyboard.press("ArrowRight");
  const row = (await panel.locator("[data-dots] .ep-current").getAttribute("data-key")) ?? "";
  await workbench.page.keyboard.press("Enter");
  await expect.poll(() => panel.locator("[data-test=row]").innerText(), patience).toBe(row);
  await workbench.panelIn("done");
  expect(await panel.locator("[data-swarm=glucose]").getAttribute("data-count")).toBe("65");
  await panel.locator("vscode-dropdown[data-intent=method]").click();
  await panel.locator("vscode-dropdown[data-intent=method] vscode-option", { hasText: "Saliency" }).click();
  await expect.poll(() => panel.locator("[data-section=many]").count(), patience).toBe(0);
}, 180_000);

test("wrong ones only", async () => {
  await workbench.panelIn("done");
  await panel.locator("vscode-button[data-look='table/only'][data-value=wrong]").click();
  await panel.locator("vscode-button[data-value=start]", { hasText: "Explain these 61 rows" }).click(patience);
  await expect.poll(() => panel.locator("[data-section=many] > summary").innerText(), patience).toContain("61 rows");
  expect(await panel.locator("[data-section=many] .ep-facts").innerText()).toContain("61 (wrong ones)");
}, 120_000);
