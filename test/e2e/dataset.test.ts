import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openSamples } from "../../src/data/samples.js";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** A data set from the palette: cancelled, continued, its summary in a panel. */

const rows = 20_000;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension());
}, 180_000);
afterAll(() => workbench.dispose());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

const notice = (text: string | RegExp): Locator => workbench.page.locator(".notifications-toasts .notification-list-item", { hasText: text });

/** From the palette to the answered question of where to write. */
async function ask(): Promise<void> {
  await workbench.runCommand("Explain Prediction: Explain dataset…");
  await workbench.waitForQuickPick(/Model whose/);
  await workbench.pickItem("model.onnx", "diabetes");
  await workbench.waitForQuickPick(/Data whose rows/);
  await workbench.pickItem("many.csv");
  await workbench.waitForQuickPick(/Where the rows/);
  await workbench.pickItem("On this machine");
  const field = workbench.page.locator(".quick-input-widget input[type=text]");
  await field.waitFor();
  await expect.poll(() => field.inputValue()).toContain("many.attributions.parquet");
  await workbench.page.keyboard.press("Enter");
}

test("a run is cancelled, continued where it stopped, and summed up in a panel", async () => {
  const folder = join(workbench.examples, "diabetes");
  const out = join(folder, "many.attributions.parquet");
  const [header = "", ...lines] = readFileSync(join(folder, "samples.csv"), "utf8").trim().split("\n");
  writeFileSync(join(folder, "many.csv"), `${[header, ...Array.from({ length: rows }, (_, i) => lines[i % lines.length] ?? "")].join("\n")}\n`);

  await ask();
  const running = notice(/of 20,000 rows \([1-9]/);
  await running.waitFor({ timeout: 90_000 });
  await workbench.screenshot("dataset-running");
  await running.getByText("Cancel", { exact: true }).click();
  await notice("Cancelled. The rows that are explained are kept.").waitFor({ timeout: 60_000 });
  expect(existsSync(out)).toBe(false);
  const kept = readdirSync(`${out}.parts`).filter((name) => name.endsWith(".jsonl"));
  expect(kept.length).toBeLessThan(14);
  await workbench.runCommand("Notifications: Clear All Notifications");

  await ask();
  const question = workbench.page.locator(".monaco-dialog-box", { hasText: "Continue the unfinished run?" });
  await question.waitFor();
  await question.getByText("Continue", { exact: true }).click();
  const report = await workbench.frameWith("[data-section=importance]");
  expect(await report.locator("[data-section=importance] [data-label]").count()).toBe(8);
  expect(await report.locator("[data-swarm=glucose]").count()).toBe(1);
  expect(await report.locator("[data-section=answers]").innerText()).toMatch(/of 20,000 predictions \(\d+\.\d %\) agree/);
  expect(await report.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(31, 31, 31)");
  await notice(/20,000 rows are explained in many\.attributions\.parquet/).waitFor();
  await workbench.screenshot("dataset-report");

  const table = await openSamples(out);
  expect(await table.count()).toBe(rows);
  const numbers = (await table.rows(0, rows)).map((row) => Number(row.cells["row"]));
  await table.close();
  expect(numbers).toEqual(Array.from({ length: rows }, (_, i) => i));
  expect(existsSync(`${out}.parts`)).toBe(false);
});
