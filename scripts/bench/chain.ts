import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { encodeModel } from "../../src/graph/encode.js";
import { toInitializer } from "../../src/graph/initializer.js";
import type { Graph, Initializer, Node } from "../../src/graph/ir.js";
import { serializeModel } from "../../src/onnx/parse.js";
import { tensor } from "../../src/tensor/tensor.js";

/** x ↦ x + relu(x·W + c), again and again: four nodes a block. Input `x` and output `y` are [rows, width]. */
export function chain(blocks: number, width: number, weight: (block: number) => Initializer): Graph {
  const node = (name: string, op: string, inputs: readonly string[], output: string): Node => ({
    name,
    op,
    domain: "",
    inputs,
    outputs: [output],
    attributes: {},
  });
  const nodes = Array.from({ length: blocks }, (_, i) => {
    const [from, to] = [i === 0 ? "x" : `x${i}`, i === blocks - 1 ? "y" : `x${i + 1}`];
    return [
      node(`product${i}`, "MatMul", [from, weight(i).name], `p${i}`),
      node(`shifted${i}`, "Add", [`p${i}`, "shift"], `s${i}`),
      node(`bent${i}`, "Relu", [`s${i}`], `b${i}`),
      node(`next${i}`, "Add", [from, `b${i}`], to),
    ];
  }).flat();
  const shift = toInitializer("shift", tensor("float32", [width], Array<number>(width).fill(0.01)));
  const constants = [...Array.from({ length: blocks }, (_, i) => weight(i)), shift];
  return {
    name: "chain",
    inputs: [{ name: "x", dtype: "float32", dims: ["rows", width] }],
    outputs: [{ name: "y", dtype: "float32", dims: ["rows", width] }],
    nodes,
    initializers: new Map(constants.map((c) => [c.name, c])),
    opsets: { "": 21 },
  };
}

/** A weight that every block has for itself; small enough for activations not to grow. */
export function ownWeight(width: number): (block: number) => Initializer {
  const values = Float32Array.from({ length: width * width }, (_, i) => ((i * 7919) % 101) / 101 / width - 0.5 / width);
  const bytes = new Uint8Array(values.buffer);
  return (block) => ({ name: `w${block}`, dtype: "float32", dims: [width, width], content: { kind: "raw", bytes } });
}

/** Writes a chain of about `megabytes` of weights, in the file itself or in a data file beside it. */
export async function writeChain(file: string, megabytes: number, external: boolean): Promise<void> {
  const width = 1024;
  const blocks = Math.round(megabytes / 4);
  const own = ownWeight(width);
  if (!external) return writeFile(file, serializeModel(encodeModel(chain(blocks, width, own))));
  const location = `${basename(file)}.data`;
  const length = 4 * width * width;
  const out = createWriteStream(join(dirname(file), location));
  const { content } = own(0);
  for (let i = 0; i < blocks && content.kind === "raw"; i += 1) if (!out.write(content.bytes)) await once(out, "drain");
  out.end();
  await finished(out);
  const place = (i: Initializer): { location: string; offset: number; length: number } | undefined =>
    i.name === "shift" ? undefined : { location, offset: length * Number(i.name.slice(1)), length };
  await writeFile(file, serializeModel(encodeModel(chain(blocks, width, own), place)));
}
