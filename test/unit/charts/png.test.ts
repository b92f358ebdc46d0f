import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { pngAddress } from "../../../src/charts/png.js";
import { planeCredits, pixelScale, sampleColours, shrink, strength } from "../../../src/charts/pixels.js";

test.each([
  [2, 3, 1],
  [2, 2, 3],
  [300, 200, 1],
])("a picture of %d × %d with %d samples a pixel is read back", (width, height, depth) => {
  const samples = Uint8Array.from({ length: width * height * depth }, (_, i) => (i * 7) % 256);
  const file = Buffer.from(pngAddress(width, height, samples).replace("data:image/png;base64,", ""), "base64");
  expect(file.readUInt32BE(16)).toBe(width);
  expect(file.readUInt32BE(20)).toBe(height);
  const at = file.indexOf("IDAT");
  const lines = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
  for (let y = 0; y < height; y++)
    expect([...lines.subarray(y * (width * depth + 1) + 1, (y + 1) * (width * depth + 1))]).toEqual([
      ...samples.subarray(y * width * depth, (y + 1) * width * depth),
    ]);
});

test("planes, strengths and colours of a picture", () => {
  const pixels = { channels: 2, height: 1, width: 2, values: [0, 1, 2, 4], credits: [1, -2, 3, 1] };
  expect([...planeCredits(pixels, "all")]).toEqual([4, -1]);
  expect([...planeCredits(pixels, 1)]).toEqual([3, 1]);
  const credits = Float64Array.of(4, -1, NaN);
  expect(pixelScale(credits)).toBe(4);
  expect([...strength(credits, 4, "for")]).toEqual([255, 0, 0]);
  expect([...strength(credits, 4, "against")]).toEqual([0, 64, 0]);
  expect([...strength(credits, 4, "both")]).toEqual([255, 64, 0]);
  expect([...sampleColours(pixels)]).toEqual([0, 255]);
});

test("a smaller picture keeps the strongest pixel", () => {
  expect(shrink(Float64Array.of(1, -5, 2, 0), 2, 2, 1)).toEqual({ height: 1, width: 1, credits: Float64Array.of(-5) });
});
