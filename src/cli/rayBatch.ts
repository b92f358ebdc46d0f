import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExplainError } from "../base/diagnostic.js";
import type { ExplainRequest } from "../protocol/request.js";
import { rayJob, type RayQuestion } from "../ray/rayJob.js";
import { runRayJob, type RayOutcome } from "../ray/runRayJob.js";
import type { Io } from "./io.js";
import { withWorker } from "./worker.js";

/** Explains a data set on a Ray cluster: compiles the request here, runs it there. `question.data` and `question.out` are as the cluster sees them. */
export async function rayBatch(address: string, request: ExplainRequest, question: RayQuestion, io: Io): Promise<RayOutcome> {
  const folder = await mkdtemp(join(tmpdir(), "explain-prediction-ray-"));
  try {
    const out = join(folder, "explanation.onnx");
    const compiled = await withWorker(io, (worker, options) => worker.compile([request, out], options));
    const text = Object.values(compiled.feeds).find((feed) => feed.kind === "text");
    const driver = await readFile(fileURLToPath(new URL("../media/ray/driver.py", import.meta.url)));
    const job = rayJob(compiled, question);
    if (compiled.data !== undefined && question.explanation === undefined)
      throw new ExplainError("OPTION_INVALID", "The explanation's weights are too large to be sent with the job.", {
        hint: "Write it with explain-prediction compile to a folder that the cluster's nodes see, and name it there with --explanation.",
      });
    const files = {
      driver,
      ...(question.explanation === undefined ? { explanation: await readFile(out) } : {}),
      ...(text === undefined ? {} : { tokenizer: await readFile(text.tokenizer) }),
    };
    io.status(`Submitting to ${address}`);
    return await runRayJob(address, job, files, {
      signal: io.signal,
      progress: ({ rows, total, seconds }) => io.status(progressLine(rows, total, seconds)),
      log: (line) => io.err(line),
    });
  } finally {
    io.status("");
    await rm(folder, { recursive: true, force: true });
  }
}

/** "120,000 of 1,000,000 rows, 24,100 rows a second, 37 s left". */
function progressLine(rows: number, total: number | null, seconds: number): string {
  const rate = seconds > 0 ? rows / seconds : 0;
  const left = total === null || rate === 0 ? "" : `, ${Math.ceil((total - rows) / rate)} s left`;
  return `${rows.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`} rows, ${Math.round(rate).toLocaleString("en")} rows a second${left}`;
}
