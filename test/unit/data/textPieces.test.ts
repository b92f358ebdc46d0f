import { expect, test } from "vitest";
import { textPieces } from "../../../src/data/textPieces.js";

test.each([
  ["A dull film, alas!", ["A ", "dull ", "film, ", "alas!"], ["A", "dull", "film", "alas"]],
  ["  “Well” done", ["  “Well” ", "done"], ["Well", "done"]],
  ["…", ["…"], ["…"]],
  ["", [""], [""]],
])("%j in pieces that are the whole text", (text, pieces, words) => {
  const split = textPieces(text);
  expect(split.pieces).toEqual(pieces);
  expect(split.words).toEqual(words);
  expect(split.pieces.join("")).toBe(text);
  expect(split.spans.map(([start, end]) => text.slice(start, end))).toEqual(words);
});

test("scripts without spaces have words too", () => {
  expect(textPieces("今日は良い天気です").words.length).toBeGreaterThan(2);
});
