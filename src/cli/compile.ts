import { basename, resolve } from "node:path";
import { formatDiagnostic } from "../base/diagnostic.js";
import type { CompiledExplanation } from "../protocol/compiled.js";
import type { ModelValue } from "../protocol/explanation.js";
import { parseExplain } from "./explainArguments.js";
import { compactJson } from "./explanationJson.js";
import type { Io } from "./io.js";
import { columns, printable } from "./style.js";
import { UsageError } from "./usage.js";
import { withWorker } from "./worker.js";

export const compileHelp = `explain-prediction compile <model> [samples] --out explanation.onnx [options]

Writes an explanation as an ONNX file of standard operators: samples in; prediction, credits, their sum's delta and error estimates out.
It runs in any ONNX Runtime, without any part of this program.

  samples               a file whose first row (or --row) says how long sequences are; not needed where the model fixes all sizes
  --out FILE            where to write; large weights go to FILE.data
  --method NAME         default integratedGradients; also saliency, inputXGradient, deepLift, lrp, guidedBackprop, deconvolution, gradCam,
                        guidedGradCam, layerIntegratedGradients, layerConductance, internalInfluence, layerDeepLift, layerLrp, …
  --target T            predicted (default): each row's own prediction; a class index or label; VALUE[i,j]; T@i; logit:T
  --versus T            explain the target minus this class
  --baseline [NAME=]B   zero, a number, mean, median, pad, mask, unk, black, row:N, @FILE with one row; or input: the baseline becomes an
                        input of the file, NAME/baseline (repeatable)
  --layer VALUE         for layer methods: a value's name, a module path, or auto
  --fixed NAME          an input that keeps the sample's value and gets no credit (repeatable)
  --option KEY=VALUE    steps=17|33|65|129 (default 65), rule=gausslegendre and so on, multiplyByInputs, abs, … (repeatable)
  --input NAME=VALUE  --row N  --tokenizer FILE  --labels A,B  --features FILE  --column NAME=A,B  --threads N  --quiet
  --format FORMAT       table (default) or json: what was written`;

/** Runs the command. */
export async function compileCommand(args: readonly string[], io: Io): Promise<number> {
  const { request, format, out } = parseExplain(args, "compile");
  if (out === undefined) throw new UsageError("Say where to write: --out explanation.onnx.");
  if (format !== "table" && format !== "json") throw new UsageError(`--format is one of table, json; "${format}" is not.`);
  const compiled = await withWorker(io, (worker, options) => worker.compile([request, resolve(out)], options));
  io.out(format === "json" ? compactJson(compiled) : compiledTable(compiled));
  return 0;
}

function compiledTable({ file, bytes, data, inputs, outputs, points, rowsPerRun, diagnostics }: CompiledExplanation): string {
  const list = (title: string, values: readonly ModelValue[]): string =>
    `${title}\n${columns(values.map(({ name, type, dims }) => [`  ${printable(name)}`, `${type}${dims === null ? "" : ` [${dims.join(", ")}]`}`])).join("\n")}`;
  return [
    `${printable(file)}  ${bytes} bytes${data === undefined ? "" : `, weights in ${printable(basename(data.file))}, ${data.bytes} bytes`}`,
    list("Inputs", inputs),
    list("Outputs", outputs),
    `${points} evaluation${points === 1 ? "" : "s"} of the model for each row; about ${rowsPerRun} row${rowsPerRun === 1 ? "" : "s"} at once run well.`,
    ...diagnostics.map((d) => printable(formatDiagnostic(d)).replaceAll("↵", "\n")),
  ].join("\n\n");
}
