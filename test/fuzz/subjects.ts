import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { openSamples } from "../../src/data/samples.js";
import { openTokenizer } from "../../src/data/tokenizer.js";
import { explain } from "../../src/explain/explain.js";
import { inspect } from "../../src/explain/inspect.js";
import type { ValueInfo } from "../../src/graph/ir.js";
import { openModel } from "../../src/runtime/open.js";
import { allocate, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import type { Choices } from "./choices.js";
import { mutateBytes } from "./mutateBytes.js";
import { mutateModel } from "./mutateModel.js";
import { mutateText } from "./mutateText.js";

/** A kind of file that strangers send. `run` makes a mutated one in `folder` and uses it as the extension would; it ends with a value or throws. */
export interface Subject {
  readonly name: string;
  readonly run: (c: Choices, folder: string) => Promise<void>;
}

const diabetes = "examples/diabetes";
const tooMany = 100_000;

/** The table of what is fuzzed. */
export const subjects: readonly Subject[] = [
  { name: "model, explained", run: (c, folder) => explainModel(c, folder, c.chance(0.3) ? mutateBytes : mutateModel) },
  { name: "operators, differentiated", run: (c, folder) => differentiate(c, folder, c.chance(0.2) ? mutateBytes : mutateModel) },
  { name: "samples as text", run: readTexts },
  { name: "samples as bytes", run: readBytes },
  { name: "sidecar", run: explainBeside },
  { name: "tokenizer", run: tokenize },
];

type Mutate = (bytes: Uint8Array, c: Choices) => Uint8Array;

async function explainModel(c: Choices, folder: string, mutate: Mutate): Promise<void> {
  const file = join(folder, "model.onnx");
  writeFileSync(file, mutate(readFileSync(join(diabetes, "model.onnx")), c));
  const model = await openModel(file, { threads: 1 });
  try {
    await inspect(model);
    await explain({ model: file, samples: join(diabetes, "samples.csv"), rows: [c.below(231)] }, () => Promise.resolve(model));
  } finally {
    await model.dispose();
  }
}

async function differentiate(c: Choices, folder: string, mutate: Mutate): Promise<void> {
  const operators = "test/fixtures/reference/models/operators";
  const file = join(folder, "model.onnx");
  writeFileSync(file, mutate(readFileSync(join(operators, c.of(readdirSync(operators).filter((f) => f.endsWith(".onnx"))))), c));
  const model = await openModel(file, { threads: 1 });
  try {
    await inspect(model);
    const inputs = Object.fromEntries(model.graph.inputs.map((input) => [input.name, anyValue(input, c)]));
    const value = model.graph.outputs[0]?.name ?? "";
    const outputs = await model.run(inputs);
    const index = (outputs[value]?.dims ?? []).slice(1).map(() => 0);
    await model.attribute({
      method: c.of(["saliency", "integratedGradients", "featureAblation"] as const),
      inputs,
      targets: [{ value, index }],
      options: { tolerance: 0.1 },
    });
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
  await explain({ model: join(diabetes, "model.onnx"), samples: file, rows: "all", method: "saliency" }, (path) => openModel(path, { threads: 1 }));
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

async function explainBeside(c: Choices, folder: string): Promise<void> {
  const file = join(folder, "model.onnx");
  copyFileSync(join(diabetes, "model.onnx"), file);
  writeFileSync(join(folder, "model.explain.json"), mutateText(readFileSync(join(diabetes, "model.explain.json"), "utf8"), c));
  const model = await openModel(file, { threads: 1 });
  try {
    await explain({ model: file, samples: join(diabetes, "samples.csv") }, () => Promise.resolve(model));
  } finally {
    await model.dispose();
  }
}

async function tokenize(c: Choices, folder: string): Promise<void> {
  const vocabulary = join(folder, "vocab.txt");
  writeFileSync(vocabulary, mutateText(["<pad>", "<unk>", "a", "fine", "film", "not", "for", "me"].join("\n"), c));
  const tokenizer = await openTokenizer(vocabulary);
  await tokenizer.encode(mutateText("a fine film 😀 not for me", c));
}
