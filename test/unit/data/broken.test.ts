import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { zipSync } from "fflate";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { DiagnosticCode } from "../../../src/base/diagnostic.js";
import { mapColumns, type InputSlot } from "../../../src/data/mapping.js";
import { audioFormat } from "../../../src/data/media/audioFormat.js";
import { imageFormat } from "../../../src/data/media/imageFormat.js";
import { openSamples, readRows } from "../../../src/data/samples.js";
import { rowsToTensors } from "../../../src/data/toTensors.js";
import { TensorProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";
import { failure, fileOf } from "./sampleFiles.js";

/** Everything that a sample file can have wrong, reader by reader: each is told with a code and, where the format has one, the place. What a bomb unpacks to is refused before memory is taken. */

const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, "../../fixtures/data", name));
const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, "utf16le")]);

const two: InputSlot = { name: "x", dtype: "float32", dims: ["batch", 2], role: "features" };
const picture: InputSlot = {
  name: "image",
  dtype: "float32",
  dims: ["batch", 3, 2, 2],
  role: "image",
  image: imageFormat(["batch", 3, 2, 2], {}, { range: [0, 1] }) ?? expect.fail("no picture"),
};
const sound: InputSlot = { name: "sound", dtype: "float32", dims: ["batch", "time"], role: "audio", audio: audioFormat(["batch", "time"], {}) };

/** Reads all rows of a file with this content as an input's values. */
async function read(name: string, content: string | Uint8Array, slot: InputSlot = two): Promise<void> {
  const file = await fileOf(name, content);
  const samples = await openSamples(file);
  try {
    const rows = await readRows(samples, "all");
    const mapping = mapColumns([slot], samples.columns, rows);
    for (const row of rows) await rowsToTensors([row], mapping, [slot], undefined, file);
  } finally {
    await samples.close();
  }
}

function npy(header: string, data: Uint8Array): Uint8Array {
  const text = header.padEnd(117) + "\n";
  return Buffer.concat([Buffer.of(0x93), Buffer.from("NUMPY"), Buffer.of(1, 0, text.length & 255, text.length >> 8), Buffer.from(text), data]);
}
const npyOf = (descr: string, shape: string, data: Uint8Array): Uint8Array => npy(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`, data);
const floats = (...numbers: number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);

/** A PNG whose header says `width` × `height`; its pixels are zeros, which pack a thousandfold. */
function png(width: number, height: number, rows: number): Uint8Array {
  const chunk = (kind: string, body: Uint8Array): Buffer => {
    const data = Buffer.concat([Buffer.from(kind), body]);
    const around = Buffer.alloc(8);
    around.writeUInt32BE(body.length, 0);
    around.writeUInt32BE(crc32(data), 4);
    return Buffer.concat([around.subarray(0, 4), data, around.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(rows * (1 + width * 3)));
  return Buffer.concat([Buffer.of(137, 80, 78, 71, 13, 10, 26, 10), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

const pixels = sharp(
  Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251),
  { raw: { width: 64, height: 64, channels: 3 } },
);

interface Place {
  readonly line?: number;
  readonly column?: number;
}
type Case = readonly [
  what: string,
  name: string,
  content: () => string | Uint8Array | Promise<Uint8Array>,
  code: DiagnosticCode,
  place?: Place,
  slot?: InputSlot,
];

const half = async (bytes: Promise<Uint8Array> | Uint8Array): Promise<Uint8Array> => (await bytes).subarray(0, Math.floor((await bytes).length / 2));

const cases: readonly Case[] = [
  ["CSV: empty", "x.csv", () => "", "SAMPLES_EMPTY"],
  ["CSV: a header alone", "x.csv", () => "a,b\n", "SAMPLES_EMPTY"],
  ["CSV: blank lines alone", "x.csv", () => "\n\r\n\n", "SAMPLES_EMPTY"],
  ["CSV: cut off inside quotes", "x.csv", () => 'a,b\n1,2\n3,"4', "SAMPLES_INVALID", { line: 3 }],
  ["CSV: a quote in the middle of a field", "x.csv", () => 'a,b\n1,2\n3,"4"5\n', "SAMPLES_INVALID", { line: 3 }],
  ["CSV: a row that is too short", "x.csv", () => "a,b\n1,2\n3\n", "SAMPLES_INVALID", { line: 3 }],
  ["CSV: a row that is too long, mixed line ends", "x.csv", () => "a,b\r\n1,2\n\r\n3,4,5\r\n", "SAMPLES_INVALID", { line: 4 }],
  ["CSV: NaN", "x.csv", () => "a,b\n1,2\n3,NaN\n", "VALUE_NOT_A_NUMBER", { line: 3 }],
  ["CSV: a word among numbers", "x.csv", () => "a,b\n1,2\n3,4\nx,5\n", "VALUE_NOT_A_NUMBER", { line: 4 }],
  ["CSV: UTF-16", "x.csv", () => utf16("a,b\n1,2\n"), "SAMPLES_INVALID"],
  ["CSV: Latin-1", "x.csv", () => latin("a,b\n1,2\n\xe9,3\n"), "SAMPLES_INVALID", { line: 3 }],
  ["CSV: a program under that suffix", "x.csv", () => Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1), "SAMPLES_INVALID"],
  ["TSV: too few numbers", "x.tsv", () => "a\n1\n2\n", "COLUMN_MISSING"],
  ["JSON: cut off", "x.json", () => '[{"a": 1, "b": 2},\n {"a": 3', "SAMPLES_INVALID", { line: 2 }],
  ["JSON: NaN", "x.json", () => '[{"a": NaN}]', "SAMPLES_INVALID", { line: 1, column: 8 }],
  ["JSON: a single text", "x.json", () => '"hello"', "SAMPLES_INVALID"],
  ["JSON: no rows", "x.json", () => "[]", "SAMPLES_EMPTY"],
  ["JSON: null where a number belongs", "x.json", () => '[{"x": [1, null]}]', "VALUE_NOT_A_NUMBER"],
  ["JSON: lists of different length inside", "x.json", () => '[{"x": [[1], 2]}]', "INPUT_INVALID"],
  ["JSON: nested a hundred thousand deep", "x.json", () => `[${"[".repeat(1e5)}1${"]".repeat(1e5)}]`, "SAMPLES_INVALID"],
  ["JSON: opened a hundred thousand times", "x.json", () => "[".repeat(1e5), "SAMPLES_INVALID"],
  ["JSON: UTF-16", "x.json", () => utf16('[{"a":1}]'), "SAMPLES_INVALID"],
  ["JSON: Latin-1", "x.json", () => latin('[{"a":"\xe9"}]'), "SAMPLES_INVALID"],
  ["JSONL: a broken line", "x.jsonl", () => '{"x": [1, 2]}\n{"x": [3,\n', "SAMPLES_INVALID", { line: 2 }],
  ["JSONL: a row without the column", "x.jsonl", () => '{"x": [1, 2]}\n{"y": 3}\n', "COLUMN_MISSING", { line: 2 }],
  ["JSONL: a row of another length", "x.jsonl", () => '{"x": [1, 2]}\n{"x": [3]}\n', "INPUT_INVALID"],
  ["JSONL: Latin-1", "x.jsonl", () => latin('{"x": [1, 2]}\n{"t": "\xe9"}\n'), "SAMPLES_INVALID", { line: 2 }],
  ["JSONL: nested a hundred thousand deep", "x.jsonl", () => `{"x": ${"[".repeat(1e5)}${"]".repeat(1e5)}}`, "SAMPLES_INVALID", { line: 1 }],
  ["text: blank lines alone", "x.txt", () => "\n\r\n\n", "SAMPLES_EMPTY"],
  ["text: where numbers belong", "x.txt", () => "hello\n", "COLUMN_MISSING"],
  ["NPY: empty header", "x.npy", () => Uint8Array.of(0x93), "SAMPLES_INVALID"],
  ["NPY: another kind under that suffix", "x.npy", () => "a,b\n1,2\n", "SAMPLES_INVALID"],
  ["NPY: cut off", "x.npy", () => npyOf("<f4", "(2, 2)", floats(1, 2, 3)), "SAMPLES_INVALID"],
  ["NPY: an absurd shape", "x.npy", () => npyOf("<f4", "(4000000000, 4000000000)", floats(1)), "SAMPLES_INVALID"],
  ["NPY: a shape that wraps around", "x.npy", () => npyOf("<f4", "(18446744073709551616, 2)", floats(1)), "SAMPLES_INVALID"],
  ["NPY: Python objects", "x.npy", () => npyOf("|O", "(2,)", floats(1, 2)), "SAMPLES_INVALID"],
  ["NPY: complex numbers", "x.npy", () => npyOf("<c8", "(2,)", floats(1, 2, 3, 4)), "SAMPLES_INVALID"],
  ["NPY: NaN", "x.npy", () => npyOf("<f4", "(1, 2)", floats(1, NaN)), "VALUE_NOT_A_NUMBER"],
  ["NPY: another width", "x.npy", () => npyOf("<f4", "(1, 3)", floats(1, 2, 3)), "COLUMN_MISSING"],
  ["NPY: no rows", "x.npy", () => npyOf("<f4", "(0, 2)", floats()), "SAMPLES_EMPTY"],
  ["NPZ: not an archive", "x.npz", () => "PK nothing", "SAMPLES_INVALID"],
  ["NPZ: cut off", "x.npz", () => half(fixture("compressed.npz")), "SAMPLES_INVALID"],
  ["NPZ: rows that do not agree", "x.npz", () => fixture("ragged.npz"), "SAMPLES_INVALID"],
  ["NPZ: no array", "x.npz", () => zipSync({ "readme.txt": latin("hello") }), "SAMPLES_EMPTY"],
  ["NPZ: announces 4 GB", "x.npz", () => announcing(zipSync({ "x.npy": npyOf("<f4", "(1, 2)", floats(1, 2)) }), 0xfffffff0), "SAMPLES_INVALID"],
  ["NPZ: announces less than it holds", "x.npz", () => announcing(zipSync({ "x.npy": new Uint8Array(1e6) }), 64), "SAMPLES_INVALID"],
  ["TensorProto: not one", "x.pb", () => Uint8Array.of(0xff, 0xff, 0xff), "SAMPLES_INVALID"],
  ["TensorProto: cut off", "x.pb", () => half(pb([2, 2], floats(1, 2, 3, 4))), "SAMPLES_INVALID"],
  ["TensorProto: fewer numbers than its shape", "x.pb", () => pb([2, 2], floats(1, 2)), "SAMPLES_INVALID"],
  ["TensorProto: an absurd shape", "x.pb", () => pb([2 ** 40, 2 ** 12], floats(1)), "SAMPLES_INVALID"],
  ["TensorProto: a shape of a gigabyte", "x.pb", () => pb([2 ** 14, 2 ** 14], floats(1)), "SAMPLES_INVALID"],
  ["TensorProto: negative shape", "x.pb", () => pb([-1, 2], floats(1, 2)), "SAMPLES_INVALID"],
  ["Parquet: cut off", "x.parquet", () => half(fixture("zstd.parquet")), "SAMPLES_INVALID"],
  ["Parquet: its end alone", "x.parquet", async () => (await fixture("zstd.parquet")).subarray(900), "SAMPLES_INVALID"],
  ["Parquet: another kind under that suffix", "x.parquet", () => "a,b\n1,2\n", "SAMPLES_INVALID"],
  ["PNG: cut off", "x.png", () => half(pixels.clone().png().toBuffer()), "SAMPLES_INVALID", {}, picture],
  ["JPEG: cut off", "x.jpg", () => half(pixels.clone().jpeg().toBuffer()), "SAMPLES_INVALID", {}, picture],
  ["WebP: cut off", "x.webp", () => half(pixels.clone().webp().toBuffer()), "SAMPLES_INVALID", {}, picture],
  ["TIFF: cut off", "x.tiff", () => half(pixels.clone().tiff({ compression: "lzw" }).toBuffer()), "SAMPLES_INVALID", {}, picture],
  ["PNG: another kind under that suffix", "x.png", () => "not a picture", "SAMPLES_INVALID", {}, picture],
  ["PNG: an SVG under that suffix", "x.png", () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "SAMPLES_INVALID", {}, picture],
  ["PNG: announces 40 000 × 40 000 pixels", "x.png", () => png(40000, 40000, 1), "SAMPLES_INVALID", {}, picture],
  ["picture: where numbers belong", "x.png", () => png(2, 2, 2), "COLUMN_MISSING"],
  ["WAV: another kind under that suffix", "x.wav", () => "not a sound", "SAMPLES_INVALID", {}, sound],
  ["WAV: cut off", "x.wav", () => half(fixture("tone.wav")), "SAMPLES_INVALID", {}, sound],
  ["WAV: cut off in its header", "x.wav", async () => (await fixture("tone.wav")).subarray(0, 30), "SAMPLES_INVALID", {}, sound],
  ["WAV: no samples", "x.wav", async () => Buffer.concat([(await fixture("tone.wav")).subarray(0, 40), Buffer.alloc(4)]), "SAMPLES_EMPTY", {}, sound],
  ["FLAC: another kind under that suffix", "x.flac", () => "not a sound", "SAMPLES_INVALID", {}, sound],
  ["FLAC: cut off", "x.flac", () => half(fixture("tone.flac")), "SAMPLES_INVALID", {}, sound],
  ["FLAC: announces hours", "x.flac", async () => Buffer.from(await fixture("tone.flac")).fill(0xff, 22, 26), "SAMPLES_INVALID", {}, sound],
  ["MP3: a kind that is refused", "x.mp3", () => "ID3", "SAMPLES_INVALID", {}, sound],
  ["XLSX: a kind that is refused", "x.xlsx", () => "PK", "SAMPLES_INVALID"],
];

/** The archive with another unpacked size in its directory and its local header. */
function announcing(zip: Uint8Array, size: number): Uint8Array {
  const copy = Buffer.from(zip);
  const directory = copy.indexOf(Buffer.from("PK\x01\x02", "latin1"));
  copy.writeUInt32LE(size, directory + 24);
  copy.writeUInt32LE(size, copy.indexOf(Buffer.from("PK\x03\x04", "latin1")) + 22);
  return copy;
}

function pb(dims: readonly number[], raw: Uint8Array): Uint8Array {
  return toBinary(TensorProtoSchema, create(TensorProtoSchema, { name: "x", dataType: 1, dims: dims.map(BigInt), rawData: raw }));
}

test.each(cases.map(([what, ...rest]) => ({ what, rest })))("$what", async ({ rest: [name, content, code, place = {}, slot = two] }) => {
  const bytes = await content();
  const found = await failure(() => read(name, bytes, slot));
  expect(found).toMatchObject({ code, ...place });
  expect(found.message.length).toBeGreaterThan(10);
});

describe("what is odd but whole is read", () => {
  test.each([
    ["a byte-order mark", "x.csv", "\uFEFFa,b\n1,2\n"],
    ["mixed line ends", "x.csv", "a,b\r\n1,2\n3,4\r\n"],
    ["old line ends", "x.csv", "a,b\r1,2\r"],
    ["no line end at the end", "x.csv", "a,b\n1,2"],
    ["quotes around everything", "x.csv", '"a","b"\n"1","2"\n'],
    ["a byte-order mark in JSON", "x.json", '\uFEFF[{"x": [1, 2]}]'],
    ["a byte-order mark and blank lines in JSON lines", "x.jsonl", '\uFEFF{"x": [1, 2]}\r\n\n{"x": [3, 4]}'],
  ])("%s", async (_, name, content) => {
    await read(name, content);
  });
});

test("a picture in a table that is not there names the row", async () => {
  const file = await fileOf("x.csv", "photo\na.png\n");
  await mkdir(join(dirname(file), "b"));
  await writeFile(join(dirname(file), "b/a.png"), "x");
  expect(await failure(() => read("x.csv", "photo\nmissing.png\n", picture))).toMatchObject({ code: "FILE_NOT_FOUND" });
});
