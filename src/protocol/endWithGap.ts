import { betweenTexts } from "./betweenTexts.js";

/** Where a part that is taken out of a text ends, with the gap that it would leave; what stands between two texts stays. UTF-16 offsets. */
export function endWithGap(text: string, start: number, end: number): number {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const gap = (/\s$/u.test(before) || before === "") && !after.startsWith(betweenTexts) ? after.length - after.trimStart().length : 0;
  return end + gap;
}
