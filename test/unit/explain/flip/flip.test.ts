import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { explain } from "../../../../src/explain/explain.js";
import { prepare } from "../../../../src/explain/prepare.js";
import { flip } from "../../../../src/explain/flip/flip.js";
import { encodeModel } from "../../../../src/graph/encode.js";
import { serializeModel } from "../../../../src/onnx/parse.js";
import type { Prediction } from "../../../../src/protocol/explanation.js";
import type { FlipAnswer, FlipAsk } from "../../../../src/protocol/flip.js";
import type { ExplainRequest } from "../../../../src/protocol/request.js";
import { tensor, toNumbers } from "../../../../src/tensor/tensor.js";
import { editedValues } from "../../../../src/vscode/sampleEdits.js";
import { float32, graphOf, op } from "../../graph/build.js";
import { modelAt as open } from "../../modelAt.js";

const example = (name: string): string => resolve(`examples/${name}/model.onnx`);
const tree = (name: string): string => resolve(`test/fixtures/reference/models/trees/${name}.onnx`);
const pima = resolve("examples/diabetes/samples.csv");
const folder = mkdtempSync(join(tmpdir(), "explain-flip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const find = (request: ExplainRequest, ask: FlipAsk = {}): Promise<FlipAnswer> => flip(request, ask, open);
const classOf = ({ data }: Pick<Prediction, "data">): number => data.indexOf(Math.max(...data));

/** What the model says of the edited sample, read as explaining it would read it. */
async function predicted(request: ExplainRequest, edits: FlipAnswer["edits"]): Promise<readonly number[]> {
  const values = { ...request.values, ...editedValues(edits) };
  const { rows } = await prepare({ ...request, values, targets: ["predicted"] }, await open(request.model), {});
  return rows[0]?.prediction.data ?? [];
}

const table = (file: string): readonly (readonly number[])[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").slice(0, 8).map(Number));

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
};

/** The smallest change of one measurement by brute force: every whole number of the range, or 400 values where there are others. In median absolute deviations. */
async function smallestSingle(model: string, data: readonly (readonly number[])[], sample: readonly number[]): Promise<number> {
  const tried = sample.flatMap((from, feature) => {
    const column = data.map((row) => row[feature] ?? NaN);
    const [least, most] = [Math.min(...column), Math.max(...column)];
    const middle = median(column);
    const deviation = median(column.map((x) => Math.abs(x - middle)));
    const mean = column.reduce((a, b) => a + b) / column.length;
    const spread = deviation > 0 ? deviation : Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
    const count = column.every(Number.isInteger) ? most - least : 400;
    return Array.from({ length: count + 1 }, (_, i) => least + (i * (most - least)) / count).map((to) => ({
      row: sample.with(feature, to),
      size: Math.abs(to - from) / spread,
    }));
  });
  const opened = await open(model);
  const all = [sample, ...tried.map(({ row }) => row)];
  const outputs = await opened.run({ measurements: tensor("float32", [all.length, 8], all.flat()) }, ["probabilities"]);
  const { probabilities } = outputs;
  const numbers = probabilities === undefined ? [] : toNumbers(probabilities);
  const isOne = (row: number): boolean => (numbers[2 * row + 1] ?? 0) > (numbers[2 * row] ?? 0);
  return tried.reduce((best, { size }, i) => (isOne(i + 1) !== isOne(0) ? Math.min(best, size) : best), Infinity);
}

describe("numbers", () => {
  it.each([
    ["a network", example("diabetes"), resolve("examples/diabetes/train.csv"), [0, 17]],
    ["a forest", tree("random-forest"), pima, [0, 5, 9]],
    ["boosted trees", tree("lightgbm"), pima, [1, 6, 30]],
    ["a perceptron", tree("mlp"), pima, [2, 11]],
    ["a logistic regression", tree("logistic"), pima, [4, 8]],
  ])("the one change of %s is as small as trying every value", async (_, model, population, rows) => {
    const data = table(population);
    for (const row of rows) {
      const request = { model, samples: pima, rows: [row] };
      const answer = await find(request);
      const wanted = await smallestSingle(model, data, table(pima)[row] ?? []);
      expect(answer.found, `row ${row}`).toBe(true);
      expect(answer.changes.length === 1, `row ${row}`).toBe(Number.isFinite(wanted));
      if (answer.changes.length === 1) expect(answer.size, `row ${row}`).toBeLessThanOrEqual(wanted + 1e-9);
      // What is said is what the whole way of explaining says of the edited sample.
      expect(await predicted(request, answer.edits)).toEqual(answer.after.data);
      expect(classOf(answer.after)).not.toBe(classOf(answer.before));
      expect(answer.population?.rows).toBe(data.length);
    }
  });

  it("where one does not do it, two and three are as small as trying everything", async () => {
    const weights = [3, 1, 2];
    const rows = Array.from({ length: 40 }, (_, i) => [(8 * i) % 21, (5 * i) % 16, (3 * i) % 13]);
    const request = linear("three", ["a", "b", "c"], weights, rows);
    const own = rows[4] ?? [];
    const score = own.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), 0);
    const spreads = weights.map((_, i) => {
      const column = rows.map((row) => row[i] ?? NaN);
      return median(column.map((x) => Math.abs(x - median(column))));
    });
    for (const value of [score + 20, score + 30, score + 37, score - 30, score - 51, 2, 200]) {
      let best = { count: Infinity, size: Infinity };
      for (let a = 0; a <= 20; a++)
        for (let b = 0; b <= 15; b++)
          for (let c = 0; c <= 12; c++) {
            const y = 3 * a + b + 2 * c;
            if (value > score ? y < value : y > value) continue;
            const moved = [a, b, c].map((x, i) => Math.abs(x - (own[i] ?? NaN)) / (spreads[i] ?? NaN));
            const count = moved.filter((x) => x > 0).length;
            const size = moved.reduce((p, q) => p + q);
            if (count < best.count || (count === best.count && size < best.size)) best = { count, size };
          }
      const answer = await find({ ...request, rows: [4] }, { to: String(value) });
      expect(answer.found).toBe(Number.isFinite(best.count));
      if (!answer.found) continue;
      expect(answer).toMatchObject({ minimal: true, fewest: true });
      expect(answer.changes).toHaveLength(best.count);
      expect(answer.size).toBeCloseTo(best.size, 9);
    }
  });
});

/** A linear model of columns, with samples beside it. */
function linear(
  name: string,
  columns: readonly string[],
  weights: readonly number[],
  rows: readonly (readonly (number | string)[])[],
  categories: Readonly<Record<string, readonly string[]>> = {},
): ExplainRequest {
  const graph = graphOf({
    inputs: { x: float32([1, columns.length]) },
    constants: { w: float32([columns.length, 1], weights) },
    nodes: [op("MatMul", ["x", "w"], ["y"])],
    outputs: ["y"],
  });
  const inputs = graph.inputs.map((input) => ({ ...input, dims: ["batch", columns.length] }));
  const outputs = graph.outputs.map((output) => ({ ...output, dtype: "float32" as const, dims: ["batch", 1] }));
  const [model, samples] = [join(folder, `${name}.onnx`), join(folder, `${name}.csv`)];
  writeFileSync(model, serializeModel(encodeModel({ ...graph, inputs, outputs })));
  writeFileSync(samples, [columns.join(), ...rows.map((row) => row.join())].join("\n"));
  const sidecar = { inputs: { x: { role: "features", columns, categories } }, outputs: { y: { role: "regression" } } };
  writeFileSync(join(folder, `${name}.explain.json`), JSON.stringify(sidecar));
  return { model, samples };
}

describe("a single score", () => {
  // 2 · age + 10 · income, 5 more for a cook, 30 for a pilot, 15 for the north. Row 1: age 22, income 0.75, a cook, from the south: 56.5.
  const people = Array.from({ length: 12 }, (_, i) => [
    20 + 2 * (i % 6),
    (0.5 + 0.25 * (i % 5)).toFixed(2),
    ...[0, 1, 2].map((job) => (i % 3 === job ? 1 : 0)),
    i % 4 === 0 ? "north" : "south",
  ]);
  const columns = ["age", "income", "job=clerk", "job=cook", "job=pilot", "town"];
  const file = linear("pay", columns, [2, 10, 0, 5, 30, 15], people, { town: ["south", "north"] });
  const request: ExplainRequest = { ...file, rows: [1] };

  it("needs to be told which value to reach", async () => {
    await expect(find(request)).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID", hint: expect.stringContaining("--to") as string } });
    await expect(find(request, { to: "56.5" })).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID" } });
    await expect(find(request, { to: "much" })).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID" } });
  });

  it("moves one number just as far as it takes, in steps of the data, up and down", async () => {
    const up = await find(request, { to: "61" });
    expect(up).toMatchObject({ found: true, goal: { kind: "value", value: 61, up: true } });
    expect(up.changes).toMatchObject([{ kind: "number", label: "age", from: 22, to: 25 }]);
    const down = await find(request, { to: "54.1" });
    expect(down.changes).toMatchObject([{ kind: "number", label: "income", from: 0.75, to: 0.51 }]);
    expect(down.after.data[0]).toBeCloseTo(54.1, 5);
  });

  it("changes columns of zeros and ones as the category that they are, and words as words", async () => {
    const job = await find(request, { to: "80" });
    expect(job.changes).toEqual([{ kind: "category", input: "x", positions: [3, 4], label: "job", from: "cook", to: "pilot", size: 1 }]);
    expect(job.edits).toEqual({ x: { kind: "values", values: [22, 0.75, 0, 0, 1, "south"] } });
    const town = await find(request, { to: "71" });
    expect(town.changes).toMatchObject([{ kind: "category", label: "town", from: "south", to: "north" }]);
    expect(await predicted(request, town.edits)).toEqual(town.after.data);
    const both = await find(request, { to: "95" });
    expect(both).toMatchObject({ found: true, fewest: true, minimal: true, size: 2 });
    expect(both.changes.map((change) => (change.kind === "category" ? change.to : ""))).toEqual(["north", "pilot"]);
  });

  it("says so where the data has nothing that reaches it, and how near it came", async () => {
    const { found, minimal, after, changes } = await find(request, { to: "1000" });
    expect([found, minimal]).toEqual([false, false]);
    // Everything at its best: age 30, income 1.5, a pilot from the north.
    expect(after.data[0]).toBeCloseTo(60 + 15 + 30 + 15, 4);
    expect(changes).toHaveLength(4);
  });

  it("without rows that tell what there is, nothing can be changed", async () => {
    const one = join(folder, "one.csv");
    writeFileSync(
      one,
      readFileSync(file.samples ?? "", "utf8")
        .split("\n")
        .slice(0, 2)
        .join("\n"),
    );
    await expect(find({ model: file.model, samples: one }, { to: "61" })).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID" } });
  });
});

describe("words", () => {
  it.each([0, 2])("the one word of a story whose absence moves the answer (row %i)", async (row) => {
    const request = { model: example("story"), rows: [row] };
    const answer = await find(request);
    expect(answer.changes.every(({ kind }) => kind === "word")).toBe(true);
    expect(answer).toMatchObject({ found: true, minimal: true });
    expect(await predicted(request, answer.edits)).toEqual(answer.after.data);
    expect(answer.diagnostics.map(({ message }) => message).join()).toContain("Words are only taken out");
  });

  it("none of several words of a review can stay", async () => {
    const request = { model: example("review-profile"), rows: [0] };
    const answer = await find(request, { inputs: ["tokens"] });
    expect(answer.changes.length).toBeGreaterThan(1);
    const { results } = await explain({ ...request, method: "saliency" }, open);
    const text = results[0]?.attributions["tokens"]?.text ?? "";
    const spans = answer.changes.flatMap((change) => (change.kind === "word" ? [change.span] : []));
    for (const kept of spans) {
      const rest = spans.filter((span) => span !== kept).toSorted(([a], [b]) => b - a);
      const without = rest.reduce((now, [from, to]) => now.slice(0, from) + now.slice(to), text);
      const data = await predicted(request, { tokens: { kind: "text", text: without } });
      expect(classOf({ data })).toBe(classOf(answer.before));
    }
    const edit = answer.edits["tokens"];
    expect(edit?.kind === "text" && edit.text.length < text.length && !/ {2}/u.test(edit.text)).toBe(true);
  });
});

describe("pictures and sounds", () => {
  it("as few blocks of a picture as do it, set to the baseline", async () => {
    const request = { model: example("digits"), rows: [0] };
    const answer = await find(request);
    expect(answer).toMatchObject({ found: true, minimal: true, fewest: true });
    expect(answer.changes.length).toBeGreaterThan(1);
    expect(await predicted(request, answer.edits)).toEqual(answer.after.data);
    const three = await find(request, { to: "3" });
    expect(classOf(three.after)).toBe(3);
    // One block alone never does it.
    const edit = answer.edits["image"];
    const values = edit?.kind === "values" ? edit.values : [];
    const { results } = await explain({ ...request, method: "saliency" }, open);
    const own = results[0]?.attributions["image"]?.values ?? [];
    for (const position of own.keys()) if (values[position] !== own[position]) expect(values[position]).toBe(0);
    for (let position = 0; position < own.length; position++) {
      const data = await predicted(request, { image: { kind: "values", values: own.with(position, 0) } });
      expect(classOf({ data })).toBe(classOf(answer.before));
    }
  });

  it("a probability alone crosses one half", async () => {
    const request = { model: example("speech"), rows: [0] };
    const answer = await find(request);
    expect(answer).toMatchObject({ found: true, goal: { kind: "value", value: 0.5, up: false } });
    expect(answer.before.data[0]).toBeGreaterThan(0.5);
    expect(answer.after.data[0]).toBeLessThanOrEqual(0.5);
    expect(await find(request, { to: "0" })).toMatchObject({ goal: answer.goal });
    expect(await find(request, { to: "0.3" })).toMatchObject({ goal: { kind: "value", value: 0.3, up: false } });
  });
});

describe("limits", () => {
  const request = { model: example("diabetes"), rows: [0] };

  it("ends after the runs that were allowed, and says so", async () => {
    const answer = await find(request, { mostRuns: 25 });
    expect(answer.runs).toBe(25);
    expect(answer.diagnostics.map(({ code }) => code)).toContain("LIMIT_EXCEEDED");
    expect(answer.minimal).toBe(false);
  });

  it("is cancelled between runs, and tells what it is at", async () => {
    const signal = { aborted: false };
    const seen: string[] = [];
    const progress = ({ message }: { readonly message: string }): void => {
      seen.push(message);
      if (message.startsWith("Trying")) signal.aborted = true;
    };
    await expect(flip({ model: example("review-profile"), rows: [2] }, {}, open, { signal, progress })).rejects.toMatchObject({
      diagnostic: { code: "CANCELLED" },
    });
    expect(seen.at(-1)).toMatch(/^Trying single changes \(\d+ runs\)$/u);
  });

  it.each([
    [{ ...request, rows: [0, 1] }, {}, "OPTION_INVALID"],
    [request, { to: "neg" }, "OPTION_INVALID"],
    [request, { to: "perhaps" }, "UNKNOWN_TARGET"],
    [request, { inputs: ["measurement"] }, "UNKNOWN_INPUT"],
    [{ ...request, fixed: ["measurements"] }, {}, "OPTION_INVALID"],
  ] satisfies [ExplainRequest, FlipAsk, string][])("refuses what has no answer (%#)", async (asked, ask, code) => {
    await expect(find(asked, ask)).rejects.toMatchObject({ diagnostic: { code } });
  });
});
