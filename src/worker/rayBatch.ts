import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { BatchSummary } from "../protocol/batch.js";
import { rayJob, type RayQuestion } from "../ray/rayJob.js";
import { runRayJob, type RayOutcome, type RayWatch } from "../ray/runRayJob.js";
import type { CallOptions, WorkerClient } from "./client.js";

/** A data set to be explained on a Ray cluster. */
export interface RayBatch {
  /** The dashboard's, such as http://HOST:8265. */
  readonly address: string;
  /** Its samples are the data; where this machine does not see them, the sidecar or --column says which columns feed which input. */
  readonly request: ExplainRequest;
  readonly question: RayQuestion;
  /** The folder media/ray of the package. */
  readonly driver: string;
}

/** Compiles the request here, runs it on the cluster, follows it to its end, and sums up what comes back. Throws what compiling and `runRayJob` throw. */
export async function runRayBatch(
  { address, request, question, driver }: RayBatch,
  worker: WorkerClient,
  watch: RayWatch,
  call: CallOptions,
): Promise<{ readonly outcome: RayOutcome; readonly summary: BatchSummary }> {
  const folder = await mkdtemp(join(tmpdir(), "explain-prediction-ray-"));
  try {
    const out = join(folder, "explanation.onnx");
    const { samples, ...rest } = request;
    const seen = await seenHere(samples);
    const compiled = await worker.compile([seen === undefined ? rest : { ...rest, samples: seen }, out], call);
    const job = rayJob(compiled, question);
    if (compiled.data !== undefined && question.explanation === undefined)
      throw new ExplainError("OPTION_INVALID", "The explanation's weights are too large to be sent with the job.", {
        hint: "Write it with explain-prediction compile to a folder that the cluster's nodes see, and name it there with --explanation.",
      });
    const text = Object.values(compiled.feeds).find((feed) => feed.kind === "text");
    const files = {
      driver: await sourcesIn(driver),
      ...(question.explanation === undefined ? { explanation: await readFile(out) } : {}),
      ...(text === undefined ? {} : { tokenizer: await readFile(text.tokenizer) }),
    };
    const outcome = await runRayJob(address, job, files, watch);
    const named = (column: string | null): string | null => (column === null ? null : (job.kept[column] ?? null));
    const result = { ...outcome, data: question.data, outputs: job.outputs, id: named(job.id), label: named(job.label) };
    return { outcome, summary: await worker.clusterSummary([compiled, result]) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The Python files of a folder and the packages in it, by their paths there. */
async function sourcesIn(folder: string): Promise<Readonly<Record<string, Uint8Array>>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".py")).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name.replaceAll(sep, "/"), await readFile(join(folder, name))] as const)));
}

/** The data as this machine sees it: the file, or the first one of a folder; undefined where it lies elsewhere. */
async function seenHere(data: string | undefined): Promise<string | undefined> {
  if (data === undefined) return undefined;
  const info = await stat(data).catch(() => undefined);
  if (info?.isDirectory() !== true) return info === undefined ? undefined : data;
  const files = (await readdir(data)).filter((name) => /\.(parquet|csv|tsv)$/i.test(name)).sort();
  return files[0] === undefined ? undefined : join(data, files[0]);
}
