import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chartStyle } from "../../../src/charts/style.js";
import { pageTheme, themeNames, themes, type Theme } from "../../../src/charts/theme.js";
import { colourLevels } from "../../../src/viewmodel/scale.js";

type Rgb = readonly number[];
const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
const over = (top: Rgb, bottom: Rgb, opacity: number): Rgb => top.map((channel, i) => channel * opacity + (bottom[i] ?? 0) * (1 - opacity));

/** WCAG 2 relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Rgb): number {
  const [r = 0, g = 0, b = 0] = colour.map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(themeNames)("%s", (name) => {
  const theme: Theme = themes[name];
  const background = rgb(theme.background);

  test.each(["text", "muted", "for"] as const)("%s reads on the background", (colour) => {
    expect(contrast(rgb(theme[colour]), background)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["forMark", "againstMark"] as const)("text on %s reads at every level", (mark) => {
    for (let level = 0; level <= colourLevels; level++) {
      expect(contrast(rgb(theme.markText), over(rgb(theme[mark]), background, level / colourLevels))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(["for", "against", "neutral"] as const)("a bar in %s stands out", (bar) => {
    expect(contrast(rgb(theme[bar]), background)).toBeGreaterThanOrEqual(name.startsWith("hc") ? 3 : 2.5);
  });

  test("for is warm and against is cold", () => {
    for (const [warm, cold] of [
      [theme.for, theme.against],
      [theme.forMark, theme.againstMark],
    ] as const) {
      expect(rgb(warm)[0]).toBeGreaterThan(rgb(warm)[2] ?? 1);
      expect(rgb(cold)[2]).toBeGreaterThan(rgb(cold)[0] ?? 1);
    }
  });
});

test("the panel's style sheet has the charts' rules and every theme's colours", () => {
  const bare = (css: string): string => css.replace(/\s+/gu, "");
  const css = bare(readFileSync("media/panel.css", "utf8"));
  expect(css).toContain(bare(chartStyle()));
  for (const name of themeNames) {
    const { for: warm, against, neutral, forMark, againstMark, markText, outline } = themes[name];
    expect(css).toContain(
      `--ep-for:${warm};--ep-against:${against};--ep-neutral:${neutral};--ep-for-mark:${forMark};--ep-against-mark:${againstMark};--ep-mark-text:${markText};--ep-outline:${outline};`,
    );
  }
  for (const reference of Object.values(pageTheme)) expect(css).toContain(`${String(reference).slice(4, -1)}:`);
});
