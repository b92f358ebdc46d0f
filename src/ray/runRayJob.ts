import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { zipSync } from "fflate";
import { ExplainError, type DiagnosticCode } from "../base/diagnostic.js";
import type { SampledRow } from "../protocol/cluster.js";
import { createJobsApi, type JobsApi, type JobState } from "./jobsApi.js";
import type { RayJob } from "./rayJob.js";

/** How far a job is. */
export interface RayProgress {
  readonly rows: number;
  /** Without those that an earlier job did. */
  readonly explained: number;
  readonly total: number | null;
  readonly seconds: number;
}

/** How a caller follows and stops a job. */
export interface RayWatch {
  readonly signal?: AbortSignal;
  /** The job has been handed over. */
  started?(job: string): void;
  /** `total` is null while nobody knows it (CSV files are not counted first). */
  progress?(progress: RayProgress): void;
  /** A line of the job's log that is meant for people. */
  log?(line: string): void;
}

/** What a job that went through did. */
export interface RayOutcome {
  readonly job: string;
  readonly rayVersion: string;
  readonly rows: number;
  /** Rows that this job explained: fewer than `rows` when it went on with an earlier one. */
  readonly explained: number;
  /** Rows that hold no numbers: they are in the result with a reason in place of credits. */
  readonly rejected: number;
  readonly seconds: number;
  readonly nodes: number;
  /** Rows of the result drawn at random, for a summary; of a small result all of them. */
  readonly sample: readonly SampledRow[];
}

/** What the job's folder on the cluster holds beside job.json. */
export interface RayFiles {
  /** The driver's source, by the paths of its files in the folder. */
  readonly driver: Readonly<Record<string, Uint8Array>>;
  /** Absent where the nodes see it by themselves. */
  readonly explanation?: Uint8Array;
  readonly tokenizer?: Uint8Array;
}

const betweenLooks = 1000;
/** Looks in a row that may fail before the cluster counts as gone: its dashboard is slow to answer while nodes come and go. */
const failuresBorne = 10;
/** Ray takes no larger package. */
const largestPackage = 100 * 2 ** 20;

/**
 * Submits a job to a Ray cluster and follows it to its end. Throws RAY_UNREACHABLE, RAY_VERSION, RAY_PACKAGES, DISK_FULL, RAY_FAILED, and what the driver finds wrong
 * with the data (COLUMN_MISSING, SAMPLES_INVALID, FILE_NOT_FOUND, FILE_EXISTS, OPTION_INVALID for a run of another question); CANCELLED after the job was stopped because `signal` said so.
 */
export async function runRayJob(address: string, job: RayJob, files: RayFiles, watch: RayWatch = {}): Promise<RayOutcome> {
  const api = createJobsApi(address);
  const { rayVersion } = await api.version();
  const size = files.explanation?.length ?? 0;
  // Weights hardly get smaller by packing.
  if (size > largestPackage)
    throw new ExplainError("OPTION_INVALID", `The explanation has ${Math.round(size / 2 ** 20)} MB; Ray takes jobs of up to ${largestPackage / 2 ** 20} MB.`, {
      hint: "Write it with explain-prediction compile to a folder that the cluster's nodes see, and name it there with --explanation.",
    });
  const bytes = packageOf(job, files);
  const name = `_ray_pkg_${createHash("sha1").update(bytes).digest("hex")}.zip`;
  await api.upload(name, bytes);
  throwIfAborted(watch.signal);
  const id = await api.submit("python driver.py", `gcs://${name}`, { submitted_by: "explain-prediction" });
  watch.started?.(id);
  const reader = createReader(watch);
  const end = await follow(api, id, reader, watch.signal);
  return outcomeOf(id, rayVersion, end, reader, watch.signal);
}

/** The zip file of the job's folder. Its bytes depend on nothing but what is in it. */
function packageOf(job: RayJob, { driver, explanation, tokenizer }: RayFiles): Uint8Array {
  const content: Record<string, Uint8Array> = { ...driver, "job.json": new TextEncoder().encode(JSON.stringify(job)) };
  if (explanation !== undefined) content["explanation.onnx"] = explanation;
  if (tokenizer !== undefined) content["tokenizer.json"] = tokenizer;
  return zipSync(content, { mtime: "1980-01-02T00:00:00Z", level: 6 });
}

/** Looks at the job until it has ended. A signal stops it first. */
async function follow(api: JobsApi, id: string, reader: Reader, signal: AbortSignal | undefined): Promise<JobState> {
  let failures = 0;
  let stopped = false;
  for (;;) {
    try {
      if (signal?.aborted === true && !stopped) {
        await api.stop(id);
        stopped = true;
      }
      const state = await api.state(id);
      reader.read(await api.logs(id));
      failures = 0;
      if (state.status !== "PENDING" && state.status !== "RUNNING") return state;
    } catch (error) {
      failures++;
      const lost = error instanceof ExplainError && error.diagnostic.code === "RAY_UNREACHABLE";
      if (!lost || failures > failuresBorne) throw error;
    }
    // An abort ends the pause at once.
    await pause(betweenLooks, undefined, stopped || signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

interface Said {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** Takes what a job has printed so far, again and again; lines are passed on once. */
interface Reader {
  read(all: string): void;
  /** The last thing of a kind that the driver said. */
  last(kind: string): Said | undefined;
  /** The end of what was printed for people. */
  readonly tail: readonly string[];
}

const mark = "explain-prediction ";
const tailLines = 20;
/** What Ray prints of itself when a node is lost, hundreds of lines that tell nobody anything. */
const stateDump = /^\s*\[state-dump\]/u;

function createReader(watch: RayWatch): Reader {
  let seen = 0;
  const said = new Map<string, Said>();
  const tail: string[] = [];
  const line = (text: string): void => {
    const content = text.startsWith(mark) ? parsed(text.slice(mark.length)) : undefined;
    if (content === undefined) {
      if (text.trim() === "" || stateDump.test(text)) return;
      tail.push(text);
      if (tail.length > tailLines) tail.shift();
      watch.log?.(text);
      return;
    }
    said.set(content.kind, content);
    const { rows, explained, total, seconds } = content;
    if (content.kind === "progress" && typeof rows === "number")
      watch.progress?.({ rows, explained: numberOf(explained), total: typeof total === "number" ? total : null, seconds: numberOf(seconds) });
  };
  return {
    read: (all) => {
      const complete = all.slice(seen, all.lastIndexOf("\n") + 1);
      seen += complete.length;
      complete.split("\n").forEach(line);
    },
    last: (kind) => said.get(kind),
    tail,
  };
}

function parsed(text: string): Said | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string" ? (value as Said) : undefined;
  } catch {
    return undefined;
  }
}

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** What the driver may say is wrong. */
const knownCodes: readonly DiagnosticCode[] = [
  "RAY_PACKAGES",
  "RAY_FAILED",
  "DISK_FULL",
  "FILE_NOT_FOUND",
  "FILE_EXISTS",
  "SAMPLES_EMPTY",
  "SAMPLES_INVALID",
  "COLUMN_MISSING",
  "OPTION_INVALID",
];

function outcomeOf(job: string, rayVersion: string, { status, message }: JobState, reader: Reader, signal: AbortSignal | undefined): RayOutcome {
  const finished = reader.last("finished");
  if (status === "SUCCEEDED" && finished !== undefined) {
    const of = (key: string): number => numberOf(finished[key]);
    return {
      job,
      rayVersion,
      rows: of("rows"),
      explained: of("explained"),
      rejected: of("rejected"),
      seconds: of("seconds"),
      nodes: of("nodes"),
      sample: sampleOf(reader.last("sample")),
    };
  }
  throwIfAborted(signal);
  const error = reader.last("error");
  const code = knownCodes.find((known) => known === error?.["code"]);
  if (error !== undefined && code !== undefined)
    throw new ExplainError(code, String(error["message"]), typeof error["hint"] === "string" ? { hint: error["hint"] } : {});
  if (status === "STOPPED")
    throw new ExplainError("RAY_FAILED", `The job ${job} was stopped on the cluster.`, { hint: "What was written stays: go on with --resume." });
  const last = reader.tail.at(-1);
  throw new ExplainError(
    "RAY_FAILED",
    `The job ${job} ended on the cluster without a result: ${[message.trim().split("\n").at(-1), last].filter(Boolean).join(" / ")}`,
    {
      hint: "What was written stays: go on with --resume. The dashboard shows the job's log.",
    },
  );
}

function sampleOf(said: Said | undefined): readonly SampledRow[] {
  const rows: unknown = said?.["rows"];
  return Array.isArray(rows) ? rows.filter(isSampled) : [];
}

function isSampled(row: unknown): row is SampledRow {
  const { cells, values } = record(row);
  return cells !== undefined && values !== undefined && Object.values(record(values)).every(Array.isArray);
}

const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === "object" && value !== null ? { ...value } : {});

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new ExplainError("CANCELLED", "Cancelled.");
}
