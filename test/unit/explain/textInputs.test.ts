import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import { inspect } from "../../../src/explain/inspect.js";
import { samplePredictions } from "../../../src/explain/samplePredictions.js";
import { truthOf } from "../../../src/explain/truth.js";
import { modelAt as open } from "../modelAt.js";

const decoder = resolve("test/fixtures/data/decoder/model.onnx");
const story = resolve("examples/story/model.onnx");
const diabetes = resolve("examples/diabetes/model.onnx");

describe("a decoder with its past", () => {
  test("roles: what was before is a state, the switch a flag", async () => {
    const { inputs } = await inspect(await open(decoder));
    expect(inputs.map(({ role }) => role)).toEqual(["tokens", "mask", "positions", "state", "state", "flag"]);
    expect(inputs.slice(3).map(({ evidence }) => evidence)).toEqual([
      "named past_key_values.0.key; 0 when no sample says otherwise",
      "named past_key_values.0.value; 0 when no sample says otherwise",
      "a single yes or no; false when no sample says otherwise",
    ]);
  });

  test("its past starts empty; a text explains the next word, with and without reading the past", async () => {
    const request = { model: decoder, rows: [0], targets: ["logits[6,8]"] };
    const { results, mapping } = await explain(request, open);
    const [result] = results;
    expect(result?.attributions["input_ids"]?.labels).toEqual(["once", "upon", "a", "time", "there", "was", "a"]);
    expect(Math.abs(Number(result?.delta))).toBeLessThan(0.01);
    expect(mapping).toContain("past_key_values.0.key ← the same in every row");
    const reading = await explain({ ...request, values: { use_cache_branch: "true" } }, open);
    expect(reading.results[0]?.attributions["input_ids"]?.data).toEqual(result?.attributions["input_ids"]?.data);
  });

  test("a past that is given lies before the text, and a mask that covers both", async () => {
    const past = JSON.stringify([0, 1].map((head) => [[0.5, -0.25, head, 1]]));
    const values = {
      input_ids: "time there",
      attention_mask: "[1, 1, 1]",
      position_ids: "[1, 2]",
      "past_key_values.0.key": past,
      "past_key_values.0.value": past,
      use_cache_branch: "true",
    };
    const { results } = await explain({ model: decoder, values, targets: ["logits[1,8]"] }, open);
    const without = await explain(
      { model: decoder, values: { ...values, use_cache_branch: "false", attention_mask: "[1, 1]" }, targets: ["logits[1,8]"] },
      open,
    );
    expect(results[0]?.attributions["input_ids"]?.labels).toEqual(["time", "there"]);
    expect(results[0]?.score).not.toBe(without.results[0]?.score);
  });
});

describe("two texts in one sequence", () => {
  test("the transformer of the example answers from both, and is right; special tokens are told from words", async () => {
    const { results, mapping } = await explain({ model: story }, open);
    const [result] = results;
    expect(mapping?.[0]).toBe("input_ids ← context, question");
    expect(result?.prediction.truth?.right).toBe(true);
    const { text = "", spans = [], data = [], labels = [] } = result?.attributions["input_ids"] ?? {};
    const [context = "", question = ""] = text.split(" ‖ ");
    expect(context).toMatch(/\.$/);
    expect(question).toMatch(/^Where is .*\?$/);
    // The words that decide are the place and the one who is asked for.
    const words = spans.map(([from, to]) => text.slice(from, to));
    const best = data.indexOf(Math.max(...data));
    expect(words[best]).toBe(result?.prediction.truth?.label);
    expect(labels.filter((label) => label.startsWith("["))).toEqual(["[CLS]", "[SEP]", "[SEP]"]);
  });

  test("one text changed: typed as two with the mark between, the answer follows", async () => {
    const values = { input_ids: "Mary went to the office. Then Anna moved to the garden. ‖ Where is Mary?" };
    const { results } = await explain({ model: story, values }, open);
    expect(results[0]?.target?.label).toBe("office");
    expect(results[0]?.prediction.truth).toBeUndefined();
    const other = await explain({ model: story, values: { input_ids: values.input_ids.replace("is Mary", "is Anna") } }, open);
    expect(other.results[0]?.target?.label).toBe("garden");
  });
});

describe("the true answer", () => {
  test("stands beside the prediction, right or wrong; not where the sample was changed", async () => {
    const { rows } = await samplePredictions({ model: diabetes }, { from: 0, count: 40 }, open);
    const wrong = rows.find(({ right }) => right === false);
    const { results } = await explain({ model: diabetes, rows: [0, wrong?.row ?? 0] }, open);
    expect(results.map(({ prediction }) => prediction.truth)).toEqual([
      { label: rows[0]?.label, right: rows[0]?.right },
      { label: wrong?.label, right: false },
    ]);
    const changed = await explain({ model: diabetes, rows: [0], values: { glucose: "100" } }, open);
    expect(changed.results[0]?.prediction.truth).toBeUndefined();
  });

  test.each([
    ["yes", ["no", "yes"], true],
    [" Yes ", ["no", "yes"], true],
    ["0", ["no", "yes"], false],
    ["1.0", undefined, true],
    // Names that are numbers are names.
    ["1", ["1", "2"], false],
    ["maybe", ["no", "yes"], undefined],
    ["7", undefined, undefined],
    ["", undefined, undefined],
  ])("%j of %j", (label, labels, right) => {
    expect(truthOf(label, { data: [0.2, 0.8], ...(labels === undefined ? {} : { labels }) })).toEqual(right === undefined ? { label } : { label, right });
  });

  test("a single number has an answer beside it, nothing more", () => {
    expect(truthOf("23.5", { data: [21] })).toEqual({ label: "23.5" });
  });
});
