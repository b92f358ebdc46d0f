import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { creditsIn, creditsOf, differences, explainByCommandLine } from "./harness/panelNumbers.js";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** The packaged extension in the real VS Code, used as a person uses it. The tests share a window, as a person's errands do. */

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension());
}, 180_000);
afterAll(async () => {
  await workbench.dispose();
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
