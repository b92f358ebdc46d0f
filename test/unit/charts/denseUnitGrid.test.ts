import { expect, test } from "vitest";
import type { ChartOptions } from "../../../src/charts/frame.js";
import { themes } from "../../../src/charts/theme.js";
import { unitGrid } from "../../../src/charts/unitGrid.js";

const bars = (count: number): { label: string; value: string; credit: number; key: string }[] =>
  Array.from({ length: count }, (_, i) => ({ label: String(i), value: "", credit: Math.sin(i), key: String(i) }));

const options: ChartOptions = { width: 300, theme: themes.light, title: "Units of hidden", interactive: true, selected: "7" };

const numbers = (svg: string, attribute: string): number[] =>
  [...svg.matchAll(new RegExp(`<rect data-unit[^>]* ${attribute}="([^"]+)"`, "gu"))].map((match) => Number(match[1]));

test("a large layer has a button for each unit, in its order and inside the chart", () => {
  const svg = unitGrid(bars(1000), options);
  expect([...svg.matchAll(/role="button" tabindex="0" data-key="(\d+)"/gu)].map((match) => Number(match[1]))).toEqual(bars(1000).map((_, i) => i));
  const [x, y] = [numbers(svg, "x"), numbers(svg, "y")];
  const height = Number(/ height="(\d+)"/u.exec(svg)?.[1]);
  expect(x).toHaveLength(1000);
  expect(Math.max(...x) + 24).toBeLessThanOrEqual(300);
  expect(Math.max(...y) + 22).toBeLessThanOrEqual(height);
  expect(new Set(x.map((one, i) => `${one} ${y[i] ?? NaN}`)).size).toBe(1000);
});

test("each unit says its name and credit, the chosen one that it is; each row shows the name of its first", () => {
  const svg = unitGrid(bars(301), options);
  expect(svg).toContain("<title>unit 7: +0.657</title>");
  expect(svg.match(/aria-pressed="true"/gu)).toHaveLength(1);
  const [first, second] = [...svg.matchAll(/<text [^>]*>(\d+)<\/text>/gu)].map((match) => Number(match[1]));
  expect(first).toBe(0);
  expect(second).toBe(numbers(svg, "y").filter((y) => y === numbers(svg, "y")[0]).length);
});

test("in files that stand alone there are no buttons", () => {
  expect(unitGrid(bars(400), { ...options, interactive: false })).not.toMatch(/role="button"|tabindex/u);
});
