import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { present } from "../../../../src/base/assert.js";
import { compilableMethods } from "../../../../src/explain/compile/compilable.js";
import { feedsOf, prepare } from "../../../../src/explain/prepare.js";
import type { Result } from "../../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../../src/protocol/request.js";
import { modelAt } from "../../modelAt.js";
import { compileTo, explained, rowsOfOutput, runFile } from "./compiled.js";

const diabetes = resolve("examples/diabetes/model.onnx");
const digits = resolve("examples/digits/model.onnx");
const review = resolve("examples/review-profile/model.onnx");

/** The largest deviation of two lists, relative to the largest number. */
function deviation(got: readonly number[], wanted: readonly number[]): number {
  expect(got).toHaveLength(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs), Number.MIN_VALUE);
  return Math.max(...wanted.map((x, i) => Math.abs(x - (got[i] ?? NaN)))) / scale;
}

/** Compiles a request, runs the file alone on the request's rows, and holds every number to what `explain` says. */
async function holdToExplain(request: ExplainRequest): Promise<void> {
  const compiled = await compileTo(request);
  const prepared = await prepare(request, await modelAt(request.model), {});
  const rows = prepared.rows.length;
  const outputs = await runFile(compiled.file, feedsOf(prepared.rows));
  const { results } = await explained(request);
  expect(results).toHaveLength(rows);
  const numbers = (name: string): readonly (readonly number[])[] => rowsOfOutput(outputs[name], rows);
  const each = (check: (result: Result, row: number) => void): void => results.forEach(check);
  each((result, row) => expect(deviation(numbers("prediction")[row] ?? [], result.prediction.data)).toBeLessThan(1e-5));
  each(({ attributions, error }, row) => {
    for (const [name, { data }] of Object.entries(attributions))
      expect(deviation(numbers(`attributions/${name}`)[row] ?? [], data), `${name} of row ${row}`).toBeLessThan(1e-5);
    const largest = Math.max(...Object.values(attributions).flatMap(({ data }) => data.map(Math.abs)));
    for (const [name, { data }] of Object.entries(error ?? {}))
      data.forEach((x, i) => expect(Math.abs(x - (numbers(`error/${name}`)[row]?.[i] ?? NaN)), `error of ${name}`).toBeLessThan(1e-5 * largest));
    if (error === undefined) expect(Object.keys(outputs).filter((name) => name.startsWith("error/"))).toEqual([]);
  });
  for (const name of ["score", "baselineScore", "delta"] as const)
    each((result, row) => {
      const wanted = result[name];
      if (typeof wanted === "number") expect(numbers(name)[row]?.[0] ?? NaN, name).toBeCloseTo(wanted, 5);
      else expect(outputs[name], name).toBeUndefined();
    });
}

describe("a compiled explanation, run by ONNX Runtime alone", () => {
  it.each<Partial<ExplainRequest>>([
    {},
    { targets: ["pos"] },
    { targets: ["logit:predicted"] },
    { targets: ["pos"], versus: "neg" },
    { targets: ["probabilities[1]"], baselines: { "": "zero" } },
    { options: { steps: 129 } },
    { options: { rule: "gausslegendre", steps: 20 } },
    { options: { multiplyByInputs: false } },
    { method: "deepLift", options: { rule: "revealCancel" } },
    { method: "layerConductance", layer: "linear" },
  ])("explains features as explain does: %o", async (asked) => {
    await holdToExplain({ model: diabetes, rows: [0, 1, 4], ...asked });
  });

  it.each(compilableMethods)("%s of a picture", async (method) => {
    await holdToExplain({ model: digits, rows: [0, 3, 5], method });
  });

  it.each<Partial<ExplainRequest>>([{}, { method: "deepLift" }, { method: "layerIntegratedGradients" }, { fixed: ["profile"] }])(
    "explains tokens together with features: %o",
    async (asked) => {
      await holdToExplain({ model: review, rows: [0], ...asked });
    },
  );

  it("takes each row's own prediction, any number of rows, and says which class it was", async () => {
    const { file } = await compileTo({ model: diabetes });
    const { rows } = await prepare({ model: diabetes, rows: "all" }, await modelAt(diabetes), {});
    const outputs = await runFile(file, feedsOf(rows));
    const predictions = rowsOfOutput(outputs["prediction"], rows.length);
    const classes = rowsOfOutput(outputs["target"], rows.length).flat();
    expect(classes).toEqual(predictions.map((p) => p.indexOf(Math.max(...p))));
    expect(new Set(classes).size).toBe(2);
    present(rows[0], "row");
  });
});
