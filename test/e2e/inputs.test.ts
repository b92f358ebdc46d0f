import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { creditsIn, creditsOf, differences, explainByCommandLine } from "./harness/panelNumbers.js";
import { packagedExtension } from "./harness/vsix.js";
import { Workbench } from "./harness/workbench.js";

/** Inputs people have, in the real VS Code: examples with one click, columns that are chosen, a sidecar that is written. */

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
  await workbench.screenshot(`${task.result?.state === "fail" ? "failed" : "inputs"}-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

async function writeSidecar(): Promise<void> {
  await workbench.runCommand("Explain Prediction: Write sidecar (what the model's files don't say)");
  await workbench.waitForQuickPick(/Model whose prediction/);
  await workbench.pickItem("model.onnx", "stories");
  await workbench.page.locator(".tab.active", { hasText: "model.explain.json" }).waitFor();
}

const field = ".quick-input-widget input[type=text]";

test("open example: a transformer that reads two texts, and says whether it is right", async () => {
  await workbench.runCommand("Explain Prediction: Open example");
  await workbench.waitForQuickPick(/Example to explain/);
  const offered = await workbench.quickPickLabels();
  expect(["Diabetes", "Review and profile", "Digits", "Story", "Speech"].filter((name) => !offered.includes(name))).toEqual([]);
  await workbench.pickItem("Story");
  // Its layers may take longer; the answer does not wait for them.
  const panel = await workbench.panelFrame();
  await panel.locator("[data-test=prediction-label]", { hasText: "bedroom" }).waitFor({ timeout: 60_000 });
  expect(await panel.locator("[data-test=truth]").innerText()).toBe("The true answer is bedroom: the prediction is right");
  const words = await panel.locator("[data-section='input/input_ids'] .ep-token").allInnerTexts();
  // Pieces are words again, and both texts stand in their order.
  expect(words).toContain("journeyed");
  expect(words.indexOf("Daniel")).toBeLessThan(words.lastIndexOf("Daniel"));
}, 90_000);

test("open example: a sound", async () => {
  await workbench.runCommand("Explain Prediction: Open example");
  await workbench.waitForQuickPick(/Example to explain/);
  await workbench.pickItem("Speech");
  const panel = await workbench.panelFrame();
  await panel.locator("[data-test=truth]", { hasText: "The true answer is speech" }).waitFor({ timeout: 60_000 });
  expect(Number(await panel.locator("[data-test=check-score]").getAttribute("data-value"))).toBeGreaterThan(0.5);
}, 90_000);

test("open example: a digit, what is predicted without its lower half, and the digit put back", async () => {
  await workbench.runCommand("Explain Prediction: Open example");
  await workbench.waitForQuickPick(/Example to explain/);
  await workbench.pickItem("Digits");
  const panel = await workbench.panelIn("done");
  const label = panel.locator("[data-test=prediction-label]");
  const digit = await label.innerText();
  const picture = panel.locator("[data-image='input/image'] [data-kind=heat]");
  await picture.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await picture.boundingBox()) ?? expect.fail("the picture is not in sight");
  await workbench.page.mouse.move(x + width / 16, y + (9 * height) / 16);
  await workbench.page.mouse.down();
  await workbench.page.mouse.move(x + (15 * width) / 16, y + (15 * height) / 16, { steps: 5 });
  await workbench.page.mouse.up();
  await panel.locator("[data-region-of='input/image']", { hasText: "Columns 0 to 7, lines 4 to 7" }).waitFor();
  await panel.locator("[data-region-tools='input/image'] vscode-button", { hasText: "Remove region" }).click();
  await panel.locator("[data-test=what-if][data-edited=true]").waitFor();
  expect(await label.innerText()).not.toBe(digit);
  const outcome = panel.locator("[data-test=what-if]");
  expect(Number(await outcome.getAttribute("data-now"))).toBeLessThan(Number(await outcome.getAttribute("data-before")));
  await workbench.screenshot("digit-without-lower-half");
  await panel.locator("[data-region-tools='input/image'] [data-intent=reset]").click();
  await panel.locator("[data-test=what-if][data-edited=false]").waitFor();
  expect(await label.innerText()).toBe(digit);
}, 90_000);

test("columns that nothing tells apart are chosen in the panel, and chosen otherwise later", async () => {
  const folder = join(workbench.examples, "patients");
  mkdirSync(folder);
  copyFileSync(join(workbench.examples, "diabetes/model.onnx"), join(folder, "model.onnx"));
  const names = ["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"];
  writeFileSync(join(folder, "visits.csv"), `${[...names, "weight"].join(",")}\n4,134,72,0,0,23.8,0.277,60,70\n`);
  await workbench.explorerContext("patients/model.onnx", "Explain prediction");
  await workbench.waitForQuickPick(/Samples to choose from/);
  await workbench.pickItem("visits.csv");
  const failed = await workbench.panelIn("failed");
  expect(await failed.locator("[data-code]").first().getAttribute("data-code")).toBe("COLUMNS_AMBIGUOUS");
  await failed.locator("vscode-button[data-intent=columns]").click();
  await workbench.page.locator(field).fill([...names.slice(0, 7), "size"].join(", "));
  await workbench.page.locator(".quick-input-widget").getByText("The file has no column size.").first().waitFor();
  await workbench.page.locator(field).fill(names.join(", "));
  await workbench.page.keyboard.press("Enter");
  const panel = await workbench.panelIn("done");
  const model = "examples/diabetes/model.onnx";
  const asFile = explainByCommandLine(model, "examples/diabetes/samples.csv", "--baseline", "zero");
  expect(differences(await creditsIn(panel, "input/measurements"), creditsOf(asFile, "measurements"))).toEqual([]);

  await panel.locator("[data-section=mapping] > summary").click();
  expect(await panel.locator("[data-test=mapping] td").innerText()).toBe(names.join(", "));
  await panel.locator("[data-section=mapping] vscode-button[data-intent=columns]").click();
  await workbench.page.locator(field).fill([...names.slice(0, 7), "weight"].join(", "));
  await workbench.page.keyboard.press("Enter");
  await panel.locator("[data-test=mapping] td", { hasText: "weight" }).waitFor();
  await workbench.panelIn("done");
  expect([...(await creditsIn(panel, "input/measurements")).keys()]).toContain("weight");
}, 120_000);

test("write sidecar: what was inferred, with comments, opens beside the model; the model explains with it", async () => {
  const folder = join(workbench.examples, "stories");
  mkdirSync(folder);
  for (const name of ["model.onnx", "tokenizer.json", "samples.csv"]) copyFileSync(join(workbench.examples, "story", name), join(folder, name));
  await writeSidecar();
  const text = readFileSync(join(folder, "model.explain.json"), "utf8");
  expect(text).toContain('"input_ids": { "role": "tokens", "columns": ["question", "context"], "tokenizer": "tokenizer.json" },');
  expect(text).toContain('"label": "place"');
  // A sidecar that is there is opened, never written over.
  writeFileSync(join(folder, "model.explain.json"), text.replace('["question", "context"]', '["context", "question"]'));
  await workbench.closeEditors();
  await writeSidecar();
  expect(readFileSync(join(folder, "model.explain.json"), "utf8")).toContain('["context", "question"]');
}, 90_000);

test("a model that no gradient goes through is explained all the same, word by word", async () => {
  const folder = join(workbench.examples, "reviews");
  mkdirSync(folder);
  for (const name of ["model.onnx", "samples.csv"]) copyFileSync(join("test/fixtures/text", name), join(folder, name));
  await workbench.explorerContext("reviews/model.onnx", "Explain prediction");
  await workbench.waitForQuickPick(/Samples to choose from/);
  await workbench.pickItem("samples.csv");
  await workbench.waitForQuickPick(/Row of samples/);
  await workbench.pickItem("Row 0");
  const panel = await workbench.panelIn("done");
  expect(await panel.locator("vscode-dropdown[data-intent=method]").getAttribute("value")).toBe("kernelShap");
  const words = panel.locator("[data-section='input/text'] .ep-token");
  expect(await words.allInnerTexts()).toEqual(["good", "movie", "great", "fun"]);
  const credits = (await words.evaluateAll((all) => all.map((word) => Number(word.getAttribute("data-credit"))))).map(Math.sign);
  expect(credits).toEqual([1, -1, 1, 1]);
  expect(await panel.locator("[data-section=diagnostics]").innerText()).toContain("so kernelShap explains it");
  // A word taken out of the text changes the prediction.
  const before = Number(await panel.locator("[data-test=check-score]").getAttribute("data-value"));
  await words.nth(2).click({ modifiers: ["Alt"] });
  await panel.locator("[data-test=what-if][data-edited=true]").waitFor();
  await workbench.panelIn("done");
  expect(Number(await panel.locator("[data-test=check-score]").getAttribute("data-value"))).toBeLessThan(before);
}, 90_000);
