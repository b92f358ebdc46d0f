import { copyFileSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ExplainError } from "../../src/base/diagnostic.js";
import { openSamples } from "../../src/data/samples.js";
import { openTokenizer } from "../../src/data/tokenizer.js";
import { explain } from "../../src/explain/explain.js";
import { inspect } from "../../src/explain/inspect.js";
import type { ValueInfo } from "../../src/graph/ir.js";
import { ModelProtoSchema, StringStringEntryProtoSchema, TensorProto_DataLocation } from "../../src/onnx/generated/onnx_pb.js";
import { openModel } from "../../src/runtime/open.js";
import { allocate, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import { createService } from "../../src/worker/service.js";
import type { Choices } from "./choices.js";
import { deepModel } from "./deepModel.js";
import { mutateBytes } from "./mutateBytes.js";
import { mutateJson } from "./mutateJson.js";
import { mutateModel } from "./mutateModel.js";
import { mutateText } from "./mutateText.js";

/** A kind of file that strangers send. `run` makes a mutated one in `folder` and uses it as the extension would; it ends with a value or throws. */
export interface Subject {
  readonly name: string;
  readonly run: (c: Choices, folder: string) => Promise<void>;
}

const diabetes = "examples/diabetes";
const review = "examples/review-profile";
const tooMany = 100_000;

/** The table of what is fuzzed. */
export const subjects: readonly Subject[] = [
  { name: "model, explained", run: (c, folder) => explainModel(c, folder, c.chance(0.3) ? mutateBytes : mutateModel) },
  { name: "operators, differentiated", run: (c, folder) => differentiate(c, folder, c.chance(0.2) ? mutateBytes : mutateModel) },
  { name: "branches and loops", run: (c, folder) => differentiate(c, folder, mutateModel, nested) },
  { name: "model, looked at", run: (c, folder) => lookAt(c, folder, c.chance(0.3) ? mutateBytes : mutateModel) },
  { name: "deep nesting", run: (c, folder) => lookAt(c, folder, () => deepModel(c)) },
  { name: "external weights", run: explainExternal },
  { name: "samples as text", run: readTexts },
  { name: "samples as bytes", run: readBytes },
  { name: "sidecar as text", run: (c, folder) => explainBeside(c, folder, mutateText) },
  { name: "sidecar as JSON", run: (c, folder) => explainBeside(c, folder, mutateJson) },
  { name: "word list", run: tokenize },
  { name: "tokenizer", run: explainText },
  { name: "texts", run: (c, folder) => explainText(c, folder, "samples.jsonl") },
];

/** Models with graphs inside their graphs. */
const nested = ["cond", "scan", "script_loop", "script_loop_list", "script_if", "text_scan"];

/** What is allowed to take long, as a path integral of many rows is, is cancelled after this many milliseconds, as a person would. */
const patience = 8000;

function impatient(): { readonly aborted: boolean } {
  const end = performance.now() + patience;
  return {
    get aborted() {
      return performance.now() > end;
    },
  };
}

type Mutate = (bytes: Uint8Array, c: Choices) => Uint8Array;

async function explainModel(c: Choices, folder: string, mutate: Mutate): Promise<void> {
  const file = join(folder, "model.onnx");
  writeFileSync(file, mutate(readFileSync(join(diabetes, "model.onnx")), c));
  const model = await openModel(file, { threads: 1 });
  try {
    await inspect(model);
    await explain({ model: file, samples: join(diabetes, "samples.csv"), rows: [c.below(231)] }, () => Promise.resolve(model), { signal: impatient() });
  } finally {
    await model.dispose();
  }
}

async function differentiate(c: Choices, folder: string, mutate: Mutate, from?: readonly string[]): Promise<void> {
  const operators = "test/fixtures/reference/models/operators";
  const file = join(folder, "model.onnx");
  const chosen = c.of(from?.map((name) => `${name}.onnx`) ?? readdirSync(operators).filter((f) => f.endsWith(".onnx")));
  writeFileSync(file, mutate(readFileSync(join(operators, chosen)), c));
  const model = await openModel(file, { threads: 1 });
  try {
    await inspect(model);
    const inputs = Object.fromEntries(model.graph.inputs.map((input) => [input.name, anyValue(input, c)]));
    const value = model.graph.outputs[0]?.name ?? "";
    const outputs = await model.run(inputs);
    const index = (outputs[value]?.dims ?? []).slice(1).map(() => 0);
    const method = c.of(["saliency", "integratedGradients", "featureAblation"] as const);
    await model.attribute({ method, inputs, targets: [{ value, index }], options: { tolerance: 0.1 } }, { signal: impatient() });
  } finally {
    await model.dispose();
  }
}

function anyValue({ name, dtype, dims }: ValueInfo, c: Choices): Tensor {
  const sizes = (dims ?? [1]).map((d) => (typeof d === "number" ? d : 2));
  if (dtype === null || dtype === "string" || !(sizeOf(sizes) <= tooMany)) return { dtype: "string", dims: [1], data: [name] };
  const data = allocate(dtype, sizeOf(sizes));
  for (let i = 0; i < data.length; i++) data[i] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(c.below(3)) : c.below(100) / 50;
  return { dtype, dims: sizes, data };
}

async function readTexts(c: Choices, folder: string): Promise<void> {
  const rows = readFileSync(join(diabetes, "samples.csv"), "utf8").split("\n").slice(0, 12);
  const records = rows
    .slice(1, 6)
    .map((row) => Object.fromEntries(row.split(",").map((cell, i) => [rows[0]?.split(",")[i] ?? "", Number.isNaN(Number(cell)) ? cell : Number(cell)])));
  const text: Readonly<Record<string, string>> = {
    ".csv": rows.join("\n"),
    ".tsv": rows.join("\n").replaceAll(",", "\t"),
    ".json": JSON.stringify(records, null, 1),
    ".jsonl": records.map((r) => JSON.stringify(r)).join("\n"),
    ".txt": "a fine film\nnot for me\n",
  };
  const kind = c.of(Object.keys(text));
  const file = join(folder, `samples${kind}`);
  writeFileSync(file, mutateText(text[kind] ?? "", c));
  await explain({ model: join(diabetes, "model.onnx"), samples: file, rows: "all", method: "saliency" }, (path) => openModel(path, { threads: 1 }), {
    signal: impatient(),
  });
}

async function readBytes(c: Choices, folder: string): Promise<void> {
  const data = "test/fixtures/data";
  const source = c.of(
    readdirSync(data).filter((f) => [".npy", ".npz", ".parquet", ".wav", ".flac", ".pb", ".png", ".jpg", ".webp", ".tiff"].includes(extname(f))),
  );
  const file = join(folder, basename(source));
  writeFileSync(file, mutateBytes(readFileSync(join(data, source)), c));
  const samples = await openSamples(file);
  try {
    await samples.rows(0, 20);
  } finally {
    await samples.close();
  }
}

/** What a look at a model calls, in the order of a person's day; what fails does not keep the rest from being called. */
async function lookAt(c: Choices, folder: string, mutate: Mutate): Promise<void> {
  const file = join(folder, "model.onnx");
  writeFileSync(file, mutate(readFileSync(join(review, "model.onnx")), c));
  const context = { signal: impatient(), progress: () => undefined };
  const service = createService();
  const request = { model: file, samples: join(review, "samples.jsonl"), rows: [c.below(3)], threads: 1 };
  try {
    const answers = await Promise.allSettled([
      service.outline(context, file),
      service.traces(context, file),
      service.inspect(context, file),
      service.sidecar(context, file),
      service.samples(context, file, request.samples, { from: 0, count: 5 }),
      service.ranges(context, file, request.samples),
      service.predictions(context, request, { from: 0, count: 5 }),
      service.activations(context, request),
      service.layers(context, request),
    ]);
    const defects = answers.flatMap((a) => (a.status === "rejected" && !(a.reason instanceof ExplainError) ? [a.reason as unknown] : []));
    if (defects.length > 0) throw defects[0];
    const refused = answers.find((a) => a.status === "rejected");
    if (refused !== undefined) throw refused.reason;
  } finally {
    await service.dispose();
  }
}

/** A model whose weights lie beside it: where they are said to be, and what is there, is changed. */
async function explainExternal(c: Choices, folder: string): Promise<void> {
  const model = fromBinary(ModelProtoSchema, readFileSync(join(diabetes, "model.onnx")));
  const weights: Uint8Array[] = [];
  let at = 0;
  const odd = ["-1", "0", "1", "99999999999", "18446744073709551616", "abc", "", "1e3", "0x10", " 4", "NaN"];
  const places = ["weights.bin", "./weights.bin", "../weights.bin", "a/../../weights.bin", "/etc/hostname", "linked", "linked/hostname", "..\\weights.bin", "C:\\w.bin", "//host/share/w", "%2e%2e/weights.bin", "WEIGHTS.BIN", "NUL", "", "\0", "."]; // prettier-ignore
  for (const tensor of model.graph?.initializer ?? []) {
    if (tensor.rawData.length === 0) continue;
    const entry = (key: string, value: string): ReturnType<typeof create<typeof StringStringEntryProtoSchema>> =>
      create(StringStringEntryProtoSchema, { key, value });
    weights.push(tensor.rawData);
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = [
      entry("location", c.chance(0.15) ? c.of(places) : "weights.bin"),
      entry("offset", c.chance(0.1) ? c.of(odd) : String(at)),
      ...(c.chance(0.2) ? [] : [entry("length", c.chance(0.1) ? c.of(odd) : String(tensor.rawData.length))]),
    ];
    at += tensor.rawData.length;
    tensor.rawData = new Uint8Array();
  }
  const bytes = Buffer.concat(weights);
  writeFileSync(join(folder, "weights.bin"), c.chance(0.3) ? bytes.subarray(0, c.below(bytes.length)) : bytes);
  symlinkSync("/etc", join(folder, "linked"));
  writeFileSync(join(folder, "model.onnx"), toBinary(ModelProtoSchema, model));
  await explainAt(join(folder, "model.onnx"), join(diabetes, "samples.csv"));
}

async function explainAt(file: string, samples?: string): Promise<void> {
  const model = await openModel(file, { threads: 1 });
  try {
    await explain({ model: file, ...(samples === undefined ? {} : { samples }), method: "saliency" }, () => Promise.resolve(model), { signal: impatient() });
  } finally {
    await model.dispose();
  }
}

async function explainBeside(c: Choices, folder: string, mutate: (text: string, c: Choices) => string): Promise<void> {
  const example = c.of([diabetes, review]);
  for (const name of readdirSync(example)) if (statSync(join(example, name)).isFile()) copyFileSync(join(example, name), join(folder, name));
  writeFileSync(join(folder, "model.explain.json"), mutate(readFileSync(join(example, "model.explain.json"), "utf8"), c));
  await explainAt(join(folder, "model.onnx"));
}

/** A model of texts, with one of the files that it needs changed. */
async function explainText(c: Choices, folder: string, changed = "tokenizer.json"): Promise<void> {
  for (const name of readdirSync(review)) if (statSync(join(review, name)).isFile()) copyFileSync(join(review, name), join(folder, name));
  const text = readFileSync(join(review, changed), "utf8");
  writeFileSync(join(folder, changed), changed.endsWith(".json") && c.chance(0.6) ? mutateJson(text, c) : mutateText(text, c));
  await explainAt(join(folder, "model.onnx"));
}

async function tokenize(c: Choices, folder: string): Promise<void> {
  const vocabulary = join(folder, "vocab.txt");
  writeFileSync(vocabulary, mutateText(["<pad>", "<unk>", "a", "fine", "film", "not", "for", "me"].join("\n"), c));
  const tokenizer = await openTokenizer(vocabulary);
  await tokenizer.encode(mutateText("a fine film 😀 not for me", c));
}
