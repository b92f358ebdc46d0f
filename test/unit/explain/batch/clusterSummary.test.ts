import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openSamples } from "../../../../src/data/samples.js";
import { clusterSummary } from "../../../../src/explain/batch/clusterSummary.js";
import { explainPiece } from "../../../../src/explain/batch/explainPiece.js";
import { joinPieces } from "../../../../src/explain/batch/joinPieces.js";
import { createDatasets } from "../../../../src/explain/batch/openDataset.js";
import { planBatch } from "../../../../src/explain/batch/planBatch.js";
import type { BatchSummary } from "../../../../src/protocol/batch.js";
import type { ClusterResult, SampledRow } from "../../../../src/protocol/cluster.js";
import type { CompiledExplanation } from "../../../../src/protocol/compiled.js";
import { rayJob } from "../../../../src/ray/rayJob.js";
import { modelAt } from "../../modelAt.js";
import { compileTo } from "../compile/compiled.js";

const folder = mkdtempSync(join(tmpdir(), "summary-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request = { model: resolve("examples/diabetes/model.onnx"), samples: resolve("examples/diabetes/samples.csv") };

/** The whole example explained on this machine: its summary, and its rows as a cluster would send them. */
async function explained(): Promise<{ readonly here: BatchSummary; readonly compiled: CompiledExplanation; readonly result: ClusterResult }> {
  const plan = await planBatch(request, await modelAt(request.model), {});
  const [piece, out] = [join(folder, "piece.jsonl"), join(folder, "out.parquet")];
  const datasets = createDatasets(modelAt);
  await explainPiece(plan, { from: 0, count: plan.total, file: piece }, await datasets.open(plan, 1), { anyway: false, threads: 1 }, {});
  await datasets.close();
  const here = await joinPieces(plan, { pieces: [piece], out, format: "parquet", rejects: join(folder, "rejects.jsonl") }, {});
  const [table, samples] = await Promise.all([openSamples(out), openSamples(request.samples)]);
  const sample: SampledRow[] = [];
  for (const { row, cells } of await table.rows(0, plan.total)) {
    const [given] = await samples.rows(row, 1);
    const values = Object.values(given?.cells ?? {})
      .slice(0, 8)
      .map(Number);
    sample.push({ cells: { ...cells, file: "samples.csv" }, values: { measurements: values } });
  }
  await Promise.all([table.close(), samples.close()]);
  const compiled = await compileTo(request);
  const { outputs } = rayJob(compiled, { data: request.samples, out, resume: false });
  return { here, compiled, result: { data: "s3://somewhere/samples.csv", outputs, id: null, label: "diabetes", rows: plan.total, rejected: 0, sample } };
}

/** Credits are written as 32-bit numbers, and read as such. */
const rounded = (summary: BatchSummary): unknown =>
  JSON.parse(JSON.stringify(summary, (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value)));

it("rows that a cluster sends say what the same rows say on this machine; of a drawn part it is told of how many", async () => {
  const { here, compiled, result } = await explained();
  expect(here.features).toHaveLength(8);
  expect(here.judged).toBe(here.rows);
  const backwards = { ...result, sample: [...result.sample].reverse() };
  expect(rounded(clusterSummary(compiled, backwards))).toEqual(rounded(here));
  const part = clusterSummary(compiled, { ...result, rows: 5000, rejected: 7 });
  expect([part.rows, part.drawnFrom, part.rejected]).toEqual([here.rows, 4993, 7]);
});

it("what is no number and no name in what comes back does no harm", async () => {
  const { compiled, result } = await explained();
  const odd = { cells: { row: 1, prediction: { a: 1 }, "measurements.age": "much", diabetes: 7 }, values: { measurements: [{}, null] } };
  expect(clusterSummary(compiled, { ...result, sample: [odd] }).judged).toBeNull();
});
