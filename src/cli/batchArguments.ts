import { extname, resolve } from "node:path";
import { batchFormats, type BatchFormat } from "../protocol/batch.js";
import type { ExplainRequest } from "../protocol/request.js";
import { parseExplain } from "./explainArguments.js";
import { takeOptions } from "./ownOptions.js";
import { UsageError } from "./usage.js";

/** What the `batch` command is asked. */
export interface BatchArguments {
  readonly request: ExplainRequest;
  /** The data set as it was written; Ray's nodes may see another place under that name. */
  readonly data: string | undefined;
  readonly out: string;
  /** The same as it was written. */
  readonly outGiven: string;
  readonly format: BatchFormat;
  readonly engine: string;
  readonly report: string | undefined;
  readonly resume: boolean;
  readonly restart: boolean;
  readonly overwrite: boolean;
  readonly keepGoing: boolean;
  readonly workers: number | undefined;
  /** Options of single engines, as they were given. */
  readonly own: Readonly<Record<string, string>>;
}

const flags = ["resume", "restart", "overwrite", "keep-going"] as const;
const valued = ["engine", "report", "workers", "format", "address", "id", "explanation"] as const;

/** Options of `batch` beside those of `explain`. Throws UsageError. */
export function parseBatch(args: readonly string[]): BatchArguments {
  const { given: own, rest } = takeOptions(args, valued, flags);
  const given = new Map(own);
  const { request, out } = parseExplain(rest, "batch");
  if (out === undefined) throw new UsageError("Say where to write: --out attributions.parquet.");
  for (const [key, option] of [
    ["rows", "row"],
    ["aggregate", "aggregate"],
    ["measures", "measure"],
    ["values", "input"],
  ] as const)
    if (request[key] !== undefined) throw new UsageError(`--${option} has no meaning for a whole data set; "explain" has it.`);
  if (given.has("resume") && given.has("restart")) throw new UsageError("--resume continues an unfinished run, --restart deletes it: choose one.");
  const workers = given.get("workers");
  if (workers !== undefined && !/^[1-9]\d{0,2}$/u.test(workers)) throw new UsageError(`--workers takes a whole number from 1; "${workers}" is not one.`);
  return {
    request,
    data: request.samples === undefined ? undefined : rest.find((arg) => resolve(arg) === request.samples),
    out: resolve(out),
    outGiven: out,
    // A cluster writes a folder, which needs no suffix.
    format: given.get("engine") === "ray" && !given.has("format") && extname(out) === "" ? "parquet" : formatOf(given.get("format"), out),
    engine: given.get("engine") ?? "local",
    report: given.has("report") ? resolve(given.get("report") ?? "") : undefined,
    resume: given.has("resume"),
    restart: given.has("restart"),
    overwrite: given.has("overwrite"),
    keepGoing: given.has("keep-going"),
    workers: workers === undefined ? undefined : Number(workers),
    own: Object.fromEntries(["address", "id", "explanation"].flatMap((name) => (given.has(name) ? [[name, given.get(name) ?? ""]] : []))),
  };
}

/** By --format, else by the file's suffix. */
function formatOf(text: string | undefined, out: string): BatchFormat {
  const suffix = extname(out).slice(1).toLowerCase();
  const found = batchFormats.find((format) => format === (text ?? suffix));
  if (found === undefined)
    throw new UsageError(
      text === undefined
        ? `--out ends in .parquet or .csv (or say --format); "${out}" does not.`
        : `--format is one of ${batchFormats.join(", ")}; "${text}" is not.`,
    );
  return found;
}
