import { readFileSync } from "node:fs";
import { present } from "../../src/base/assert.js";
import { openModel } from "../../src/runtime/open.js";
import { tensor } from "../../src/tensor/tensor.js";

/** As many as the other side takes. */
const background = 100;
const rounds = 7;

/** What one way of treating absent features takes for all samples, and its credits of the second class. */
export interface TreeTiming {
  readonly milliseconds: number;
  readonly values: readonly number[];
}

/** Times treeShap on all samples of a table whose last column is the answer, both ways. */
export async function treeTimes(file: string, train: string, samples: string): Promise<Readonly<Record<string, TreeTiming>>> {
  const model = await openModel(file);
  const rows = numbersOf(samples);
  const known = numbersOf(train).slice(0, background);
  const input = present(model.graph.inputs[0], "input").name;
  const value = present(model.graph.outputs.at(-1), "output").name;
  const width = rows[0]?.length ?? 0;
  const found: Record<string, TreeTiming> = {};
  for (const perturbation of ["path", "interventional"]) {
    const request = {
      method: "treeShap",
      inputs: { [input]: tensor("float32", [rows.length, width], rows.flat()) },
      ...(perturbation === "path" ? {} : { baselines: { [input]: tensor("float32", [known.length, width], known.flat()) } }),
      targets: [{ value, index: [1] }],
      options: { perturbation },
    } as const;
    const times: number[] = [];
    let values: readonly number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now();
      const { result } = await model.attribute(request);
      times.push(performance.now() - started);
      values = Array.from(present(result.attributions[input], input).data);
    }
    found[perturbation] = { milliseconds: times.sort((a, b) => a - b)[times.length >> 1] ?? NaN, values };
  }
  await model.dispose();
  return found;
}

/** The table without its last column. */
function numbersOf(file: string): readonly (readonly number[])[] {
  const lines = readFileSync(file, "utf8").trim().split("\n").slice(1);
  return lines.map((line) => line.split(",").slice(0, -1).map(Number));
}
