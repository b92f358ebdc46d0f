import { describe, expect, test } from "vitest";
import { imageFormat } from "../../../src/data/media/imageFormat.js";
import { medoids } from "../../../src/explain/baseline/medoids.js";
import { blackIsZero, blackPicture, blurredPicture } from "../../../src/explain/baseline/picture.js";
import { defaultBaseline, resolveBaseline, suits, type BaselineSources } from "../../../src/explain/baselines.js";
import type { SidecarImage } from "../../../src/protocol/sidecar.js";
import { tensor, toNumbers } from "../../../src/tensor/tensor.js";
import { failure } from "../data/sampleFiles.js";

const format = (said: SidecarImage = {}, dims = [1, 1, 5, 5]): NonNullable<ReturnType<typeof imageFormat>> =>
  imageFormat(dims, said, { range: [0, 1] }) ?? expect.fail("no picture");
const dot = tensor(
  "float32",
  [1, 1, 5, 5],
  Array.from({ length: 25 }, (_, i) => (i === 12 ? 1 : 0)),
);
const sources = (role: BaselineSources["role"], image = role === "image" ? format() : undefined): BaselineSources => ({
  name: "x",
  role,
  dtype: "float32",
  hasFile: true,
  image,
  rows: [dot],
  ids: undefined,
  kept: [new Set()],
  hasTraining: false,
  population: () => Promise.resolve([dot]),
  medoids: (count) => Promise.resolve(Array.from({ length: count }, () => dot)),
  row: () => Promise.resolve(dot),
  file: () => Promise.resolve([dot]),
});

describe("pictures", () => {
  test("black is what pixel 0 becomes, channel by channel, first or last", () => {
    const said: SidecarImage = { mean: [0.5, 0.25, 0], std: [0.5, 0.5, 1] };
    const first = tensor("float32", [1, 3, 1, 2], [1, 1, 1, 1, 1, 1]);
    expect(Array.from(blackPicture(first, format(said, [1, 3, 1, 2]))?.data as Float32Array)).toEqual([-1, -1, -0.5, -0.5, 0, 0]);
    const last = tensor("float32", [1, 1, 2, 3], [1, 1, 1, 1, 1, 1]);
    expect(Array.from(blackPicture(last, format({ ...said, layout: "NHWC" }, [1, 8, 8, 3]))?.data as Float32Array)).toEqual([-1, -0.5, 0, -1, -0.5, 0]);
    expect([blackIsZero(format()), blackIsZero(format({ mean: [0.5] }))]).toEqual([true, false]);
  });

  test("a blurred dot keeps its sum and spreads alike to all sides", () => {
    const blurred = toNumbers(blurredPicture(dot, format(), 0.5) ?? expect.fail("no picture"));
    expect(blurred.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 6);
    expect(blurred[12]).toBeCloseTo(0.6187, 3);
    expect([blurred[7], blurred[17], blurred[13]].map((x) => x === blurred[11])).toEqual([true, true, true]);
  });

  test("an even picture stays as it is", () => {
    const even = tensor(
      "uint8",
      [1, 4, 4, 3],
      Array.from({ length: 48 }, (_, i) => (i % 3) * 40),
    );
    expect(blurredPicture(even, format({ layout: "NHWC" }), 2)?.data).toEqual(even.data);
  });
});

describe("medoids", () => {
  const groups = [
    [0, 0],
    [0, 2],
    [0, 1],
    [100, 1],
    [101, 1],
  ];
  test("the middle of each group, larger groups first, whatever the units", () => {
    expect(medoids(groups, 2)).toEqual([2, 3]);
    expect(
      medoids(
        groups.map(([a = 0, b = 0]) => [a * 1e-6, b, 7]),
        2,
      ),
    ).toEqual([2, 3]);
  });

  test("one of them is the most central; no more than there are points", () => {
    expect(medoids([[0], [10], [11], [12], [30]], 1)).toEqual([2]);
    expect([...medoids([[3], [4]], 9)].sort()).toEqual([0, 1]);
  });

  test("many points are thinned out", () => {
    const many = Array.from({ length: 5000 }, (_, i) => [i % 2 === 0 ? 0 : 10]);
    expect(new Set(medoids(many, 2).map((i) => i % 2))).toEqual(new Set([0, 1]));
  });
});

test("words for kinds of input", async () => {
  expect(defaultBaseline({ role: "image", dtype: "float32", ids: undefined, hasFile: true, hasTraining: true, image: format({ mean: [0.5] }) })).toBe("black");
  expect(defaultBaseline({ role: "image", dtype: "float32", ids: undefined, hasFile: true, hasTraining: true, image: format() })).toBe("zero");
  expect(
    ["black", "blur", "blur:2", "silence", "medoids:3"].map((word) => [
      suits(word, { role: "image", dtype: "float32" }),
      suits(word, { role: "audio", dtype: "float32" }),
      suits(word, { role: "tokens", dtype: "int64" }),
    ]),
  ).toEqual([
    [true, false, false],
    [true, false, false],
    [true, false, false],
    [false, true, false],
    [true, true, false],
  ]);
  expect((await resolveBaseline("silence", sources("audio"), false)).kind).toBe("rows");
  expect(await resolveBaseline("medoids:3", sources("features"), false)).toMatchObject({ kind: "distribution", tensor: { dims: [3, 1, 5, 5] } });
  for (const [word, role] of [
    ["blur", "features"],
    ["silence", "image"],
    ["blur:0", "image"],
    ["medoids", "tokens"],
  ] as const)
    expect(await failure(() => resolveBaseline(word, sources(role), false))).toMatchObject({ code: "BASELINE_INVALID" });
});
