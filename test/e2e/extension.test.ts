import { appendFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { creditsIn, creditsOf, differences, explainByCommandLine } from "./harness/panelNumbers.js";
import { packagedExtension } from "./harness/vsix.js";
import { themes, Workbench, type ThemeName } from "./harness/workbench.js";

/** The packaged extension in the real VS Code, used as a person uses it. The tests share a window, as a person's errands do. */

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension());
}, 180_000);
afterAll(async () => {
  await workbench.dispose();
});
beforeEach(async () => {
  await workbench.closeEditors();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

const model = "examples/diabetes/model.onnx";
const samples = "examples/diabetes/samples.csv";

async function chooseRow(row: number): Promise<void> {
  await workbench.waitForQuickPick(/Row of samples/);
  await workbench.typeInQuickPick(String(row));
  await workbench.pickItem(`Row ${row}`);
}

/** Opens the panel of a row by a right-click on the sample file: only the row is asked. */
async function explainRow(row: number): Promise<Frame> {
  await workbench.explorerContext("diabetes/samples.csv", "Explain prediction");
  await chooseRow(row);
  const panel = await workbench.panelIn("done");
  await panel.locator(`[data-test=row]`).getByText(String(row)).first().waitFor();
  return panel;
}

/** The units' bars as the page holds them: unit index → full-precision credit. */
async function unitsIn(panel: Frame): Promise<Map<string, number>> {
  const bars = await panel
    .locator("[data-section=units] g[data-key][data-credit]")
    .evaluateAll((rows) => rows.map((row): [string, number] => [row.getAttribute("data-key") ?? "", Number(row.getAttribute("data-credit"))]));
  return new Map(bars);
}

test("palette: model, samples and row are asked, and the panel shows the numbers of the command line", async () => {
  await workbench.runCommand("Explain prediction");
  await workbench.waitForQuickPick(/Model whose prediction/);
  await workbench.pickItem("model.onnx", "diabetes");
  await workbench.waitForQuickPick(/Samples to choose from/);
  expect(await workbench.quickPickLabels()).toContain("Type values…");
  await workbench.pickItem("samples.csv");
  await chooseRow(3);
  const panel = await workbench.panelIn("done");
  await workbench.screenshot("palette");
  const byCommandLine = explainByCommandLine(model, samples, "--row", "3");
  expect(await panel.locator("[data-test=prediction-label]").innerText()).toContain("neg");
  expect(differences(await creditsIn(panel, "input/measurements"), creditsOf(byCommandLine, "measurements"))).toEqual([]);
  expect(await panel.locator("[data-layer]").count()).toBeGreaterThan(2);
}, 90_000);

test("right-click on a model: the last choice comes first, and Enter twice explains it again", async () => {
  await workbench.explorerContext("diabetes/model.onnx", "Explain prediction");
  await workbench.waitForQuickPick(/Samples to choose from/);
  expect((await workbench.quickPickLabels())[0]).toBe("samples.csv");
  await workbench.page.keyboard.press("Enter");
  await workbench.waitForQuickPick(/Row of samples/);
  await workbench.page.keyboard.press("Enter");
  const panel = await workbench.panelIn("done");
  expect(await panel.locator("[data-test=row]").innerText()).toMatch(/\b3\b/);
}, 90_000);

test("right-click on samples asks for the row only; another class, a layer and a unit are explained as by the command line", async () => {
  const panel = await explainRow(5);
  await panel.locator("[data-section] [role=button][data-target='1'], [role=button][data-target='1']").first().click();
  const ask = [model, samples, "--row", "5", "--target", "1"];
  await expect
    .poll(async () => differences(await creditsIn(panel, "input/measurements"), creditsOf(explainByCommandLine(...ask), "measurements")), { timeout: 30_000 })
    .toEqual([]);

  await workbench.panelIn("done");
  await panel.locator("[data-layer][data-path='sigmoid1']").click();
  const units = explainByCommandLine(...ask, "--method", "layerConductance", "--layer", "sigmoid1").results[0];
  const expected = new Map(Object.values(units?.attributions ?? {})[0]?.data.map((credit, i) => [String(i), credit]));
  await expect.poll(async () => differences(await unitsIn(panel), expected), { timeout: 30_000 }).toEqual([]);

  await workbench.panelIn("done");
  await panel.locator("[data-section=units] [role=button][data-key='3']").click();
  const drivers = explainByCommandLine(...ask, "--method", "neuronConductance", "--layer", "sigmoid1", "--neuron", "3");
  await expect.poll(async () => differences(await creditsIn(panel, "unit"), creditsOf(drivers, "measurements")), { timeout: 30_000 }).toEqual([]);
  await workbench.screenshot("unit");
}, 120_000);

test("typed values are explained without a file", async () => {
  await workbench.explorerContext("diabetes/model.onnx", "Explain prediction");
  await workbench.waitForQuickPick(/Samples to choose from/);
  await workbench.pickItem("Type values…");
  const field = workbench.page.locator(".quick-input-widget input[type=text]");
  await workbench.page.locator(".quick-input-widget").getByText("8 numbers, separated by commas or spaces").first().waitFor();
  await field.fill("4, 134, 72");
  await workbench.page.locator(".quick-input-widget").getByText("8 numbers are needed; these are 3.").waitFor();
  await field.fill("4 134 72 0 0 23.8 0.277 60");
  await workbench.page.keyboard.press("Enter");
  const panel = await workbench.panelIn("done");
  const byCommandLine = explainByCommandLine(model, "--input", "measurements=[4,134,72,0,0,23.8,0.277,60]");
  expect(differences(await creditsIn(panel, "input/measurements"), creditsOf(byCommandLine, "measurements"))).toEqual([]);
}, 90_000);

test("a file that is no model says so in the panel, and the next model is explained as ever", async () => {
  writeFileSync(join(workbench.examples, "broken.onnx"), "This is a text and no model.\n");
  await workbench.explorerContext("broken.onnx", "Explain prediction");
  const failed = await workbench.panelIn("failed");
  expect(await failed.locator("[data-code]").first().getAttribute("data-code")).toBe("NOT_A_MODEL");
  expect(await failed.locator("body").innerText()).not.toMatch(/\bat .*\.cjs|Error:/);
  await workbench.screenshot("broken-model");
  await workbench.closeEditors();
  await explainRow(0);
}, 90_000);

test("a model in the runtime's own format is refused with the reason", async () => {
  writeFileSync(join(workbench.examples, "compiled.ort"), "ORTM");
  await workbench.explorerContext("compiled.ort", "Explain prediction");
  await workbench.page
    .locator(".notifications-toasts")
    .getByText(/can be run but not differentiated/)
    .waitFor();
}, 60_000);

test("what takes long is cancelled from the panel, and works again afterwards", async () => {
  const file = (name: string): string => join(workbench.examples, "diabetes", name);
  const args = { model: file("model.onnx"), samples: file("samples.csv"), rows: [1], options: { rule: "riemann_middle", steps: 10_000_000 } };
  workbench.server.setKeybindings([{ key: "ctrl+alt+8", command: "explainPrediction.explain", args }]);
  await workbench.reload();
  await expect
    .poll(
      async () => {
        await workbench.page.keyboard.press("Control+Alt+8");
        return workbench.page.locator(".tab", { hasText: "Explain: model.onnx" }).count();
      },
      { timeout: 30_000, interval: 2000 },
    )
    .toBe(1);
  const panel = await workbench.panelIn("running");
  await workbench.screenshot("running");
  await panel.locator("[data-intent=cancel]").click();
  await workbench.panelIn("cancelled");
  await workbench.screenshot("cancelled");
  await workbench.closeEditors();
  await explainRow(2);
}, 120_000);

test("a model that changes on disk marks its explanation as old, and explaining again clears it", async () => {
  const panel = await explainRow(0);
  const file = join(workbench.examples, "diabetes/model.onnx");
  utimesSync(file, new Date(), new Date());
  await workbench.panelIn("stale");
  await workbench.screenshot("stale");
  await panel.locator("[data-intent=retry]").click();
  await workbench.panelIn("done");
}, 90_000);

test("a sample that lost a column fails by name and stays in sight with what was known", async () => {
  const file = join(workbench.examples, "diabetes/short.csv");
  writeFileSync(file, "pregnant,glucose\n");
  appendFileSync(file, "1,2\n3,4\n");
  await workbench.explorerContext("diabetes/short.csv", "Explain prediction");
  const failed = await workbench.panelIn("failed");
  expect(await failed.locator("body").innerText()).toContain("short.csv");
  expect(await failed.locator("[data-code]").first().getAttribute("data-code")).toBe("COLUMN_MISSING");
}, 60_000);

test("after the window was reloaded the panel is there again with the same numbers", async () => {
  const before = await creditsIn(await explainRow(7), "input/measurements");
  await workbench.reload();
  const panel = await workbench.panelIn("done");
  expect(differences(await creditsIn(panel, "input/measurements"), before)).toEqual([]);
  expect(await panel.locator("[data-test=row]").innerText()).toMatch(/\b7\b/);
}, 120_000);

test("every theme, narrow and wide, is seen without a violation of the page's policy", async () => {
  const violations: string[] = [];
  workbench.page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text()) && /webview\.js|panel\.css|inline/.test(message.text())) violations.push(message.text());
  });
  await explainRow(4);
  for (const theme of Object.keys(themes) as ThemeName[]) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`theme-${theme}`);
  }
  await workbench.setTheme("dark");
  await workbench.page.setViewportSize({ width: 760, height: 900 });
  await workbench.screenshot("narrow");
  await workbench.page.setViewportSize({ width: 1900, height: 1000 });
  await workbench.screenshot("wide");
  await workbench.page.setViewportSize({ width: 1400, height: 900 });
  expect(violations).toEqual([]);
}, 120_000);
