import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ExplainError } from "../base/diagnostic.js";
import type { RayOutcome } from "../ray/runRayJob.js";
import { clusterPace, paceWords } from "../worker/batch/pace.js";
import { runRayBatch } from "../worker/rayBatch.js";
import type { BatchArguments } from "./batchArguments.js";
import { writeReport } from "./datasetReport.js";
import type { Io } from "./io.js";
import { printable } from "./style.js";
import { UsageError } from "./usage.js";
import { withWorker } from "./worker.js";

/** The part of the help that is about this engine. */
export const rayHelp = `  --engine ray          on a Ray cluster: Parquet or CSV (a file, a folder, s3://…) as its nodes see them; OUT becomes a folder of Parquet files
  --address URL         the cluster's dashboard, such as http://HOST:8265; default: RAY_ADDRESS, if it is such an address
  --id COLUMN           a column that names the rows and goes into the result
  --explanation FILE    where the nodes see the compiled explanation, if it is too large to be sent with the job`;

/** `batch --engine ray`. */
export async function explainOnRay({ request, data, outGiven, resume, own, report, ...others }: BatchArguments, io: Io): Promise<void> {
  const address = own["address"] ?? httpOnly(process.env["RAY_ADDRESS"]);
  if (address === undefined) throw new UsageError("Say where the cluster is: --address http://HOST:8265.");
  if (data === undefined) throw new UsageError("Name the data as the cluster sees it: explain-prediction batch <model> <data> --engine ray.");
  for (const [option, given] of [
    ["restart", others.restart],
    ["overwrite", others.overwrite],
    ["workers", others.workers !== undefined],
  ] as const)
    if (given) throw new UsageError(`--${option} is of the engine on this machine; a Ray cluster has none.`);
  if (others.format !== "parquet")
    throw new ExplainError("OPTION_INVALID", "A Ray cluster writes Parquet, not CSV.", {
      hint: "Name a place that ends in .parquet: a folder of Parquet files.",
    });
  const seen = (place: string): string => (place.includes("://") ? place : resolve(place));
  const { outcome, summary } = await withWorker(io, (worker, call) =>
    runRayBatch(
      {
        address,
        request,
        driver: fileURLToPath(new URL("../media/ray", import.meta.url)),
        question: {
          data: seen(data),
          out: seen(outGiven),
          resume,
          ...(own["id"] === undefined ? {} : { id: own["id"] }),
          ...(own["explanation"] === undefined ? {} : { explanation: own["explanation"] }),
        },
      },
      worker,
      {
        signal: io.signal,
        started: () => io.status(`Waiting for ${address}`),
        progress: (progress) => io.status(paceWords(clusterPace(progress))),
        log: (line) => io.err(printable(line)),
      },
      call,
    ),
  );
  if (report !== undefined) await writeReport(report, summary);
  io.out([outcomeText(outgoing(outGiven), outcome), ...(report === undefined ? [] : [`${printable(basename(report))}  the summary`])].join("\n"));
}

function httpOnly(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//.test(text) ? text : undefined;
}

function outgoing(place: string): string {
  return place.includes("://") ? place : basename(place);
}

function outcomeText(out: string, { rows, explained, rejected, seconds, nodes }: RayOutcome): string {
  const count = (n: number): string => `${n.toLocaleString("en")} row${n === 1 ? "" : "s"}`;
  return [
    `${printable(out)}  ${count(rows)}`,
    ...(rejected > 0 ? [`${count(rejected)} could not be explained: the column "reason" says why`] : []),
    `${count(explained)} in ${Math.round(seconds)} s on ${nodes} node${nodes === 1 ? "" : "s"}${rows > explained ? `; ${count(rows - explained)} were done before` : ""}`,
  ].join("\n");
}
