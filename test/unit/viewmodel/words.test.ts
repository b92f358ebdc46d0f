import { expect, test } from "vitest";
import { mergeWords } from "../../../src/viewmodel/words.js";

const merge = (labels: readonly string[], spans: readonly (readonly [number, number])[]): readonly string[] => {
  const marks = mergeWords({ dims: [labels.length], data: labels.map(() => 1), labels, spans });
  return marks.map((mark) => `${mark.text}|${mark.credit}|${mark.after}`);
};

test("WordPiece: pieces join, punctuation stands alone without a space before it", () => {
  expect(
    merge(
      ["[CLS]", "absor", "##bing", "story", ".", "[SEP]"],
      [
        [0, 0],
        [0, 5],
        [5, 9],
        [10, 15],
        [15, 16],
        [0, 0],
      ],
    ),
  ).toEqual(["[CLS]|1| ", "absorbing|2| ", "story|1|", ".|1| ", "[SEP]|1|"]);
});

test("byte-level BPE: Ġ starts a word", () => {
  expect(
    merge(
      ["bad", "ly", "Ġacted"],
      [
        [0, 3],
        [3, 5],
        [6, 11],
      ],
    ),
  ).toEqual(["badly|2| ", "acted|1|"]);
});

test("tokens without spans stay apart, and a lone mark stays itself", () => {
  expect(merge(["##", "▁"], [])).toEqual(["##|1| ", "▁|1|"]);
});
