import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { mapColumns, type InputSlot } from "../../../src/data/mapping.js";
import { audioFormat } from "../../../src/data/media/audioFormat.js";
import { imageFormat } from "../../../src/data/media/imageFormat.js";
import { resample } from "../../../src/data/media/resample.js";
import { openSamples, readRows } from "../../../src/data/samples.js";
import { rowsToTensors, type RowTensors } from "../../../src/data/toTensors.js";
import type { SidecarAudio, SidecarImage } from "../../../src/protocol/sidecar.js";
import type { DeclaredDim } from "../../../src/graph/ir.js";
import { failure, fileOf } from "./sampleFiles.js";

const fixture = (name: string): string => join(import.meta.dirname, "../../fixtures/data", name);
const digits = join(import.meta.dirname, "../../../examples/digits");

function imageSlot(dims: readonly DeclaredDim[], said: SidecarImage = {}): InputSlot {
  return { name: "image", dtype: "float32", dims, role: "image", image: imageFormat(dims, said, { range: [0, 1] }) ?? expect.fail("no picture") };
}

function audioSlot(dims: readonly DeclaredDim[], said: SidecarAudio = {}): InputSlot {
  return { name: "sound", dtype: "float32", dims, role: "audio", audio: audioFormat(dims, said) };
}

async function read(file: string, ...slots: readonly InputSlot[]): Promise<RowTensors> {
  const samples = await openSamples(file);
  const rows = await readRows(samples, [0]);
  const mapping = mapColumns(slots, samples.columns, rows);
  return rowsToTensors(rows, mapping, slots, undefined, file).finally(() => samples.close());
}

async function numbersOf(file: string, slot: InputSlot): Promise<{ dims: readonly number[]; data: number[] }> {
  const tensor = (await read(file, slot)).tensors[slot.name] ?? expect.fail("no tensor");
  return { dims: tensor.dims, data: Array.from(tensor.data, Number) };
}

/** Red, green above blue, white. */
const four = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
const picture = (kind: "png" | "webp" | "tiff" | "jpeg"): Promise<Buffer> =>
  sharp(four, { raw: { width: 2, height: 2, channels: 3 } })
    .toFormat(kind, { lossless: true, quality: 100, chromaSubsampling: "4:4:4", compression: "lzw" })
    .toBuffer();

describe("pictures", () => {
  test("a grey one becomes 0 to 1, channel first", async () => {
    const { dims, data } = await numbersOf(join(digits, "samples/1191-6.png"), imageSlot(["batch", 1, 8, 8]));
    expect(dims).toEqual([1, 1, 8, 8]);
    expect(data.slice(0, 8)).toEqual([0, 0, 32, 223, 223, 0, 0, 0].map((p) => Math.fround(p / 255)));
  });

  test.each(["png", "webp", "tiff"] as const)("%s, without loss", async (kind) => {
    const { dims, data } = await numbersOf(await fileOf(`x.${kind}`, await picture(kind)), imageSlot([1, 3, 2, 2]));
    expect(dims).toEqual([1, 3, 2, 2]);
    expect(data).toEqual([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1]);
  });

  test("jpeg", async () => {
    const { data } = await numbersOf(
      await fileOf(
        "x.jpg",
        await sharp({ create: { width: 8, height: 8, channels: 3, background: "#ff8000" } })
          .jpeg()
          .toBuffer(),
      ),
      imageSlot([1, 3, 8, 8]),
    );
    expect(data[0]).toBeCloseTo(1, 1);
    expect(data[64]).toBeCloseTo(0.5, 1);
    expect(data[128]).toBeCloseTo(0, 1);
  });

  test("channels last, blue first, range, mean and deviation", async () => {
    const said = { colours: "bgr", range: [-1, 1], mean: [0, 0.5, 0], std: [1, 1, 2] } as const;
    const { dims, data } = await numbersOf(await fileOf("x.png", await picture("png")), imageSlot(["n", 2, 2, 3], said));
    expect(dims).toEqual([1, 2, 2, 3]);
    expect(data).toEqual([-1, -1.5, 0.5, -1, 0.5, -0.5, 1, -1.5, -0.5, 1, 0.5, 0.5]);
  });

  test("grey by the weights of ITU-R BT.601", async () => {
    const { data } = await numbersOf(await fileOf("x.png", await picture("png")), imageSlot(["n", 1, 2, 2], { range: [0, 255] }));
    expect(data).toEqual([76, 150, 29, 255]);
  });

  test("scaled to the input's size: stretched, cut, padded", async () => {
    const wide = await fileOf(
      "x.png",
      await sharp({ create: { width: 40, height: 20, channels: 3, background: "#fff" } })
        .png()
        .toBuffer(),
    );
    expect((await numbersOf(wide, imageSlot(["n", 3, 8, 8]))).data.every((x) => x === 1)).toBe(true);
    expect((await numbersOf(wide, imageSlot(["n", 3, 8, 8], { fit: "crop", shortestEdge: 10 }))).dims).toEqual([1, 3, 8, 8]);
    const padded = await numbersOf(wide, imageSlot(["n", 3, 8, 8], { fit: "pad" }));
    expect([padded.data[0], padded.data[4 * 8 + 4]]).toEqual([0, 1]);
  });

  test("decoded and scaled level for level as Pillow does it", async () => {
    const expected = async (name: string): Promise<number[]> => {
      const samples = await openSamples(fixture(`${name}.npy`));
      return (await readRows(samples, "all")).flatMap(({ cells }) => cells["value"] as number[]).flat(2);
    };
    const levels = { layout: "NHWC", range: [0, 255] } as const;
    for (const filter of ["nearest", "bilinear", "bicubic", "lanczos"] as const)
      expect((await numbersOf(fixture("picture.png"), imageSlot(["n", 36, 13, 3], { ...levels, resample: filter }))).data, filter).toEqual(
        await expected(filter),
      );
    const decoded = await expected("decoded");
    expect((await numbersOf(fixture("picture.jpg"), imageSlot(["n", 30, 41, 3], levels))).data.slice(0, decoded.length)).toEqual(decoded);
  });

  test("an input of any size takes the picture's", async () => {
    expect((await numbersOf(await fileOf("x.png", await picture("png")), imageSlot(["n", 3, null, null]))).dims).toEqual([1, 3, 2, 2]);
  });

  test("beside numbers in a table; a folder with a folder for each class", async () => {
    const file = await fileOf("samples.csv", "photo,age,weight\npictures/cat/a.png,3,4.5\n");
    await mkdir(join(dirname(file), "pictures/cat"), { recursive: true });
    await writeFile(join(dirname(file), "pictures/cat/a.png"), await picture("png"));
    const numbers: InputSlot = { name: "numbers", dtype: "float32", dims: ["n", 2], role: "features" };
    const { tensors } = await read(file, imageSlot(["n", 3, 2, 2]), numbers);
    expect(tensors["image"]?.dims).toEqual([1, 3, 2, 2]);
    expect(Array.from(tensors["numbers"]?.data ?? [], Number)).toEqual([3, 4.5]);
    const folder = await openSamples(join(dirname(file), "pictures"));
    expect([folder.columns, (await folder.rows(0, 5))[0]?.cells]).toEqual([["image", "label"], { image: "a.png", label: "cat" }]);
  });

  test("a table can't name files outside its folder", async () => {
    for (const path of ["../secret.png", "/etc/secret.png"])
      expect(await failure(async () => read(await fileOf("samples.csv", `photo\n${path}\n`), imageSlot(["n", 3, 2, 2])))).toMatchObject({
        code: "SAMPLES_INVALID",
      });
  });
});

/** A WAV file: `bits` of `kind` (1 whole numbers, 3 floats). */
function wav(samples: readonly number[], { kind = 1, bits = 16, channels = 1, rate = 8000 } = {}): Uint8Array {
  const size = (samples.length * bits) / 8;
  const bytes = new Uint8Array(44 + size);
  const view = new DataView(bytes.buffer);
  const put = (at: number, text: string): void => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  put(0, "RIFF");
  view.setUint32(4, 36 + size, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, kind, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, (rate * channels * bits) / 8, true);
  view.setUint16(32, (channels * bits) / 8, true);
  view.setUint16(34, bits, true);
  put(36, "data");
  view.setUint32(40, size, true);
  samples.forEach((x, i) => {
    const at = 44 + (i * bits) / 8;
    if (kind === 3) view.setFloat32(at, x, true);
    else if (bits === 8) view.setUint8(at, x + 128);
    else if (bits === 16) view.setInt16(at, x, true);
    else {
      view.setUint16(at, x & 0xffff, true);
      view.setInt8(at + 2, x >> 16);
    }
  });
  return bytes;
}

describe("sounds", () => {
  test.each([
    ["8 bits", [64, -128], { bits: 8 }, [0.5, -1]],
    ["16 bits", [16384, -32768], { bits: 16 }, [0.5, -1]],
    ["24 bits", [4194304, -8388608], { bits: 24 }, [0.5, -1]],
    ["floats", [0.5, -1], { kind: 3, bits: 32 }, [0.5, -1]],
    ["stereo, mixed down", [16384, 0, -32768, 0], { channels: 2 }, [0.25, -0.5]],
  ])("%s", async (_, samples, options, expected) => {
    expect(await numbersOf(await fileOf("x.wav", wav(samples, options)), audioSlot(["n", "samples"]))).toEqual({ dims: [1, 2], data: expected });
  });

  test.each([
    ["alaw.wav", [0.16796875, 0.3046875, 0.4140625, 0.4765625, 0.4765625]],
    ["ulaw.wav", [0.1639404296875, 0.3162841796875, 0.4256591796875, 0.4725341796875, 0.4881591796875]],
    ["pcm_32.wav", [0.1654052734375, 0.311248779296875, 0.4202880859375, 0.479644775390625, 0.482269287109375]],
    ["double.wav", [5420, 10199, 13772, 15717, 15803]],
  ])("%s, as soundfile reads it", async (name, expected) => {
    expect((await numbersOf(fixture(name), audioSlot(["n", "t"]))).data.slice(1, 6)).toEqual(expected);
  });

  test("FLAC holds the same samples as WAV; 24 bits, two channels", async () => {
    const flac = await numbersOf(fixture("tone.flac"), audioSlot(["n", "t"]));
    expect(flac.dims).toEqual([1, 800]);
    expect(flac.data).toEqual((await numbersOf(fixture("tone.wav"), audioSlot(["n", "t"]))).data);
    const stereo = await numbersOf(fixture("stereo24.flac"), audioSlot(["n", 2, "t"]));
    expect(stereo.dims).toEqual([1, 2, 400]);
    expect(stereo.data[401]).toBe(-(flac.data[1] ?? NaN));
  });

  test("a length that the model fixes, without a batch axis, with a channel axis", async () => {
    const file = await fileOf("x.wav", wav([16384, -16384, 8192]));
    expect(await numbersOf(file, audioSlot(["n", 5]))).toEqual({ dims: [1, 5], data: [0.5, -0.5, 0.25, 0, 0] });
    expect(await numbersOf(file, audioSlot(["samples"]))).toEqual({ dims: [3], data: [0.5, -0.5, 0.25] });
    expect((await numbersOf(file, audioSlot(["n", 1, "t"]))).dims).toEqual([1, 1, 3]);
    expect((await read(file, audioSlot(["n", 2]))).diagnostics).toMatchObject([{ code: "APPROXIMATION" }]);
  });

  test("a state starts at zero, a flag takes the file's rate", async () => {
    const state: InputSlot = { name: "state", dtype: "float32", dims: [2, null, 3], role: "state", value: 0 };
    const rate: InputSlot = { name: "sr", dtype: "int64", dims: [], role: "flag" };
    const { tensors } = await read(await fileOf("x.wav", wav([1, 2])), audioSlot(["n", "t"]), state, rate);
    expect(tensors["state"]).toEqual({ dtype: "float32", dims: [2, 1, 3], data: new Float32Array(6) });
    expect(tensors["sr"]).toEqual({ dtype: "int64", dims: [], data: BigInt64Array.of(8000n) });
  });

  test("another rate keeps the tone", () => {
    const tone = (rate: number, count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / rate));
    const made = resample(tone(44100, 44100), 44100, 16000);
    expect(made.length).toBe(16000);
    const wanted = tone(16000, 16000);
    expect(Math.max(...made.subarray(200, 15800).map((x, i) => Math.abs(x - (wanted[i + 200] ?? 0))))).toBeLessThan(0.01);
  });
});
