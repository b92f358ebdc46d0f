import { describe, expect, test } from "vitest";
import type { LayerShare } from "../../../src/protocol/explanation.js";
import type { LayerSource } from "../../../src/protocol/trace.js";
import { markBars, markSign, markSummary, markText, sourceMarks, textBar } from "../../../src/viewmodel/sourceMarks.js";

const share = (path: string, fraction: number, data: readonly number[] = [0.1, -0.4, 0.2]): LayerShare => ({
  path,
  value: `${path}_out`,
  units: data.length,
  total: data.reduce((sum, one) => sum + one, 0),
  share: fraction,
  credit: { dims: [data.length], data },
});
const at = (definition: number | null, ...calls: number[]): LayerSource => ({
  file: "/w/net.py",
  definition,
  calls: calls.map((line) => ({ file: "/w/net.py", line })),
});

describe("credit beside source lines", () => {
  const answer = { layers: [share("linear1", 0.5), share("encoder.act", -0.25), share("lost", 1)], diagnostics: [] };

  test("a layer stands where it is defined and where it is called; layers share a line", () => {
    const files = sourceMarks(
      answer,
      new Map([
        ["linear1", at(3, 8)],
        ["encoder.act", at(4, 8)],
      ]),
    );
    expect([...files.keys()]).toEqual(["/w/net.py"]);
    const marks = files.get("/w/net.py") ?? [];
    expect(marks.map(({ line, layers }) => [line, layers.map(({ path }) => path)])).toEqual([
      [3, ["linear1"]],
      [4, ["encoder.act"]],
      [8, ["linear1", "encoder.act"]],
    ]);
    expect(marks.map(markText)).toEqual(["50 % ━━━━──── · most: unit 1", "−25 % ━━────── · most: unit 1", "linear1 50 % ━━━━────   act −25 % ━━──────"]);
    expect(marks.map(markSign)).toEqual([1, -1, 1]);
  });

  test("a layer that is defined and called on one line stands there once", () => {
    const [mark] = sourceMarks(answer, new Map([["linear1", at(3, 3)]])).get("/w/net.py") ?? [];
    expect(mark?.layers).toHaveLength(1);
  });

  test("where the source differs no number is shown", () => {
    const marks = sourceMarks(answer, new Map([["linear1", { ...at(3, 8), differs: true }]])).get("/w/net.py") ?? [];
    expect(marks.map(markText)).toEqual(["source differs from the exported model", "source differs from the exported model"]);
    expect(marks.map(markSign)).toEqual([0, 0]);
    expect(marks.flatMap(({ layers }) => layers.map(markSummary)).join(" ")).not.toMatch(/%/);
    expect(marks.flatMap(({ layers }) => layers.flatMap(markBars))).toEqual([]);
  });

  test("a layer without any line is missed at the model's class", () => {
    const gone = new Map([["linear1", { ...at(null), differs: true as const }]]);
    expect(sourceMarks(answer, gone).size).toBe(0);
    const [mark] = sourceMarks(answer, gone, { file: "/w/net.py", line: 1 }).get("/w/net.py") ?? [];
    expect(mark).toMatchObject({ line: 1, layers: [{ path: "linear1", differs: true }] });
  });

  test("a score that did not change has no share", () => {
    const [mark] = sourceMarks({ layers: [share("linear1", NaN)], diagnostics: [] }, new Map([["linear1", at(3)]])).get("/w/net.py") ?? [];
    expect(mark === undefined ? "" : markText(mark)).toBe("no change in score · most: unit 1");
  });

  test("details: numbers, then the strongest units", () => {
    const [mark] = sourceMarks(answer, new Map([["linear1", at(3)]])).get("/w/net.py") ?? [];
    expect(mark?.layers.map(markSummary)).toEqual(["3 units, conductance −0.100, 50.0 % of the change in score"]);
    expect(mark?.layers.flatMap(markBars)).toEqual([
      { label: "unit 1", value: "", credit: -0.4 },
      { label: "unit 2", value: "", credit: 0.2 },
      { label: "unit 0", value: "", credit: 0.1 },
    ]);
  });

  test("bars fill in halves and never overflow", () => {
    expect([0, 0.0625, 0.5, 1, -3].map(textBar)).toEqual(["────────", "╸───────", "━━━━────", "━━━━━━━━", "━━━━━━━━"]);
  });
});
