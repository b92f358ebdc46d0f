import { formatDiagnostic } from "../base/diagnostic.js";
import type { FlipAnswer, FlipAsk } from "../protocol/flip.js";
import type { ExplainRequest } from "../protocol/request.js";
import { flipView } from "../viewmodel/flip.js";
import { parseExplain } from "./explainArguments.js";
import { compactJson } from "./explanationJson.js";
import type { Io } from "./io.js";
import { shortFloats } from "./numbers.js";
import { deliver } from "./output.js";
import { takeOptions } from "./ownOptions.js";
import { columns, printable, style } from "./style.js";
import { UsageError } from "./usage.js";
import { withWorker } from "./worker.js";

export const flipHelp = `explain-prediction flip <model> [samples] [options]

The smallest change of a sample with which the model predicts something else: fewest changes first, then the smallest. Numbers and categories stay within
what the data shows, words are left out, blocks of pictures and pieces of sounds are set to their baseline. What is found was verified by running the model.

  samples               as for "explain"; the training file that the sidecar names, else these, tell ranges, categories and spreads
  --row N               a row of the samples, from 0; default: the first
  --to CLASS | VALUE    the class that is wanted, by index or label (default: any other), or the value that a single score has to reach
  --only NAME           an input that may change (repeatable; default: all)
  --runs N              the search ends after so many runs of the model; default 20000
  --input NAME=VALUE  --baseline [NAME=]B  --fixed NAME  --tokenizer FILE  --labels A,B  --features FILE  --column NAME=A,B  --threads N  --quiet
  --format FORMAT       table (default) or json
  --out FILE            write there instead of stdout

Ends with exit code 0 also when nothing was found: the answer says what came nearest.`;

/** Options of `explain` that have no meaning here. */
const meaningless = [
  ["targets", "target"],
  ["versus", "versus"],
  ["method", "method"],
  ["layer", "layer"],
  ["neuron", "neuron"],
  ["options", "option"],
  ["mode", "mode"],
  ["measures", "measure"],
  ["aggregate", "aggregate"],
] as const;
const valued = ["to", "only", "runs"];

/** Runs the command. */
export async function flipCommand(args: readonly string[], io: Io): Promise<number> {
  const { request, ask, format, out } = parseFlip(args);
  const answer = await withWorker(io, (worker, options) => worker.flip([request, ask], options));
  await deliver(format === "json" ? flipJson(answer) : flipTable(answer), out, io);
  return 0;
}

function parseFlip(args: readonly string[]): {
  readonly request: ExplainRequest;
  readonly ask: FlipAsk;
  readonly format: "table" | "json";
  readonly out: string | undefined;
} {
  const { given, rest } = takeOptions(args, valued);
  const { request, format, out } = parseExplain(rest, "flip");
  for (const [key, option] of meaningless)
    if (request[key] !== undefined)
      throw new UsageError(`--${option} has no meaning here; "explain" has it.${key === "targets" ? " The class that is wanted is named with --to." : ""}`);
  if (format !== "table" && format !== "json") throw new UsageError(`--format is one of table, json; "${format}" is not.`);
  const all = (name: string): readonly string[] => given.flatMap(([own, value]) => (own === name ? [value] : []));
  const [to, only, runs] = [all("to").at(-1), all("only"), all("runs").at(-1)];
  if (runs !== undefined && !/^[1-9]\d{0,8}$/u.test(runs)) throw new UsageError(`--runs takes a whole number from 1; "${runs}" is not one.`);
  return {
    request,
    ask: {
      ...(to === undefined ? {} : { to }),
      ...(only.length === 0 ? {} : { inputs: only }),
      ...(runs === undefined ? {} : { mostRuns: Number(runs) }),
    },
    format,
    out,
  };
}

/** The answer as JSON; the edited inputs are left out where a picture or sound would make them long. */
function flipJson({ before, after, changes, size, edits, diagnostics, ...answer }: FlipAnswer): string {
  const long = Object.values(edits).some((edit) => edit.kind === "values" && edit.values.length > 1000);
  return compactJson({
    ...answer,
    ...(shortFloats({ before, after, size }) as object),
    changes,
    ...(long ? {} : { edits }),
    diagnostics,
  });
}

function flipTable(answer: FlipAnswer): string {
  const { sentence, detail, rows, unit } = flipView(answer);
  return [
    `${style("bold", `${printable(answer.model.file)}, row ${answer.row}`)}\n${style("bold", printable(sentence))}`,
    ...(rows.length === 0
      ? []
      : [columns(rows.map(({ label, from, to, size }) => [`  ${printable(label)}`, `${printable(from)} → ${printable(to)}`, printable(size)])).join("\n")]),
    [unit, detail].filter((line) => line !== "").join("\n"),
    ...answer.diagnostics.map(
      (d) =>
        `${style(d.severity === "info" ? "dim" : "yellow", d.severity === "info" ? "note" : "warning")} ${printable(formatDiagnostic(d)).replaceAll("↵", "\n  ")}`,
    ),
  ].join("\n\n");
}
