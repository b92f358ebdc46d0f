import { basename } from "node:path";
import { formatDiagnostic } from "../base/diagnostic.js";
import { limitsHere } from "../base/limits.js";
import { durationWords, paceWords } from "../worker/batch/pace.js";
import { rejectsFile, runBatch, type BatchOutcome } from "../worker/batch/runBatch.js";
import { createWorkerClient } from "../worker/client.js";
import { parseBatch, type BatchArguments } from "./batchArguments.js";
import { writeReport } from "./datasetReport.js";
import type { Io } from "./io.js";
import { explainOnRay, rayHelp } from "./rayBatch.js";
import { printable } from "./style.js";
import { UsageError } from "./usage.js";

export const batchHelp = `explain-prediction batch <model> <data> --out attributions.parquet [options]

Explains every row of a data set: one row in, one row out. Memory does not grow with the file, all cores work, and what was interrupted can be continued.

  data                  CSV, TSV, JSONL or Parquet (whatever else "explain" reads, too); without it, the model's own samples
  --out FILE            .parquet or .csv: row, the data's id and true answer, prediction and scores, target, score, baselineScore, delta, and a
                        column a feature (texts: a list of tokens and one of credits)
  --report FILE         also a summary in one HTML file: mean credits, by class, a beeswarm, wrong predictions
  --resume              continues a run that was interrupted; model, data and request have to be the same
  --restart             deletes what an unfinished run has, and begins anew
  --overwrite           replaces a result that is there
  --keep-going          goes on where all rows of a piece are bad. Bad rows go to FILE.rejects.jsonl, each with its reason
  --workers N           rows are worked on by N threads at the same time; default: one a core
  --format parquet|csv  instead of the suffix of --out
${rayHelp}
  --method  --target  --versus  --baseline  --layer  --neuron  --fixed  --option  --mode  --noise  --tokenizer  --labels  --features  --column  --quiet
                        as for "explain"`;

/** Where a data set can be explained: one line an engine. */
const engines: Readonly<Record<string, (asked: BatchArguments, io: Io) => Promise<void>>> = {
  local: explainHere,
  ray: explainOnRay,
};

/** Runs the command. */
export async function batchCommand(args: readonly string[], io: Io): Promise<number> {
  const asked = parseBatch(args);
  const engine = Object.hasOwn(engines, asked.engine) ? engines[asked.engine] : undefined;
  if (engine === undefined) throw new UsageError(`--engine is one of ${Object.keys(engines).join(", ")}; "${asked.engine}" is not.`);
  await engine(asked, io);
  return 0;
}

async function explainHere({ request, out, format, report, resume, restart, overwrite, keepGoing, workers }: BatchArguments, io: Io): Promise<void> {
  const outcome = await runBatch(
    {
      request,
      out,
      format,
      unfinished: resume ? "continue" : restart ? "restart" : "refuse",
      overwrite,
      anyway: keepGoing,
      ...(workers === undefined ? {} : { workers }),
    },
    () => createWorkerClient(new URL("worker.cjs", import.meta.url), { limits: limitsHere }),
    { signal: io.signal, progress: (message, pace) => io.status(pace === undefined ? message : paceWords(pace)) },
  ).finally(() => io.status(""));
  if (report !== undefined) await writeReport(report, outcome.summary);
  io.out(outcomeText(outcome, report));
}

function outcomeText({ out, plan, summary, resumed, seconds }: BatchOutcome, report: string | undefined): string {
  const rows = (n: number): string => `${n.toLocaleString("en")} row${n === 1 ? "" : "s"}`;
  const own = plan.total - resumed;
  return [
    `${printable(basename(out))}  ${rows(summary.rows)}, ${plan.columns.length} columns`,
    ...(summary.rejected > 0 ? [`${printable(basename(rejectsFile(out)))}  ${rows(summary.rejected)} that could not be explained`] : []),
    ...(report === undefined ? [] : [`${printable(basename(report))}  the summary`]),
    `${rows(own)} in ${durationWords(seconds)}${resumed > 0 ? `; ${rows(resumed)} were done before` : ""}`,
    ...plan.diagnostics.filter(({ severity }) => severity !== "info").map((d) => printable(formatDiagnostic(d)).replaceAll("↵", "\n")),
  ].join("\n");
}
