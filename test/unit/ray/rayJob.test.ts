import { resolve } from "node:path";
import { expect, it } from "vitest";
import { rayJob } from "../../../src/ray/rayJob.js";
import { compileTo } from "../explain/compile/compiled.js";

const question = { data: "/shared/rows", out: "/shared/credits", resume: false };
const request = { model: resolve("examples/diabetes/model.onnx"), samples: resolve("examples/diabetes/samples.csv") };

it("a job reads what the model needs, and keeps a row's true answer where the data has one", async () => {
  const job = rayJob(await compileTo(request), question);
  const features = ["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"];
  expect([job.needed, job.optional, job.id, job.label, job.kept]).toEqual([features, ["diabetes"], null, "diabetes", { diabetes: "diabetes" }]);
  expect(job.outputs.map(({ output, kind, columns }) => [output, kind, columns.length])).toEqual([
    ["prediction", "best", 1],
    ["prediction", "number", 2],
    ["target", "name", 1],
    ["score", "number", 1],
    ["baselineScore", "number", 1],
    ["delta", "number", 1],
    ["attributions/measurements", "number", 8],
  ]);
});

it("a column that was named has to be there; one that the result has under its name already is told apart", async () => {
  const job = rayJob(await compileTo(request), { ...question, id: "row" });
  expect(job.needed).toContain("row");
  expect(job.kept).toEqual({ row: "row (data)", diabetes: "diabetes" });
});

it("what only this program reads is refused with the reason", async () => {
  const digits = { model: resolve("examples/digits/model.onnx"), samples: resolve("examples/digits/samples") };
  const compiled = await compileTo(digits);
  expect(() => rayJob(compiled, question)).toThrow(/can't be read on a Ray cluster/);
});
