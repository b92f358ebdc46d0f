import { expect, test } from "vitest";
import type { Credit, Explanation } from "../../../src/protocol/explanation.js";
import { editRegion } from "../../../src/vscode/regionEdits.js";
import { editedValues } from "../../../src/vscode/sampleEdits.js";

const height = 5;
const width = 6;
const channels = 3;
/** A value that tells its channel, line and column. */
const value = (channel: number, line: number, column: number): number => 100 * channel + 10 * line + column;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const planes = range(channels).flatMap((c) => range(height).flatMap((y) => range(width).map((x) => value(c, y, x))));
const lines = range(height).flatMap((y) => range(width).flatMap((x) => range(channels).map((c) => value(c, y, x))));

const first: Credit = { dims: [channels, height, width], data: planes.map(() => 0), values: planes };
const last: Credit = { dims: [height, width, channels], data: lines.map(() => 0), values: lines };

function base(credit: Credit, type: "float32" | "uint8" = "float32"): Explanation {
  return {
    schema: 1,
    model: { file: "m.onnx", inputs: [{ name: "x", type, dims: [1, ...credit.dims] }], outputs: [] },
    request: { model: "m.onnx" },
    results: [{ row: 0, prediction: { value: "p", data: [1] }, score: 1, baselineScore: 0, delta: 0, points: 1, attributions: { x: credit } }],
    milliseconds: { load: 0, compile: 0, run: 0 },
    diagnostics: [],
  };
}

/** What the model is given, by line, column and channel, whatever its layout. */
function pictureOf(edits: ReturnType<typeof editRegion>, isFirst: boolean): (line: number, column: number, channel: number) => number {
  const given = JSON.parse(editedValues(edits)["x"] ?? "[]") as number[][][];
  return (line, column, channel) => (isFirst ? given[channel]?.[line]?.[column] : given[line]?.[column]?.[channel]) ?? NaN;
}

const region = { left: 1, top: 2, width: 3, height: 2 };
const isInside = (line: number, column: number): boolean => line >= 2 && line < 4 && column >= 1 && column < 4;

test.each([
  ["channels first", first],
  ["channels last", last],
])("%s: the region is removed, or all but the region, in the shape of the input", (name, credit) => {
  const isFirst = name === "channels first";
  const baseline = credit.values?.map(() => -1) ?? [];
  const removed = pictureOf(editRegion({}, base({ ...credit, baseline }), "x", region, "remove"), isFirst);
  const alone = pictureOf(editRegion({}, base({ ...credit, baseline }), "x", region, "only"), isFirst);
  for (const [y, x, c] of range(height).flatMap((y) => range(width).flatMap((x) => range(channels).map((c) => [y, x, c] as const)))) {
    expect(removed(y, x, c)).toBe(isInside(y, x) ? -1 : value(c, y, x));
    expect(alone(y, x, c)).toBe(isInside(y, x) ? value(c, y, x) : -1);
  }
});

test("without a baseline the mean of each channel stands in", () => {
  const removed = pictureOf(editRegion({}, base(last), "x", region, "remove"), false);
  for (const c of range(channels)) expect(removed(2, 1, c)).toBeCloseTo(100 * c + 22.5, 9);
});

test("a blurred pixel is the mean of the square around it, cut off at the edge; the rest stays sharp", () => {
  const corner = { left: 0, top: 0, width: 2, height: 2 };
  const blurred = pictureOf(editRegion({}, base(first), "x", corner, "blur"), true);
  expect(blurred(0, 0, 1)).toBeCloseTo((100 + 101 + 110 + 111) / 4, 9);
  expect(blurred(1, 1, 2)).toBeCloseTo(211, 9);
  expect(blurred(2, 2, 2)).toBe(222);
  // A larger region is blurred by more: here by two pixels each way.
  const large = { dims: [1, 8, 8], data: new Array<number>(64).fill(0), values: range(64).map((i) => (i === 27 ? 25 : 0)) };
  const spread = pictureOf(editRegion({}, base(large), "x", { left: 0, top: 0, width: 8, height: 8 }, "blur"), true);
  expect([spread(3, 3, 0), spread(1, 1, 0), spread(0, 3, 0), spread(3, 6, 0)]).toEqual([1, 25 / 16, 0, 0]);
});

test("levels stay whole where the input is of whole numbers", () => {
  const blurred = pictureOf(editRegion({}, base(first, "uint8"), "x", { left: 0, top: 0, width: 2, height: 1 }, "blur"), true);
  expect(blurred(0, 0, 0)).toBe(Math.round((0 + 1 + 10 + 11) / 4));
});

test("one edit after another; what puts the picture back is no edit; what is no picture is left alone", () => {
  const answer = base({ ...first, baseline: planes.map(() => 0) });
  const once = editRegion({}, answer, "x", { left: 0, top: 0, width: 1, height: 1 }, "remove");
  const twice = pictureOf(editRegion(once, answer, "x", { left: 5, top: 4, width: 1, height: 1 }, "remove"), true);
  expect([twice(0, 0, 2), twice(4, 5, 2), twice(1, 1, 2)]).toEqual([0, 0, 211]);
  expect(editRegion({}, answer, "x", { left: 0, top: 0, width: width, height: height }, "only")).toEqual({});
  expect(editRegion(once, answer, "x", { left: 0, top: 0, width: 3, height: 3 }, "restore")).toEqual({});
  expect(editRegion({}, answer, "y", region, "remove")).toEqual({});
  expect(editRegion({}, base({ dims: [6], data: range(6), values: range(6) }), "x", region, "remove")).toEqual({});
  // A region beyond the edge ends there.
  expect(editRegion({}, answer, "x", { left: 90, top: 90, width: 5, height: 5 }, "remove")).toEqual({});
});
