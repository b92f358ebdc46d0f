import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { makePythonExtension } from "./harness/pythonExtension.js";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** Models that are not ONNX yet: from a right-click on Python source to an answer. The parts with PyTorch run where EXPLAIN_PYTHON names an interpreter that has it. */

const withTorch = process.env["EXPLAIN_PYTHON"];
const folder = mkdtempSync(join(tmpdir(), "explain-python-"));
/** An interpreter without any package, or a path where none is. */
const bare = join(folder, "bare");
const hasPython = spawnSync("python3", ["-m", "venv", "--without-pip", bare]).status === 0;

const pythonExtension = makePythonExtension(folder);

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension(), undefined, [pythonExtension.vsix]);
  await workbench.runCommand("Explain Prediction: Clear credit from editors");
}, 180_000);
afterAll(async () => {
  await workbench.dispose();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await workbench.closeEditors();
  await workbench.runCommand("Notifications: Clear All Notifications");
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

const dialog = (): Locator => workbench.page.locator(".monaco-dialog-box");
const notice = (text: string | RegExp): Locator => workbench.page.locator(".notifications-toasts .notification-list-item", { hasText: text });

/** The workspace's own setting: an interpreter is of one machine, so the user's settings for all of them don't name it. A window that opens reads it. */
async function usePython(python: string): Promise<void> {
  const home = join(workbench.examples, ".vscode");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "settings.json"), JSON.stringify({ "explainPrediction.python": python }));
  await workbench.reload();
}

test("an interpreter without PyTorch is named, with the command that installs it there", async () => {
  await usePython(bare);
  await workbench.explorerContext("diabetes/network.py", "Explain PyTorch model…");
  await notice(/python/i).waitFor({ timeout: 30_000 });
  expect(await notice(/python/i).innerText()).toMatch(
    hasPython ? /bin\/python does not have torch, onnx and onnxscript\.\s+Install them: \S+bin\/python -m pip install torch onnx onnxscript/ : /does not run/,
  );
  await workbench.screenshot("export-no-torch");
  expect(
    await notice(/python/i)
      .locator(".monaco-button")
      .allInnerTexts(),
  ).toEqual(hasPython ? ["Copy command", "Choose interpreter", "Show log"] : ["Choose interpreter"]);
  expect(existsSync(join(workbench.examples, ".explain"))).toBe(false);
});

test("the Python extension's interpreter comes before the setting's", async () => {
  const other = join(folder, "other");
  const program = join(other, "bin", "python");
  if (hasPython) expect(spawnSync("python3", ["-m", "venv", "--without-pip", other]).status).toBe(0);
  pythonExtension.select(program);
  await workbench.explorerContext("diabetes/network.py", "Explain PyTorch model…");
  await notice(program).waitFor({ timeout: 30_000 });
  expect(await notice(program).innerText()).toMatch(hasPython ? /does not have torch/ : /chosen in the Python extension\) does not run/);
  pythonExtension.select("");
});

test("a Python file without a model does not offer it", async () => {
  writeFileSync(join(workbench.examples, "plain.py"), "print('nothing to see')\n");
  const row = await workbench.explorerRow("plain.py");
  await row.click({ button: "right" });
  await workbench.page.locator(".monaco-menu .action-label").getByText("Rename...", { exact: true }).waitFor();
  expect(await workbench.page.locator(".monaco-menu .action-label").getByText("Explain PyTorch model…").count()).toBe(0);
  await workbench.page.keyboard.press("Escape");
});

if (withTorch !== undefined)
  test("a class with its weights is shown, exported and explained, once; its layers have their lines", async () => {
    const source = join(workbench.examples, "diabetes", "network.py");
    const weights =
      "import sys, torch; from network import DiabetesNetwork; torch.save(DiabetesNetwork(torch.zeros(8), torch.ones(8)).state_dict(), 'network.pt')";
    expect(spawnSync(withTorch, ["-c", weights], { cwd: join(source, "..") }).status).toBe(0);
    await usePython(withTorch);
    await exportOnce();
    await dialog().waitFor();
    expect(await dialog().innerText()).toMatch(
      /Run network\.py to make an ONNX file of it\?[^]*Model: DiabetesNetwork[^]*Weights: \S+network\.pt[^]*Python: \S+/,
    );
    await workbench.screenshot("export-consent");
    await dialog().locator(".monaco-button", { hasText: "Export" }).click();
    await workbench.page
      .locator(".quick-input-widget")
      .getByPlaceholder(/Row of samples/)
      .waitFor({ timeout: 150_000 });
    await workbench.pickItem("Row 3");
    const panel = await workbench.panelIn("done");
    await panel.locator("text=/network\\.py:11/").first().waitFor({ state: "attached", timeout: 60_000 });
    await workbench.screenshot("export-explained");
    expect(readdirSync(join(workbench.examples, ".explain", "diabetes"))).toHaveLength(1);
    // The same again: nothing is asked to run.
    await workbench.closeEditors();
    await exportOnce();
    await workbench.waitForQuickPick(/Row of samples/);
    expect(await dialog().count()).toBe(0);
    await workbench.page.keyboard.press("Escape");
    // A change of the source asks anew.
    copyFileSync(source, `${source}.before`);
    writeFileSync(source, `# changed\n${String(spawnSync("cat", [`${source}.before`]).stdout)}`);
    await exportOnce();
    await dialog().waitFor();
    await dialog().locator(".monaco-button", { hasText: "Cancel" }).click();
    expect(readdirSync(join(workbench.examples, ".explain", "diabetes"))).toHaveLength(1);
  }, 400_000);

if (withTorch !== undefined)
  test("what a model needs and nothing says is asked for", async () => {
    const source = [
      "from torch import nn",
      "class Filter(nn.Module):",
      "    def __init__(self, channels: int):",
      "        super().__init__()",
      "        self.convolution = nn.Conv2d(channels, 4, 3)",
      "    def forward(self, x):",
      "        return self.convolution(x).mean(dim=(2, 3)).softmax(dim=1)",
    ];
    writeFileSync(join(workbench.examples, "filter.py"), source.join("\n"));
    await usePython(withTorch);
    await workbench.explorerContext("filter.py", "Explain PyTorch model…");
    await workbench.waitForQuickPick(/Weights of the model/);
    await workbench.pickItem("Without a file");
    await workbench.waitForQuickPick(/Samples to export/);
    await workbench.pickItem("Without samples");
    await dialog().locator(".monaco-button", { hasText: "Export" }).click();
    await answer("Filter: channels (1 of 1)", "1");
    await answer("filter.py: x (1 of 1)", "1, 6, 6");
    await workbench.page
      .locator(".quick-input-widget")
      .getByPlaceholder(/Samples to choose from/)
      .waitFor({ timeout: 150_000 });
    expect(readdirSync(join(workbench.examples, ".explain")).filter((name) => /^[0-9a-f]{12}$/.test(name))).toHaveLength(1);
    await workbench.page.keyboard.press("Escape");
  }, 400_000);

if (withTorch !== undefined)
  test("a saved program of torch.export is offered, shown before it runs, and explained", async () => {
    const save = [
      "import torch; from network import DiabetesNetwork",
      "network = DiabetesNetwork(torch.zeros(8), torch.ones(8)).eval()",
      "batch = torch.export.Dim('batch')",
      "torch.export.save(torch.export.export(network, (torch.zeros(2, 8),), dynamic_shapes={'measurements': {0: batch}}), 'saved.pt2')",
    ];
    expect(spawnSync(withTorch, ["-c", save.join("\n")], { cwd: join(workbench.examples, "diabetes") }).status).toBe(0);
    await usePython(withTorch);
    await workbench.explorerContext("diabetes/saved.pt2", "Explain PyTorch model…");
    await workbench.waitForQuickPick(/Samples to export/);
    await workbench.pickItem("samples.csv");
    await dialog().waitFor();
    expect(await dialog().innerText()).toMatch(/Run saved\.pt2 to make an ONNX file of it\?[^]*File: \S+saved\.pt2[^]*Python: \S+/);
    await workbench.screenshot("export-saved-program");
    await dialog().locator(".monaco-button", { hasText: "Export" }).click();
    await workbench.page
      .locator(".quick-input-widget")
      .getByPlaceholder(/Row of samples/)
      .waitFor({ timeout: 150_000 });
    await workbench.pickItem("Row 3");
    await workbench.panelIn("done");
    await workbench.screenshot("export-saved-explained");
  }, 400_000);

/** Types into the question with this title. */
async function answer(title: string, text: string): Promise<void> {
  await workbench.page.locator(".quick-input-title", { hasText: title }).waitFor({ timeout: 150_000 });
  await workbench.screenshot(`export-asks-${title.slice(0, 8).replaceAll(/\W+/g, "-")}`);
  await workbench.typeInQuickPick(text);
  await workbench.page.keyboard.press("Enter");
}

async function exportOnce(): Promise<void> {
  await workbench.explorerContext("diabetes/network.py", "Explain PyTorch model…");
  await workbench.waitForQuickPick(/Weights of the model/);
  await workbench.pickItem("network.pt");
  await workbench.waitForQuickPick(/Samples to export/);
  await workbench.pickItem("samples.csv");
}
