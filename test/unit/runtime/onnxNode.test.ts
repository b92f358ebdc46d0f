import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.js";
import { decodeModel } from "../../../src/graph/decode.js";
import { decodeTensor } from "../../../src/graph/decodeTensor.js";
import { readInitializer } from "../../../src/graph/initializer.js";
import { inlineFunctions } from "../../../src/graph/inline.js";
import type { Graph, Node } from "../../../src/graph/ir.js";
import { laidOut } from "../../../src/graph/laidOut.js";
import { prune } from "../../../src/graph/prune.js";
import { verify } from "../../../src/graph/verify.js";
import { TensorProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";
import { parseModel } from "../../../src/onnx/parse.js";
import { bind } from "../../../src/runtime/bind.js";
import { normalize, widenFeeds } from "../../../src/runtime/normalize.js";
import { toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { run } from "../graph/build.js";

type Tensors = Readonly<Record<string, Tensor>>;

/** By case, its files. */
const cases = new Map<string, Map<string, Uint8Array>>();
for (const [path, bytes] of Object.entries(unzipSync(readFileSync(new URL("../../fixtures/onnx-node/cases.zip", import.meta.url))))) {
  const [name = "", file = ""] = path.split("/");
  const files = cases.get(name) ?? new Map<string, Uint8Array>();
  cases.set(name, files.set(file, bytes));
}

/** Cases whose stored outputs no program can give, or whose form ours keeps another way, with the reason. */
const skipped: readonly (readonly [RegExp, string])[] = [
  [/^bernoulli/, "draws at random"],
  [/^training_dropout/, "draws at random"],
];

/** What differs between two sets of outputs, or undefined. Halves are compared as halves, everything else to 1e-3, as the ONNX backend tests do. */
function mismatch(expected: Tensors, actual: Tensors): string | undefined {
  for (const [name, x] of Object.entries(expected)) {
    const y = actual[name];
    if (y === undefined || x.dims.join() !== y.dims.join()) return `${name} has dims [${y?.dims.join() ?? ""}], not [${x.dims.join()}]`;
    if (x.dtype === "string") {
      if (JSON.stringify(x.data) !== JSON.stringify(y.data)) return `${name} holds other strings`;
      continue;
    }
    const half = x.dtype === "float16" || x.dtype === "bfloat16";
    if (y.dtype !== (half ? "float32" : x.dtype)) return `${name} is ${y.dtype}`;
    const [p, q] = [toNumbers(x), toNumbers(y)];
    const tolerance = half ? 2e-2 : 1e-3;
    const at = p.findIndex((v, i) => !Object.is(v, q[i]) && v !== q[i] && !(Math.abs(v - q[i]!) <= tolerance * (Math.abs(v) + 0.1)));
    if (at >= 0) return `${name}[${at}] is ${q[at]}, not ${p[at]}`;
  }
  return undefined;
}

const outputsOf = async (graph: Graph, feeds: Tensors): Promise<Tensors> => Object.fromEntries(await run(graph, feeds));

const counts = { right: 0, beyond: 0, refused: 0 };

/** Why a case is wrong, or undefined. What ONNX Runtime itself refuses or computes otherwise need not be right here. */
async function check(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<string | undefined> {
  const load = (file: string): Tensor => readInitializer(decodeTensor(fromBinary(TensorProtoSchema, present(files.get(file), `${name}/${file}`))));
  const model = decodeModel(parseModel(present(files.get("model.onnx"), name), name));
  const feeds = Object.fromEntries(model.graph.inputs.map((input, i) => [input.name, load(`input_${i}.pb`)]));
  const expected = Object.fromEntries(model.graph.outputs.map((output, i) => [output.name, load(`output_${i}.pb`)]));
  let wrong: string | undefined;
  try {
    const { graph } = await normalize(model, { threads: 1 });
    const wide = widenFeeds(graph, feeds);
    const { bound, left } = await bind(graph, wide, { threads: 1 }, name);
    const plain = prune(bound.graph);
    verify(plain);
    // What is laid out is gone, unless it says why not.
    const stays = (node: Node): boolean => laidOut(node) !== undefined && left?.has(node.name) !== true && node.op !== "Gelu";
    wrong = plain.nodes.some(stays) ? `${plain.nodes.find(stays)?.op} is still there` : mismatch(expected, await outputsOf(plain, wide));
  } catch (error) {
    wrong = String(error);
  }
  const itself = await outputsOf(inlineFunctions(model), feeds).then(
    (actual) => mismatch(expected, widenedOutputs(actual)) === undefined,
    () => false,
  );
  if (wrong === undefined) counts[itself ? "right" : "beyond"]++;
  else if (!itself) counts.refused++;
  return itself ? wrong : undefined;
}

function widenedOutputs(outputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, t]) => [
      name,
      t.dtype === "float16" || t.dtype === "bfloat16" ? { dtype: "float32", dims: t.dims, data: Float32Array.from(toNumbers(t)) } : t,
    ]),
  );
}

/** The first word of a case's name: mostly its operator. */
const groups = new Map<string, string[]>();
for (const name of cases.keys()) {
  const word = name.split("_")[0] ?? name;
  groups.set(word, [...(groups.get(word) ?? []), name]);
}

describe("ONNX's operator conformance cases, decoded, normalised and laid out, give the stored outputs", () => {
  it.each([...groups])("%s", { timeout: 60_000 }, async (_, group) => {
    for (const name of group) {
      if (skipped.some(([pattern]) => pattern.test(name))) continue;
      expect(await check(name, present(cases.get(name), name)), name).toBeUndefined();
    }
  });

  it("checks most of them", () => {
    console.info(`${counts.right} right, ${counts.beyond} right where ONNX Runtime itself is not, ${counts.refused} that neither computes`);
    expect(counts.right).toBeGreaterThan(1300);
  });
});
