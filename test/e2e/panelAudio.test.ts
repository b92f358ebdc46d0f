import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { present } from "../../src/base/assert.js";
import { panelBrowser, themesAndWidths } from "./panelBrowser.js";
import { output, stateOf, violations } from "./panelPage.js";
import { tone } from "./panelSamples.js";

/** A sound with its credit along time, by pointer and by keyboard, in every theme. */

const { openPanel } = panelBrowser();

test.each(themesAndWidths)("a sound in %s at %d pixels: looked at, told by pointer and key, one form alone", async (theme, width) => {
  const panel = await openPanel(theme, width);
  const { page, problems } = panel;
  await panel.show(stateOf(tone()));
  const section = page.locator("[data-section='input/wave']");
  const told = section.locator("[data-readout='sound/input/wave']");
  await section.locator(".ep-sound").focus();
  await page.keyboard.press("End");
  expect(await told.innerText()).toMatch(/^0\.499–0\.500 s: /);
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  expect(await told.innerText()).toMatch(/^0\.004–0\.006 s: \+/);
  expect(await section.locator(".ep-current").evaluateAll((marked) => marked.map((one) => one.getAttribute("data-stretch")))).toEqual(["68", "68"]);
  await page.screenshot({ path: `${output}/sound-${theme}-${width}.png`, fullPage: true });

  const chart = present(await section.locator(".ep-waveform").boundingBox(), "the waveform");
  await page.mouse.move(chart.x + chart.width / 2, chart.y + 20);
  expect(await told.innerText()).toMatch(/^0\.2(4\d|50)–0\.25\d s: \+/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);

  await section.locator("[data-look='input/wave/form'][data-value=spectrogram]").click();
  await section.locator(".ep-waveform").waitFor({ state: "detached" });
  expect(await section.locator(".ep-spectrogram").count()).toBe(1);
  expect(problems).toEqual([]);
  await page.close();
});
