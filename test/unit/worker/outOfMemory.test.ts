import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "../../../src/base/diagnostic.js";
import { createWorkerClient } from "../../../src/worker/client.js";
import { buildWorker, type WorkerFiles } from "./buildWorker.js";
import { hugeModel } from "./hugeModel.js";

const folder = mkdtempSync(join(tmpdir(), "explain-memory-"));
const diabetes = resolve("examples/diabetes/model.onnx");
const samples = join(folder, "many.json");
const huge = join(folder, "huge.onnx");
let host: WorkerFiles;

beforeAll(async () => {
  host = await buildWorker();
  writeFileSync(samples, JSON.stringify(Array.from({ length: 400_000 }, (_, i) => ({ glucose: i, pressure: i / 7, text: `row ${i}` }))));
  writeFileSync(huge, hugeModel());
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(host.folder, { recursive: true });
});

/** What two calls end with, the first of which reads a file that a heap of 64 megabytes can't hold, and the code of the process. */
function withSmallHeap(isolation: "thread" | "process"): { readonly first: Diagnostic; readonly next: string } {
  const { status, stdout, stderr } = host.run(
    `const client = createWorkerClient(worker, { isolation: () => "${isolation}" });
     const ask = client.samples([${JSON.stringify(diabetes)}, ${JSON.stringify(samples)}, { from: 0, count: 1 }]);
     const first = await ask.then(() => undefined, (error) => error.diagnostic);
     const next = await client.inspect([${JSON.stringify(diabetes)}]);
     console.log(JSON.stringify({ first, next: next.model.file }));
     await client.dispose();`,
    { NODE_OPTIONS: "--max-old-space-size=64" },
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as ReturnType<typeof withSmallHeap>;
}

test.each(["thread", "process"] as const)("a heap that is full ends the %s alone: the call says what happened, the next one is answered", (isolation) => {
  const { first, next } = withSmallHeap(isolation);
  expect(first).toMatchObject({
    code: "OUT_OF_MEMORY",
    message: expect.stringMatching(/more memory than there is; .*heap out of memory/) as string,
    hint: expect.stringMatching(/The next call is answered again\. .*memoryMegabytes/) as string,
  });
  expect(next).toBe("model.onnx");
});

test("what ONNX Runtime has no memory for is said as that, and its thread goes on", async () => {
  const client = createWorkerClient(host.worker);
  await expect(client.explain([{ model: huge, values: { x: "[1, 2]", size: "[1048576, 1048576]" } }])).rejects.toMatchObject({
    diagnostic: { code: "OUT_OF_MEMORY", hint: expect.stringContaining("memoryMegabytes") as string },
  });
  expect((await client.inspect([diabetes])).model.file).toBe("model.onnx");
  await client.dispose();
});
