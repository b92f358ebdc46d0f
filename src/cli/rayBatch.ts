import { basename, resolve } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { RayOutcome } from "../ray/runRayJob.js";
import { runRayBatch } from "../worker/rayBatch.js";
import type { BatchArguments } from "./batchArguments.js";
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
export async function explainOnRay({ request, data, outGiven, resume, own, ...others }: BatchArguments, io: Io): Promise<void> {
  const address = own["address"] ?? httpOnly(process.env["RAY_ADDRESS"]);
  if (address === undefined) throw new UsageError("Say where the cluster is: --address http://HOST:8265.");
  if (data === undefined) throw new UsageError("Name the data as the cluster sees it: explain-prediction batch <model> <data> --engine ray.");
  for (const [option, given] of [
    ["report", others.report !== undefined],
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
  const outcome = await withWorker(io, (worker, call) =>
    runRayBatch(
      {
        address,
        request,
        driver: new URL("../media/ray/driver.py", import.meta.url),
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
        progress: ({ rows, total, seconds }) => io.status(progressLine(rows, total, seconds)),
        log: (line) => io.err(printable(line)),
      },
      call,
    ),
  );
  io.out(outcomeText(outgoing(outGiven), outcome));
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

/** "120,000 of 1,000,000 rows, 24,100 rows a second, 37 s left". */
function progressLine(rows: number, total: number | null, seconds: number): string {
  const rate = seconds > 0 ? rows / seconds : 0;
  const left = total === null || rate === 0 ? "" : `, ${Math.ceil((total - rows) / rate)} s left`;
  return `${rows.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`} rows, ${Math.round(rate).toLocaleString("en")} rows a second${left}`;
}
