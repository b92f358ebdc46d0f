import type { Browser } from "playwright-core";
import { creditsOfSize } from "./views.js";
import { bundleWebview, openPanel, startBrowser, stateOf, type PanelPage } from "../e2e/panelPage.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import type { Line } from "./line.js";

const rounds = 7;

/** From the message to the frame in which the page shows it. */
async function drawn({ page }: PanelPage, parts: ViewParts): Promise<number> {
  const state = stateOf(parts);
  return page.evaluate(
    (message) =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        // The page's own listener came first: once this one hears the message, the panel is written, and the next frame shows it.
        window.addEventListener("message", () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started))), { once: true });
        window.postMessage(message, "*");
      }),
    { kind: "state", state },
  );
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

async function timed(browser: Browser, script: string, name: string, parts: (round: number) => ViewParts): Promise<Line> {
  const panel = await openPanel(browser, script, "dark", 900);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await drawn(panel, parts(round)));
  await panel.page.close();
  return { name, goal: "≤ 50 ms", value: median(times), most: 50, unit: "ms", note: `first ${(times[0] ?? NaN).toFixed(0)} ms` };
}

/** How long the panel's page takes to draw, in a browser without VS Code; every round other numbers. */
export async function drawingLines(): Promise<Line[]> {
  const [browser, script] = await Promise.all([startBrowser(), bundleWebview()]);
  try {
    return [
      await timed(browser, script, "512 tokens drawn", (round) => creditsOfSize.tokens(512, round)),
      await timed(browser, script, "784 pixels drawn", (round) => creditsOfSize.pixels(28, round)),
      await timed(browser, script, "2,000 neurons drawn", (round) => creditsOfSize.neurons(2000, round)),
      await timed(browser, script, "8 features drawn anew", (round) => creditsOfSize.features(8, round)),
    ];
  } finally {
    await browser.close();
  }
}
