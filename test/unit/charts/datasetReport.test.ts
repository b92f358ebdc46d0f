import { expect, test } from "vitest";
import { renderDatasetReport } from "../../../src/charts/datasetReport.js";
import type { BatchSummary } from "../../../src/protocol/batch.js";
import { datasetView } from "../../../src/viewmodel/dataset.js";

const hostile = `"><img src=x onerror=alert(1)></style><script>alert(2)</script>`;
const feature = (label: string, meanAbs: number): BatchSummary["features"][number] => ({
  label,
  input: "x",
  rows: 10,
  meanAbs,
  mean: -meanAbs,
  interval: 0.01,
  meanInterval: 0.02,
});
const own = (...features: BatchSummary["features"]) => ({ features, count: features.length, swarms: [], pictures: [], shares: [] });
const summary: BatchSummary = {
  model: hostile,
  samples: hostile,
  method: "integratedGradients",
  baseline: hostile,
  rows: 1234,
  rejected: 2,
  ...own(feature(hostile, 0.5), feature("b", 0.1)),
  shares: [{ input: hostile, share: 1, net: 0.1 }],
  pictures: [{ input: hostile, dims: [1, 4, 4], meanAbs: new Array<number>(16).fill(0.1), mean: new Array<number>(16).fill(0) }],
  classes: [
    { label: hostile, rows: 1000, ...own(feature("b", 0.2)) },
    { label: "pos", rows: 234, ...own(feature("b", 0.3)) },
  ],
  drivers: {
    right: 900,
    wrong: 100,
    features: [{ label: hostile, input: "x", right: 0.1, wrong: -0.2, difference: -0.3, interval: 0.05 }],
    pictures: [],
  },
  swarms: [{ label: hostile, dots: [1000, 3, 2, 3].map((value, row) => [row, row - 1, value] as const) }],
  judged: 1000,
  wrong: 100,
  confusions: [{ truth: hostile, predicted: "pos", rows: 100 }],
  wrongest: [{ row: 7, id: hostile, truth: hostile, predicted: "pos", score: 0.99, reasons: [{ label: hostile, credit: -0.5 }] }],
  delta: 1e-6,
};

test.each([false, true])("nothing of the data becomes markup (embedded: %s)", (embedded) => {
  const page = renderDatasetReport(datasetView(summary), { embedded });
  expect(page).not.toMatch(/<(?:img|script)/iu);
  expect(page.match(/<\/style>/giu)).toHaveLength(1);
  expect(page.includes("body.vscode-dark")).toBe(embedded);
});

test("what it says: rows, rejects, agreement, the surest mistake", () => {
  const { facts, answers, all, drivers } = datasetView(summary);
  expect(facts.map(([, value]) => value)).toContain(`${hostile}, 1,234 rows, 2 more could not be explained`);
  expect(answers?.sentence).toBe("900 of 1,000 predictions (90.0 %) agree with the data's own answer; 100 do not.");
  expect(answers?.wrongest[0]).toMatchObject({ row: `7 (${hostile})`, score: "0.9900", reasons: `${hostile} −0.5` });
  // By their order: one outlier does not make all others alike.
  expect(all.swarms[0]?.dots.map(({ level }) => level)).toEqual([1, 0.5, 0, 0.5]);
  expect(all.swarms[0]?.dots[0]?.title).toBe(`row 0, ${hostile} = 1000: −1.00`);
  expect(drivers).toMatchObject({ rows: "100 wrong, 900 right", bars: [{ credit: -0.3, error: 0.05 }] });
});

test("a regression without true answers or classes", () => {
  const view = datasetView({ ...summary, classes: [], judged: null, wrong: 0, confusions: [], wrongest: [], swarms: [], drivers: null, delta: null });
  expect(view.answers).toBeUndefined();
  expect(renderDatasetReport(view)).not.toMatch(/data-section="(?:answers|drivers|beeswarm)"/u);
});
