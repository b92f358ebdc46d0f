import { buildView } from "../viewmodel/build.js";
import { renderReport } from "../charts/report.js";
import type { Explanation } from "../protocol/explanation.js";
import type { WorkerClient } from "../worker/client.js";
import { explanationCsv } from "./explanationCsv.js";
import { explanationJson } from "./explanationJson.js";
import { explanationTable } from "./explanationTable.js";
import { parseExplain, type ExplainArguments } from "./explainArguments.js";
import type { Io } from "./io.js";
import { deliver } from "./output.js";
import { reportExtras } from "./reportExtras.js";
import { withWorker } from "./worker.js";

export const explainHelp = `explain-prediction explain <model> [samples] [options]

What to explain
  samples               CSV, TSV, JSON, JSONL, Parquet, NPY, NPZ, TensorProto, text, picture, WAV or FLAC, or a folder of pictures
                        or sounds; without it, the samples that model.explain.json names, else samples.* beside the model
  --row 0,2,5-9 | all   rows of the samples, from 0; default: the first
  --input NAME=VALUE    one input's value: a number, a JSON array, text for a token input, or @FILE (repeatable)
  --target T            predicted (default), a class index or label, top:N, or VALUE[i,j] for any value of the graph; T@i for a
                        position of a sequence, logit:T for the value before the last Softmax or Sigmoid (repeatable)
  --versus T            explain the target minus this class
How
  --method NAME         default integratedGradients; "explain-prediction methods" lists them; auto: integratedGradients, or where no
                        gradient goes through the model treeShap, shapleyValues or kernelShap
  --baseline [NAME=]B   zero, a number, mean, median, pad, mask, unk, black, blur[:SIGMA], silence, row:N, @FILE, medoids[:K],
                        population[:N], or several joined by +, of which credits are the average; for an input of
                        text mode, empty or the text itself; for one input or all (repeatable)
  --layer VALUE         for layer and neuron methods: a value's name, a module path, or auto; several with commas are one layer
  --neuron 2,0,1 | all  for neuron methods; 2 alone is the whole channel or position
  --fixed NAME          an input that stays at the sample's value and gets no credit (repeatable)
  --option KEY=VALUE    rule, steps, tolerance, multiplyByInputs, abs, variant, …; objects as JSON (repeatable)
  --mode MODE           joint (default): all inputs along one path; isolated: one input at a time
  --noise KIND          smoothgrad, smoothgradSquared or vargrad over the method (--option noiseSamples=…, noiseStdev=…)
  --measure NAME,…      how far it can be trusted: infidelity, sensitivity, deletion, insertion, randomisation, agreement,
                        baselines, or all (repeatable)
  --aggregate KIND      mean or meanAbs: also aggregate over the rows
What the files don't say
  --tokenizer FILE  --labels A,B  --features FILE
  --column NAME=A,B     the columns of the samples that feed an input, in order (repeatable)
Output
  --format FORMAT       table (default), json, csv, html
  --out FILE            write there instead of stdout
  --threads N  --quiet`;

/** Runs the command. */
export async function explainCommand(args: readonly string[], io: Io): Promise<number> {
  const asked = parseExplain(args);
  await deliver(await withWorker(io, (worker, options) => answer(asked, worker, options)), asked.out, io);
  return 0;
}

async function answer({ request, format }: ExplainArguments, worker: WorkerClient, options: Parameters<WorkerClient["explain"]>[1]): Promise<string> {
  const explanation = await worker.explain([request], options);
  switch (format) {
    case "json":
      return explanationJson(explanation);
    case "csv":
      return explanationCsv(explanation);
    case "table":
      return explanationTable(explanation);
    case "html":
      return report(explanation, worker, options);
  }
}

/** The panel's charts of the first result in one file, with averages and measures; layers are shown when their conductance can be had. */
async function report(explanation: Explanation, worker: WorkerClient, options: Parameters<WorkerClient["explain"]>[1]): Promise<string> {
  const inspection = await worker.inspect([explanation.request.model], options);
  const conductance = inspection.methods.some((m) => m.name === "layerConductance" && m.available);
  const layers = conductance ? await worker.layers([explanation.request], options) : undefined;
  return renderReport(buildView({ explanation, inspection, ...(layers === undefined ? {} : { layers }) }), reportExtras(explanation));
}
