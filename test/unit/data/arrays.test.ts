import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { zipSync } from "fflate";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { mapColumns, type InputSlot } from "../../../src/data/mapping.js";
import { openSamples, readRows, type CellValue } from "../../../src/data/samples.js";
import { rowsToTensors } from "../../../src/data/toTensors.js";
import { TensorProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";
import { failure, fileOf, opened } from "./sampleFiles.js";

const fixture = (name: string): string => join(import.meta.dirname, "../../fixtures/data", name);
const cellsOf = async (file: string): Promise<Readonly<Record<string, CellValue>>[]> =>
  (await readRows(await openSamples(file), "all")).map((row) => row.cells);

describe("NPY", () => {
  test.each(["float32", "fortran", "big-endian", "half"])("%s", async (name) => {
    expect(await cellsOf(fixture(`${name}.npy`))).toEqual([{ value: [0, 0.5, 1] }, { value: [1.5, 2, 2.5] }]);
  });

  test("whole numbers, truth values, texts, one axis", async () => {
    expect(await cellsOf(fixture("int64.npy"))).toEqual([{ value: [0, 1, 2] }, { value: [3, 4, 5] }]);
    expect(await cellsOf(fixture("bool.npy"))).toEqual([{ value: [false, true, false] }, { value: [true, false, true] }]);
    expect(await cellsOf(fixture("texts.npy"))).toEqual([{ value: ["film", "日本 👍"] }]);
    expect(await cellsOf(fixture("vector.npy"))).toEqual([{ value: [1.5, -2, 3] }]);
  });

  test("feeds an input of its width", async () => {
    const samples = await openSamples(fixture("fortran.npy"));
    const slots: InputSlot[] = [{ name: "x", dtype: "float32", dims: ["batch", 3], role: "features" }];
    const rows = await readRows(samples, "all");
    const { tensors } = await rowsToTensors(rows, mapColumns(slots, samples.columns, rows), slots);
    expect(tensors["x"]).toEqual({ dtype: "float32", dims: [2, 3], data: Float32Array.from([0, 0.5, 1, 1.5, 2, 2.5]) });
    expect((await failure(() => mapColumns([{ ...(slots[0] ?? expect.fail("no slot")), dims: ["batch", 8] }], samples.columns, rows))).message).toBe(
      'The input "x" takes 8 numbers, but the sample file has no column of numbers. "value" holds lists of 3.',
    );
  });

  test("objects and complex numbers are refused with a reason; no allocation by a false header", async () => {
    expect((await failure(() => openSamples(fixture("objects.npy")))).message).toContain("pickles");
    expect((await failure(() => openSamples(fixture("complex.npy")))).message).toContain("<c16");
    const whole = await readFile(fixture("float32.npy"));
    for (const length of [3, 9, 40, whole.length - 1])
      expect((await failure(() => opened("x.npy", whole.subarray(0, length)))).code, String(length)).toBe("SAMPLES_INVALID");
    const huge = Buffer.from(whole.toString("latin1").replace("(2, 3)", "(999999999999, 3)").replace("            \n", "\n"), "latin1");
    expect((await failure(() => opened("x.npy", huge))).code).toBe("SAMPLES_INVALID");
    expect((await failure(() => opened("x.npy", "not an array at all"))).message).toContain("NumPy");
  });
});

describe("NPZ", () => {
  test("each array a column, a single value in every row", async () => {
    expect(await cellsOf(fixture("arrays.npz"))).toEqual([
      { x: [0, 0.5, 1], label: 1, rate: 16000 },
      { x: [1.5, 2, 2.5], label: 0, rate: 16000 },
    ]);
    expect(await cellsOf(fixture("compressed.npz"))).toEqual([{ x: [0, 1, 2] }, { x: [3, 4, 5] }]);
  });

  test("broken archives", async () => {
    expect((await failure(() => openSamples(fixture("ragged.npz")))).message).toContain('"x" has 2, "y" has 5');
    const whole = await readFile(fixture("arrays.npz"));
    expect((await failure(() => opened("x.npz", whole.subarray(0, whole.length / 2)))).code).toBe("SAMPLES_INVALID");
    expect((await failure(() => opened("x.npz", zipSync({ "a.txt": new Uint8Array(3) })))).code).toBe("SAMPLES_EMPTY");
  });

  test("an archive that claims to unpack to more than the limit is refused before it is unpacked", async () => {
    const zip = Buffer.from(zipSync({ "x.npy": new Uint8Array(1000) }));
    // The uncompressed size in the central directory (offset 24 of its entry).
    zip.writeUInt32LE(0x7fffffff, zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    expect((await failure(() => opened("x.npz", zip))).message).toContain("2048 MB; the limit is 512");
  });
});

describe("TensorProto", () => {
  const tensorFile = (name: string, dims: bigint[], floatData: number[]): Uint8Array =>
    toBinary(TensorProtoSchema, create(TensorProtoSchema, { name, dims, dataType: 1, floatData }));

  test("a tensor; the inputs of a test folder together", async () => {
    const file = await fileOf("x.pb", tensorFile("measurements", [2n, 2n], [1, 2, 3, 4]));
    expect(await cellsOf(file)).toEqual([{ measurements: [1, 2] }, { measurements: [3, 4] }]);
    const first = await fileOf("input_0.pb", tensorFile("", [2n, 2n], [1, 2, 3, 4]));
    await writeFile(join(dirname(first), "input_1.pb"), tensorFile("", [2n, 1n], [5, 6]));
    expect(await cellsOf(first)).toEqual([
      { input_0: [1, 2], input_1: [5] },
      { input_0: [3, 4], input_1: [6] },
    ]);
  });

  test("inputs without names go by position, inputs of different length are one row", async () => {
    const first = await fileOf("input_0.pb", tensorFile("", [1n, 2n], [1, 2]));
    await writeFile(join(dirname(first), "input_1.pb"), tensorFile("", [3n, 1n, 2n], [1, 2, 3, 4, 5, 6]));
    await writeFile(join(dirname(first), "input_2.pb"), tensorFile("", [], [7]));
    const slots: InputSlot[] = [
      { name: "b", dtype: "float32", dims: ["batch", 2], role: "features" },
      { name: "a", dtype: "float32", dims: [3, "batch", 2], role: "state", value: 0 },
      { name: "c", dtype: "float32", dims: [], role: "flag" },
    ];
    const samples = await openSamples(dirname(first));
    const rows = await readRows(samples, "all");
    expect(rows).toHaveLength(1);
    const { tensors } = await rowsToTensors(rows, mapColumns(slots, samples.columns, rows), slots);
    expect(Object.fromEntries(Object.entries(tensors).map(([name, { dims, data }]) => [name, [dims, Array.from(data, Number)]]))).toEqual({
      b: [
        [1, 2],
        [1, 2],
      ],
      a: [
        [3, 1, 2],
        [1, 2, 3, 4, 5, 6],
      ],
      c: [[], [7]],
    });
  });

  test("another file, a cut one, a false size", async () => {
    for (const bytes of [
      Buffer.from("no tensor"),
      tensorFile("x", [2n, 2n], [1, 2, 3, 4]).subarray(0, 12),
      tensorFile("x", [9n, 2n], [1, 2]),
      tensorFile("x", [1n << 62n], [1]),
    ])
      expect((await failure(() => opened("x.pb", bytes))).code).toBe("SAMPLES_INVALID");
  });
});
