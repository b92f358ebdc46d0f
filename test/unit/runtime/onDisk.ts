import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { encodeModel } from "../../../src/graph/encode.js";
import type { Graph } from "../../../src/graph/ir.js";
import { serializeModel } from "../../../src/onnx/parse.js";
import { openModel } from "../../../src/runtime/open.js";
import type { OpenModel } from "../../../src/runtime/openModel.js";

/** The graph as a model file that is opened from disk, for the running test. */
export async function openGraph(graph: Graph): Promise<OpenModel> {
  const folder = mkdtempSync(join(tmpdir(), "explain-graph-"));
  const file = join(folder, "model.onnx");
  writeFileSync(file, serializeModel(encodeModel(graph)));
  const opened = await openModel(file, { threads: 1 });
  onTestFinished(async () => {
    await opened.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  return opened;
}
