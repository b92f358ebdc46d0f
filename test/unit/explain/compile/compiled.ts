import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll } from "vitest";
import { present } from "../../../../src/base/assert.js";
import { staticOptions } from "../../../../src/explain/compile/compilable.js";
import { compileExplanation } from "../../../../src/explain/compile/compileExplanation.js";
import { explain } from "../../../../src/explain/explain.js";
import type { CompiledExplanation } from "../../../../src/protocol/compiled.js";
import type { Explanation } from "../../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../../src/protocol/request.js";
import type { Tensor } from "../../../../src/tensor/tensor.js";
import { modelAt } from "../../modelAt.js";

const folder = mkdtempSync(join(tmpdir(), "compiled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let serial = 0;

/** Compiles a request into a file of its own. */
export function compileTo(request: ExplainRequest): Promise<CompiledExplanation> {
  return compileExplanation(request, join(folder, `${serial++}.onnx`), modelAt);
}

/** Runs a compiled file as anybody would: with ONNX Runtime as it comes and nothing else. */
export async function runFile(file: string, feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, ort.Tensor>>> {
  const session = await ort.InferenceSession.create(resolve(file), { logSeverityLevel: 3 });
  try {
    const Tensor = ort.Tensor as unknown as new (type: string, data: unknown, dims: readonly number[]) => ort.Tensor;
    const given = Object.entries(feeds).map(([name, t]) => [name, new Tensor(t.dtype, t.data, t.dims)] as const);
    return await session.run(Object.fromEntries(given));
  } finally {
    await session.release();
  }
}

/** Numbers of an output, by row. */
export function rowsOfOutput(output: ort.Tensor | undefined, rows: number): readonly (readonly number[])[] {
  const { data } = present(output, "output");
  const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
  const size = numbers.length / rows;
  return Array.from({ length: rows }, (_, r) => numbers.slice(r * size, (r + 1) * size));
}

/** What `explain` says of the same with the rule of a compiled file. */
export function explained(request: ExplainRequest): Promise<Explanation> {
  return explain({ ...request, options: staticOptions(request.method ?? "integratedGradients", request.options) }, modelAt);
}
