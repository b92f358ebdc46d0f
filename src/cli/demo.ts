import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeWhole } from "../base/writeWhole.js";
import { renderReport, type ReportExtra } from "../charts/report.js";
import type { Credit, Explanation, LayersAnswer, Result } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import { buildView } from "../viewmodel/build.js";
import { creditBars, unitBars } from "../viewmodel/elements.js";
import type { CallOptions, WorkerClient } from "../worker/client.js";
import { creditTable, predictionText } from "./explanationTable.js";
import type { Io } from "./io.js";
import { tableNumber } from "./numbers.js";
import { bar, columns, printable, style } from "./style.js";
import { asUsage } from "./usage.js";
import { withWorker } from "./worker.js";

export const demoHelp = `explain-prediction demo [--out FILE]

Explains the bundled example: one patient of the Pima diabetes data, then averages over all patients of the test file.
Writes the charts to explanation.html, or to the file of --out.`;

const folder = new URL("../examples/diabetes/", import.meta.url);
const model = fileURLToPath(new URL("model.onnx", folder));
const samples = fileURLToPath(new URL("samples.csv", folder));
/** A patient whose illness the network sees. */
const patient = 4;
const hiddenLayer = "sigmoid1";
const neurons = ["0", "3"];
const shownUnits = 5;

/** The class that averages are about: having diabetes. */
const ill = ["pos"];

interface Averages {
  readonly rows: number;
  readonly features: Credit;
  readonly units: Credit;
  readonly neurons: readonly { readonly unit: string; readonly credit: Credit }[];
}

/** Runs the command. */
export async function demo(args: readonly string[], io: Io): Promise<number> {
  const { values } = asUsage(() => parseArgs({ args: [...args], options: { out: { type: "string" }, quiet: { type: "boolean" } } }));
  const file = resolve(values.out ?? "explanation.html");
  await withWorker(io, async (worker, options) => {
    const request: ExplainRequest = { model, samples, rows: [patient] };
    const inspection = await worker.inspect([model], options);
    const explanation = await worker.explain([request], options);
    const layers = await worker.layers([request], options);
    const [result] = explanation.results;
    if (result === undefined) throw new Error("the explanation has no result");
    onePatient(io, explanation, result, layers);

    const averages = await average(worker, options);
    allPatients(io, averages);
    const layer = layers.layers.find((l) => l.path === hiddenLayer)?.value;
    await writeWhole(file, renderReport(buildView({ explanation, inspection, layers, ...(layer === undefined ? {} : { layer }) }), charts(averages)));
  });
  io.out(`\n${style("bold", "The charts")} are in ${relative(process.cwd(), file)}: open it in a browser.`);
  io.out(`${style("bold", "The extension")}: "npm run vscode" opens VS Code with it and this example; right-click model.onnx, then "Explain prediction".`);
  return 0;
}

function onePatient(io: Io, explanation: Explanation, result: Result, layers: LayersAnswer): void {
  const target = result.target?.label ?? "";
  io.out(style("bold", `Why does the network say "${printable(target)}" for patient ${result.row} of the test file?`));
  io.out(`\npredicted  ${predictionText(result.prediction)}`);
  if (result.score !== null && result.baselineScore !== null)
    io.out(`score      ${tableNumber(result.score)}; an average patient has ${tableNumber(result.baselineScore)}`);
  if (typeof result.delta === "number")
    io.out(`check      the credits add up to the difference but for ${tableNumber(result.delta)} (${result.points} points)`);
  io.out(`\n${style("bold", "Features")}, by ${explanation.request.method ?? ""}`);
  for (const [name, credit] of Object.entries(result.attributions)) io.out(creditTable(name, credit, result.error?.[name]).slice(1).join("\n"));

  io.out(`\n${style("bold", "Layers")}, by conductance: the share of the difference that passes through`);
  io.out(
    columns(
      layers.layers.map((l) => [
        `  ${printable(l.path)}`,
        `${l.units} units`,
        `${(100 * l.share).toFixed(1)} %`,
        bar(l.share, Math.max(1, ...layers.layers.map((o) => Math.abs(o.share)))),
      ]),
      [1, 2],
    ).join("\n"),
  );

  // The units of the last layer are the classes themselves.
  const units = layers.layers.slice(0, -1).flatMap((l) => l.credit.data.map((credit, unit) => ({ name: `${l.path} unit ${unit}`, credit })));
  const top = units.sort((a, b) => Math.abs(b.credit) - Math.abs(a.credit)).slice(0, shownUnits);
  io.out(`\n${style("bold", "Top neurons")}, by conductance`);
  io.out(
    columns(
      top.map((u) => [`  ${printable(u.name)}`, tableNumber(u.credit), bar(u.credit, Math.abs(top[0]?.credit ?? 0))]),
      [1],
    ).join("\n"),
  );
}

async function average(worker: WorkerClient, options: CallOptions): Promise<Averages> {
  const all: ExplainRequest = { model, samples, rows: "all", targets: ill, baselines: { "": "zero" }, aggregate: "mean" };
  const mean = async (request: Partial<ExplainRequest>): Promise<{ readonly credit: Credit; readonly rows: number }> => {
    const { aggregate, results } = await worker.explain([{ ...all, ...request }], options);
    const credit = Object.values(aggregate?.mean ?? {})[0];
    if (credit === undefined) throw new Error("the explanation has no average");
    return { credit, rows: results.length };
  };
  const features = await mean({ method: "integratedGradients" });
  const units = await mean({ method: "layerConductance", layer: hiddenLayer });
  const drivers = [];
  for (const unit of neurons) drivers.push({ unit, credit: (await mean({ method: "neuronConductance", layer: hiddenLayer, neuron: unit })).credit });
  return { rows: features.rows, features: features.credit, units: units.credit, neurons: drivers };
}

function allPatients(io: Io, { rows, features, units, neurons: drivers }: Averages): void {
  const table = (title: string, credit: Credit): void => io.out(`\n${style("bold", title)}\n${creditTable("", credit, undefined).slice(1).join("\n")}`);
  io.out(`\n${style("bold", `Averages over all ${rows} patients of the test file, for "${ill.join()}", from a baseline of zeros`)}`);
  table("Features, by integrated gradients", features);
  table(`Units of ${hiddenLayer}, by conductance`, { ...units, labels: units.data.map((_, i) => `unit ${i}`) });
  for (const { unit, credit } of drivers) table(`Features behind unit ${unit} of ${hiddenLayer}, by neuron conductance`, credit);
}

function charts({ rows, features, units, neurons: drivers }: Averages): readonly ReportExtra[] {
  const note = `Mean over all ${rows} rows of samples.csv, for "${ill.join()}", from a baseline of zeros`;
  return [
    { title: "Average credit of each feature (integrated gradients)", note, bars: creditBars(features) },
    { title: `Average conductance of the units of ${hiddenLayer}`, note, bars: unitBars(units) },
    ...drivers.map(({ unit, credit }) => ({
      title: `Average credit of each feature behind unit ${unit} of ${hiddenLayer} (neuron conductance)`,
      note,
      bars: creditBars(credit),
    })),
  ];
}
