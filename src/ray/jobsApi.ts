import { request as http } from "node:http";
import { request as https } from "node:https";
import { ExplainError } from "../base/diagnostic.js";
import { noTelemetryVariables } from "../base/noTelemetry.js";

/** What a Ray cluster says of itself. */
export interface ClusterVersion {
  readonly rayVersion: string;
}

/** A job as the cluster describes it. */
export interface JobState {
  readonly status: "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";
  readonly message: string;
}

/** The Jobs REST API of one cluster. Source: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html */
export interface JobsApi {
  version(): Promise<ClusterVersion>;
  /** Hands over a zip file that becomes a job's working directory; `name` is `_ray_pkg_….zip`, and one that is there already is kept. */
  upload(name: string, bytes: Uint8Array): Promise<void>;
  /** Answers the job's id. */
  submit(entrypoint: string, workingDirectory: string, metadata: Readonly<Record<string, string>>): Promise<string>;
  /** Throws RAY_FAILED for a job that the cluster no longer knows. */
  state(job: string): Promise<JobState>;
  /** All that the job has printed so far. */
  logs(job: string): Promise<string>;
  stop(job: string): Promise<void>;
}

/** How long a cluster may take to answer. */
const usualPatience = 30_000;
/** An upload goes over networks of any speed. */
const patienceForUpload = 600_000;

/** The first release whose packages and jobs this program knows. */
const leastVersion = [2, 9] as const;

/**
 * The API at an address such as http://HOST:8265. This is the only file of the project that opens a network connection, and only to the address that was named.
 * Throws OPTION_INVALID for what is no address; its calls throw RAY_UNREACHABLE and RAY_VERSION.
 */
export function createJobsApi(address: string): JobsApi {
  const base = baseOf(address);
  const ask = (path: string, given: Asked = {}): Promise<Answer> =>
    send(new URL(path, base), given).catch((error: unknown) => {
      throw unreachable(base, reasonOf(error));
    });
  const json = async (path: string, given?: Asked): Promise<Readonly<Record<string, unknown>>> => {
    const { status, text } = await ask(path, given);
    if (status === 404 && path.startsWith("api/jobs/"))
      throw new ExplainError("RAY_FAILED", `The cluster at ${base.href} no longer knows the job: it was started anew or the job was deleted.`, {
        hint: "What was written stays: go on with --resume.",
      });
    if (status !== ok) throw new ExplainError("RAY_FAILED", `The cluster at ${base.href} refused: ${status} ${lastLine(text)}`);
    const value = parsed(text);
    if (value === undefined) throw notRay(base);
    return value;
  };
  return {
    version: async () => {
      const { status, text } = await ask("api/version");
      const value = status === ok ? parsed(text) : undefined;
      const version = value?.["ray_version"];
      if (typeof version !== "string") throw notRay(base);
      const [major = 0, minor = 0] = version.split(".").map(Number);
      if (major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1]))
        throw new ExplainError("RAY_VERSION", `The cluster at ${base.href} runs Ray ${version}.`, {
          hint: `Ray ${leastVersion.join(".")} or newer is needed.`,
        });
      return { rayVersion: version };
    },
    upload: async (name, bytes) => {
      const path = `api/packages/gcs/${encodeURIComponent(name)}`;
      if ((await ask(path)).status === ok) return;
      const { status, text } = await ask(path, { method: "PUT", body: bytes, patience: patienceForUpload });
      if (status !== ok) throw new ExplainError("RAY_FAILED", `The cluster at ${base.href} did not take the job's files: ${status} ${lastLine(text)}`);
    },
    submit: async (entrypoint, workingDirectory, metadata) => {
      const body = JSON.stringify({ entrypoint, runtime_env: { working_dir: workingDirectory, env_vars: noTelemetryVariables }, metadata });
      const value = await json("api/jobs/", { method: "POST", type: "application/json", body });
      const id = value["submission_id"] ?? value["job_id"];
      if (typeof id !== "string") throw notRay(base);
      return id;
    },
    state: async (job) => {
      const { status, message } = await json(`api/jobs/${encodeURIComponent(job)}`);
      const known = states.find((name) => name === status);
      if (known === undefined) throw notRay(base);
      return { status: known, message: typeof message === "string" ? message : "" };
    },
    logs: async (job) => {
      const { logs } = await json(`api/jobs/${encodeURIComponent(job)}/logs`);
      return typeof logs === "string" ? logs : "";
    },
    stop: async (job) => {
      await json(`api/jobs/${encodeURIComponent(job)}/stop`, { method: "POST" });
    },
  };
}

const states: readonly JobState["status"][] = ["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"];

function baseOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address.endsWith("/") ? address : `${address}/`) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new ExplainError("OPTION_INVALID", `"${address}" is no address of a Ray cluster.`, {
      hint: "It is that of the dashboard, such as http://HOST:8265.",
    });
  return url;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(base: URL, why: string): ExplainError {
  return new ExplainError("RAY_UNREACHABLE", `No Ray cluster answers at ${base.href}: ${why}.`, {
    hint: "The address is that of the dashboard (port 8265 unless told otherwise), as this machine reaches it.",
  });
}

function notRay(base: URL): ExplainError {
  return new ExplainError("RAY_VERSION", `What answers at ${base.href} is no Ray dashboard with a Jobs API.`, {
    hint: "Ray 2.9 or newer with the extra [default] has one, on port 8265 unless told otherwise; 6379 is another service.",
  });
}

interface Asked {
  readonly method?: "GET" | "POST" | "PUT";
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly patience?: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const ok = 200;

/** One request. Not by `fetch`: it says that it is a browser, from which Ray takes no jobs. */
function send(url: URL, { method = "GET", type, body, patience = usualPatience }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...(type === undefined ? {} : { "Content-Type": type }), ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }) };
    const request = (url.protocol === "https:" ? https : http)(url, { method, headers, signal: AbortSignal.timeout(patience) }, (response) => {
      const parts: Uint8Array[] = [];
      response.on("data", (part: Uint8Array) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return "it takes too long";
  return error instanceof AggregateError && error.errors.length > 0 ? reasonOf(error.errors[0]) : error.message;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
}
