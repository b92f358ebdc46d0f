import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.js";
import { spectrogram } from "../../../src/charts/spectrogram.js";

function strongest(frame: Uint8Array): number {
  return frame.indexOf(Math.max(...frame));
}

test("a tone is strongest at its own frequency in every frame, and 80 dB below it nothing is left", () => {
  const found = present(spectrogram(Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * 40 * i) / 512))), "spectrogram");
  expect(found.bins).toBe(256);
  for (let frame = 0; frame < found.frames; frame++) {
    const levels = found.levels.subarray(frame * found.bins, (frame + 1) * found.bins);
    expect(strongest(levels)).toBe(40);
    expect(Math.max(...levels.subarray(60))).toBe(0);
  }
});

test("of two tones the half as loud one is 6 dB lower, and each comes at its time", () => {
  const samples = Array.from({ length: 8192 }, (_, i) => (i < 4096 ? Math.sin((2 * Math.PI * 20 * i) / 512) : 0.5 * Math.sin((2 * Math.PI * 100 * i) / 512)));
  const { frames, bins, levels } = present(spectrogram(samples), "spectrogram");
  const [first, last] = [levels.subarray(0, bins), levels.subarray((frames - 1) * bins)];
  expect([strongest(first), strongest(last)]).toEqual([20, 100]);
  expect((255 - (last[100] ?? 0)) / 255).toBeCloseTo((20 * Math.log10(2)) / 80, 1);
});

test("silence has no levels; what is too short has no frequencies", () => {
  expect(present(spectrogram(new Array<number>(2000).fill(0)), "spectrogram").levels.every((level) => level === 0)).toBe(true);
  expect(spectrogram([1, 2, 3])).toBeNull();
});
