import { expect, test } from "vitest";
import { removedText } from "../../../src/viewmodel/removedText.js";

/** The edited text with everything put back, from the end so that places stay true. */
const restored = (before: string, after: string): string =>
  removedText(before, after).reduceRight((text, { text: part, at }) => text.slice(0, at) + part + text.slice(at), after);

test("a word and its gap, at the place where it stood", () => {
  expect(removedText("An absorbing story.", "An story.")).toEqual([{ text: "absorbing ", at: 3 }]);
  expect(removedText("One two", "One two")).toEqual([]);
  expect(removedText("One two", "One")).toEqual([{ text: " two", at: 3 }]);
  expect(removedText("One two", "")).toEqual([{ text: "One two", at: 0 }]);
  expect(removedText("", "One")).toEqual([]);
});

test("a sentence that begins like the next one is removed as a sentence", () => {
  expect(removedText("So. The plot is thin. The plot is old.", "So. The plot is old.")).toEqual([{ text: "The plot is thin. ", at: 4 }]);
});

test("what was written instead stays, with what stood there before it", () => {
  expect(removedText("a good film", "a great film")).toEqual([{ text: "good", at: 2 }]);
});

test("single characters of scripts without spaces", () => {
  expect(removedText("这部电影很好看", "这部电影好看")).toEqual([{ text: "很", at: 4 }]);
});

test("texts with little in common are not held against each other", () => {
  const words = (word: string): string => Array.from({ length: 3000 }, (_, i) => `${word}${i}`).join(" ");
  expect(removedText(words("a"), words("b"))).toEqual([]);
});

test("whatever is removed can be put back: texts by rule", () => {
  let seed = 7;
  const random = (count: number): number => (seed = (seed * 48271) % 2147483647) % count;
  const vocabulary = ["the", "cast", "is", "very", "good", ".", ",", "plot", "這", "部"];
  for (let round = 0; round < 200; round++) {
    const words = Array.from({ length: random(40) }, () => vocabulary[random(vocabulary.length)] ?? "");
    const kept = words.filter(() => random(4) > 0);
    expect(restored(words.join(" "), kept.join(" ")).length).toBeGreaterThanOrEqual(words.join(" ").length);
    const cut = random(words.length + 1);
    const [before, after] = [words.join(" "), [...words.slice(0, cut), ...words.slice(cut + random(5))].join(" ")];
    expect(restored(before, after)).toBe(before);
  }
});

test("of ten thousand words a few are found missing", () => {
  const words = Array.from({ length: 10_000 }, (_, i) => ["the", "plot", "moves", "and", `w${i % 97}`][i % 5] ?? "");
  const kept = words.filter((_, i) => i % 500 !== 3);
  const removed = removedText(words.join(" "), kept.join(" "));
  expect(removed.map(({ text }) => text.trim()).join(" ")).toBe(words.filter((_, i) => i % 500 === 3).join(" "));
});
