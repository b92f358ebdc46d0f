import { expect, test } from "vitest";
import type { Result } from "../../../src/protocol/explanation.js";
import { editedValues, editElements, editText } from "../../../src/vscode/sampleEdits.js";

const original: Result = {
  row: 0,
  prediction: { value: "p", data: [1] },
  score: 1,
  baselineScore: 0,
  delta: 0,
  points: 1,
  attributions: {
    x: { dims: [3], data: [0, 0, 0], values: [1, 2, 3] },
    one: { dims: [1], data: [0], values: ["red"] },
    words: { dims: [2], data: [0, 0], text: "good film" },
  },
};

test("an element or several at a time; what is put back is no edit", () => {
  const once = editElements({}, original, "x", [[1, 5]]);
  const twice = editElements(once, original, "x", [[2, -1]]);
  expect(editedValues(twice)).toEqual({ x: "[1,5,-1]" });
  expect(
    editElements(twice, original, "x", [
      [1, 2],
      [2, 3],
    ]),
  ).toEqual({});
  expect(editedValues(editElements({}, original, "one", [[0, "blue"]]))).toEqual({ one: '"blue"' });
});

test("what does not exist is not edited", () => {
  expect(editElements({}, original, "y", [[0, 1]])).toEqual({});
  expect(editElements({}, original, "x", [[3, 1]])).toEqual({});
  expect(editText({}, original, "x", "text")).toEqual({});
});

test("a text stays a text: a leading @ names no file", () => {
  const edits = editText({}, original, "words", "@someone wrote this");
  expect(editedValues(edits)).toEqual({ words: " @someone wrote this" });
  expect(editText(edits, original, "words", "good film")).toEqual({});
});
