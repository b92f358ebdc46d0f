import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { zipSync } from "fflate";
import { TensorProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { ExplanationView } from "../../../src/protocol/viewModel.js";
import { example, explain } from "./explain.js";

/** The suite's bundle lies in .cache/inhost of the project. */
const fixture = (name: string): string => join(__dirname, "../../test/fixtures/data", name);

const names = ["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"];
const numbers = [4, 134, 72, 0, 0, 23.8, 0.277, 60];

/** Each kind of sample file, explained in the panel by the extension that is installed: the same sample gives the same answer whatever it is written in. */
export const fileKindCases: Readonly<Record<string, () => Promise<void>>> = {
  "tables, arrays and tensors: one patient in every kind of file": async () => {
    const folder = mkdtempSync(join(tmpdir(), "explain-kinds-"));
    const write = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const raw = new Uint8Array(Float32Array.from(numbers).buffer);
    const header = `${"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 8), }".padEnd(117)}\n`;
    const npy = Buffer.concat([Buffer.of(0x93), Buffer.from("NUMPY"), Buffer.of(1, 0, header.length, 0), Buffer.from(header), raw]);
    const pb = toBinary(TensorProtoSchema, create(TensorProtoSchema, { name: "measurements", dataType: 1, dims: [1n, 8n], rawData: raw }));
    mkdirSync(join(folder, "test_data_set_0"));
    try {
      const files = [
        write("x.tsv", `${names.join("\t")}\n${numbers.join("\t")}\n`),
        write("x.json", JSON.stringify([Object.fromEntries(names.map((name, i) => [name, numbers[i]]))])),
        write("x.jsonl", `${JSON.stringify({ measurements: numbers })}\n`),
        write("x.npy", npy),
        write("x.npz", zipSync({ "measurements.npy": npy })),
        write("x.pb", pb),
        write("test_data_set_0/input_0.pb", pb).replace(/[/\\]input_0\.pb$/, ""),
        fixture("diabetes.parquet"),
      ];
      const model = example("diabetes/model.onnx");
      const known = (await explained({ model, samples: example("diabetes/samples.csv"), rows: [0] })).inputs;
      for (const samples of files) deepStrictEqual([samples, creditsOf((await explained({ model, samples, rows: [0] })).inputs)], [samples, creditsOf(known)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },

  "pictures: PNG, WebP, TIFF and JPEG of one digit": async () => {
    const model = example("digits/model.onnx");
    const png = await explained({ model, samples: example("digits/samples/1191-6.png"), rows: [0] });
    strictEqual(png.prediction.label, "6");
    for (const name of ["digit.webp", "digit.tiff"])
      deepStrictEqual(creditsOf((await explained({ model, samples: fixture(name), rows: [0] })).inputs), creditsOf(png.inputs));
    // JPEG loses a little.
    strictEqual((await explained({ model, samples: fixture("digit.jpg"), rows: [0] })).prediction.label, "6");
    // Numbers in names count as numbers: the folder's fourth.
    const folder = await explained({ model, samples: example("digits/samples"), rows: [3] });
    deepStrictEqual(creditsOf(folder.inputs), creditsOf(png.inputs));
  },

  "sounds: WAV and FLAC of one vowel; others say how to convert them": async () => {
    const model = example("speech/model.onnx");
    const wav = await explained({ model, samples: example("speech/samples/vowel-a.wav"), rows: [0] });
    deepStrictEqual(creditsOf((await explained({ model, samples: fixture("vowel.flac"), rows: [0] })).inputs), creditsOf(wav.inputs));
    const folder = mkdtempSync(join(tmpdir(), "explain-kinds-"));
    try {
      for (const suffix of ["mp3", "ogg", "m4a"]) {
        copyFileSync(fixture("vowel.flac"), join(folder, `vowel.${suffix}`));
        const { phase, error } = await explain({ model, samples: join(folder, `vowel.${suffix}`), rows: [0] });
        deepStrictEqual([phase, error?.code], ["failed", "SAMPLES_INVALID"]);
        match(error?.hint ?? "", /ffmpeg/);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },

  "text: a line each, two texts in one line, and a text and numbers in one row": async () => {
    const folder = mkdtempSync(join(tmpdir(), "explain-kinds-"));
    try {
      const model = example("story/model.onnx");
      const samples = join(folder, "stories.txt");
      writeFileSync(samples, "Mary went to the office. ‖ Where is Mary?\nTom went to the garden. ‖ Where is Tom?\n");
      const request = { model, samples, columns: { input_ids: ["text"] } };
      strictEqual((await explained({ ...request, rows: [0] })).prediction.label, "office");
      const both = await explained({ model: example("review-profile/model.onnx"), samples: example("review-profile/samples.jsonl"), rows: [1] });
      deepStrictEqual(
        both.inputs.map(({ name }) => name),
        ["tokens", "profile"],
      );
      deepStrictEqual(both.mapping, ["tokens ← text", "profile ← profile"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },

  "the true answer is said beside the prediction": async () => {
    const { prediction } = await explained({ model: example("story/model.onnx"), samples: example("story/samples.csv"), rows: [0] });
    deepStrictEqual(prediction.truth, { label: prediction.label, right: true });
  },
};

/** The credits of all inputs, by their place in the input where it is a picture. */
function creditsOf(inputs: ExplanationView["inputs"]): readonly number[] {
  return inputs.flatMap((input) => (input.kind === "image" ? input.pixels.credits : input.kind === "tokens" ? [NaN] : input.bars.map(({ credit }) => credit)));
}

async function explained(request: ExplainRequest): Promise<ExplanationView> {
  const { phase, error, view } = await explain(request);
  strictEqual(phase, "done", `${request.samples}: ${error?.message}`);
  ok(view);
  return view;
}
