import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { chain, ownWeight } from "../../scripts/bench/chain.js";
import { encodeModel } from "../../src/graph/encode.js";
import { serializeModel } from "../../src/onnx/parse.js";
import { packagedExtension } from "../e2e/harness/vsix.js";
import { Workbench } from "../e2e/harness/workbench.js";
import type { Line } from "./line.js";

/** VS Code's own start is not ours to measure. */
const settleMilliseconds = 6000;
const nodes = 5000;
const width = 4;
const warmRows = [4, 5, 6, 7, 8];
const edits = 9;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/** In the page: settles in the frame after the selector has matched. */
async function painted(frame: Frame, selector: string): Promise<void> {
  await frame.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (document.querySelector(wanted) === null) return void requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(resolve));
        };
        look();
      }),
    selector,
  );
}

/** From the key that stands for the command of the palette to the answer in the panel that is open: the page itself watches for it. */
async function answeredIn(workbench: Workbench, frame: Frame, key: string, row: number): Promise<number> {
  const shown = frame.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (document.querySelector("[data-test=row]")?.textContent !== wanted) return void requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(resolve));
        };
        look();
      }),
    String(row),
  );
  const started = performance.now();
  await workbench.page.keyboard.press(key);
  await shown;
  return performance.now() - started;
}

/** From the key to the answer in a panel that is not there yet. */
async function answered(workbench: Workbench, key: string, row: number): Promise<number> {
  const started = performance.now();
  await workbench.page.keyboard.press(key);
  for (;;) {
    for (const frame of workbench.page.frames()) {
      const shown = await frame.evaluate(() => document.querySelector("[data-test=row]")?.textContent ?? "").catch(() => "");
      if (shown !== String(row)) continue;
      await painted(frame, "[data-test=prediction-label]");
      return performance.now() - started;
    }
    if (performance.now() - started > 60_000) throw new Error(`row ${row} was not explained within a minute`);
  }
}

/** From a slider's event to the frame with the prediction of the edited sample. */
async function edited(frame: Frame, value: number): Promise<number> {
  return frame.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const outcome = document.querySelector("[data-test=what-if]");
        const slider = document.querySelector<HTMLInputElement>("input[type=range][data-position='1']");
        if (outcome === null || slider === null) throw new Error("there is nothing to edit");
        const started = performance.now();
        const seen = new MutationObserver(() => {
          seen.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
        });
        seen.observe(outcome, { attributes: true, attributeFilter: ["data-now"] });
        slider.value = String(wanted);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    value,
  );
}

/** What "Developer: Show Running Extensions" says of ours. */
async function activation(workbench: Workbench): Promise<number> {
  await workbench.runCommand("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "Explain Prediction" }).first();
  await row.waitFor();
  const time = /(\d+)\s*ms/u.exec(await row.locator(".activation-time").innerText())?.[1];
  await workbench.closeEditors();
  return Number(time ?? NaN);
}

/** From the choice in the Explorer's menu to the outline of the layers. */
async function modelView(workbench: Workbench): Promise<number> {
  const row = await workbench.explorerRow("bench/deep.onnx");
  await row.click({ button: "right" });
  const entry = workbench.page.locator(".monaco-menu .action-label").getByText("Open model view", { exact: true });
  await entry.waitFor();
  // A menu ignores a button that is released just after it opened.
  await workbench.page.waitForTimeout(1000);
  const started = performance.now();
  await entry.click();
  const frame = await workbench.frameWith("body[data-view=model] .outline [data-path]");
  await painted(frame, ".outline [data-path]");
  return performance.now() - started;
}

/** The packaged extension in the real VS Code. */
export async function workbenchLines(): Promise<Line[]> {
  const workbench = await Workbench.start(await packagedExtension());
  try {
    const file = (name: string): string => join(workbench.examples, "diabetes", name);
    const ask = (row: number): object => ({ model: file("model.onnx"), samples: file("samples.csv"), rows: [row] });
    workbench.server.setKeybindings([3, ...warmRows].map((row) => ({ key: `ctrl+alt+${row}`, command: "explainPrediction.explain", args: ask(row) })));
    mkdirSync(join(workbench.examples, "bench"));
    writeFileSync(join(workbench.examples, "bench/deep.onnx"), serializeModel(encodeModel(chain(nodes / 4, width, ownWeight(width)))));
    await workbench.reload();
    await workbench.page.waitForTimeout(settleMilliseconds);
    const cold = await answered(workbench, "Control+Alt+3", 3);
    const panel = await workbench.panelIn("done");
    const warm: number[] = [];
    for (const row of warmRows) {
      warm.push(await answeredIn(workbench, panel, `Control+Alt+${row}`, row));
      await workbench.panelIn("done");
    }
    const repaints: number[] = [];
    for (let i = 0; i < edits; i++) {
      repaints.push(await edited(panel, 90 + 7 * i));
      await workbench.panelIn("done");
    }
    const activated = await activation(workbench);
    const opened = await modelView(workbench);
    const ms = (name: string, value: number, most: number, note?: string): Line => ({
      name,
      goal: `≤ ${most} ms`,
      value,
      most,
      unit: "ms",
      ...(note === undefined ? {} : { note }),
    });
    return [
      ms("diabetes, command to painted result, cold", cold, 1500),
      ms("diabetes, command to painted result, warm", median(warm), 300, `${Math.min(...warm).toFixed(0)} … ${Math.max(...warm).toFixed(0)} ms`),
      ms("diabetes, edit to repaint", median(repaints), 50, `${Math.min(...repaints).toFixed(0)} … ${Math.max(...repaints).toFixed(0)} ms`),
      ms("activation", activated, 30),
      ms(`model view of ${nodes} nodes opened`, opened, 1000),
    ];
  } finally {
    await workbench.dispose();
  }
}
