import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { barChart } from "../../../src/charts/barChart.js";
import { beeswarmChart } from "../../../src/charts/beeswarmChart.js";
import { layerChart } from "../../../src/charts/layerChart.js";
import { escape } from "../../../src/charts/markup.js";
import { renderReport } from "../../../src/charts/report.js";
import { themes } from "../../../src/charts/theme.js";
import { unitGrid } from "../../../src/charts/unitGrid.js";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";

const hostile = `"><img src=x onerror=alert(1)>'</style></script><script>alert(2)</script>`;

/** Every string of a structure replaced by a hostile one, but for those that steer the code. */
function poison(value: unknown, key = ""): unknown {
  if (typeof value === "string") return ["code", "severity", "role", "method", "name", "gradient", "type", "kind"].includes(key) ? value : hostile;
  if (Array.isArray(value)) return value.map((item) => poison(item, key));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)]));
  return value;
}

test.each(["diabetes", "review", "digits", "whatIf"])("nothing of a hostile %s becomes markup in the report", (name) => {
  const parts = poison(JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8"))) as ViewParts;
  const diagnostics = [{ code: "INTERNAL", severity: "error", message: hostile, hint: hostile, file: hostile }] as const;
  const view = buildView({ ...parts, explanation: { ...parts.explanation, diagnostics } });
  const page = renderReport(view, [{ title: hostile, note: hostile, bars: [{ label: hostile, value: hostile, credit: 1, key: hostile }] }]);
  expect(page).not.toMatch(/<(?:img|script)/iu);
  expect(page.match(/<\/style>/giu)).toHaveLength(1);
  expect(page).toContain("&lt;img");
});

test("control characters, lone surrogates and marks that reorder text are replaced", () => {
  expect(escape("a\u0000b\u202ec\ud800d")).toBe("a\ufffdb\ufffdc\ufffdd");
  expect(escape("emoji 😀 stays")).toBe("emoji 😀 stays");
});

test("numbers that are none, and no rows at all, still give a drawing without NaN in its geometry", () => {
  const options = { width: 300, theme: themes.light, title: "t" };
  const odd = [NaN, Infinity, -Infinity, 0, 1e300, -1e-300].map((credit, i) => ({ label: String(i), value: "", credit, key: String(i) }));
  for (const svg of [
    barChart(odd, options),
    barChart([], options),
    unitGrid(odd, options),
    unitGrid([], options),
    layerChart([{ value: "v", path: "p", units: 1, total: NaN, share: null }], options),
    layerChart([], options),
    beeswarmChart([{ label: "x", dots: odd.map(({ credit }) => ({ credit, level: credit })) }], options),
    beeswarmChart([{ label: "none", dots: [] }], options),
    beeswarmChart([], options),
  ]) {
    expect(svg).not.toMatch(/ (?:x|y|width|height|d|cx|cy|viewBox|fill-opacity)="[^"]*(?:NaN|Infinity)/u);
  }
});
