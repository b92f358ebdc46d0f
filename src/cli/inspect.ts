import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatDiagnostic } from "../base/diagnostic.js";
import type { Inspection, ModelValue, SamplePage } from "../protocol/explanation.js";
import { compactJson } from "./explanationJson.js";
import type { Io } from "./io.js";
import { deliver } from "./output.js";
import { columns, printable, style } from "./style.js";
import { asUsage, UsageError } from "./usage.js";
import { withWorker } from "./worker.js";

export const inspectHelp = `explain-prediction inspect <model> [--sources DIR] [--samples FILE] [--format table|json] [--out FILE]

Inputs and outputs with their roles, layers with their source lines, operators and whether gradients pass them, and which methods can be used.

  --sources DIR    folder with the code that made the model; default: the model's folder
  --samples FILE   also show which column of these samples feeds which input`;

/** Runs the command. */
export async function inspectCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = asUsage(() =>
    parseArgs({
      args: [...args],
      options: { sources: { type: "string" }, samples: { type: "string" }, format: { type: "string" }, out: { type: "string" }, quiet: { type: "boolean" } },
      allowPositionals: true,
    }),
  );
  const [model, extra] = positionals;
  if (model === undefined) throw new UsageError("Name the model file: explain-prediction inspect <model>.");
  if (extra !== undefined) throw new UsageError(`There is one argument too many: "${extra}".`);
  const format = values.format ?? "table";
  if (format !== "table" && format !== "json") throw new UsageError(`--format is one of table, json; "${format}" is not.`);
  const { inspection, samples } = await withWorker(io, async (worker, options) => ({
    inspection: await worker.inspect([resolve(model), ...(values.sources === undefined ? [] : [resolve(values.sources)])] as [string, string?], options),
    samples: values.samples === undefined ? undefined : await worker.samples([resolve(model), resolve(values.samples), { from: 0, count: 1 }], options),
  }));
  const { diagnostics, ...known } = inspection;
  const text =
    format === "json"
      ? compactJson({ ...known, ...(samples === undefined ? {} : { samples: samplesJson(samples) }), diagnostics })
      : [inspectionTable(inspection), ...(samples === undefined ? [] : [samplesTable(samples)])].join("\n\n");
  await deliver(text, values.out, io);
  return 0;
}

/** An inspection as text for people. */
function inspectionTable({ model, inputs, outputs, layers, operators, methods, diagnostics }: Inspection): string {
  const opsets = Object.entries(model.opset).map(([domain, version]) => `${domain === "" ? "ai.onnx" : domain} ${version}`);
  const available = methods.filter((m) => m.available).map((m) => m.name);
  const reasons = new Map<string, string[]>();
  for (const m of methods) if (!m.available) reasons.set(m.reason ?? "not available", [...(reasons.get(m.reason ?? "not available") ?? []), m.name]);
  const blocks = [
    `${style("bold", printable(model.file))}  ${model.bytes} bytes, ${printable(model.producer)}, opset ${opsets.join(", ")}`,
    section(
      "Inputs",
      inputs.map((v) => [printable(v.name), typeOf(v), v.role, printable(v.evidence)]),
    ),
    section(
      "Outputs",
      outputs.map((v) => [printable(v.name), typeOf(v), v.role, v.labels === undefined ? "" : printable(v.labels.join(", ")), printable(v.evidence ?? "")]),
    ),
    section(
      "Layers",
      layers.map((l) => [
        printable(l.path),
        printable(l.class?.split(".").at(-1) ?? ""),
        printable(l.values.join(", ")),
        l.parameters === 0 ? "" : `${l.parameters} parameters`,
        place(l.source),
      ]),
    ),
    section(
      "Operators",
      operators.map((o) => [
        `${o.domain === "" ? "" : `${o.domain}.`}${o.type}`,
        `× ${o.count}`,
        o.gradient === "rule" ? "gradient" : o.gradient === "zero" ? "no gradient (constant)" : `unsupported: ${o.reason ?? "no rule"}`,
      ]),
    ),
    `${style("bold", "Methods")}\n  ${available.join(", ")}${[...reasons].map(([reason, names]) => `\n  not: ${names.join(", ")}\n       ${reason}`).join("")}`,
    ...diagnostics.map((d) => printable(formatDiagnostic(d)).replaceAll("↵", "\n  ")),
  ];
  return blocks.join("\n\n");
}

function samplesJson({ file, total, columns: names, mapping, label, id }: SamplePage): object {
  return { file, rows: total, columns: names, mapping, label: label ?? null, id: id ?? null };
}

function samplesTable({ file, total, columns: names, mapping, label, id }: SamplePage): string {
  const others = [label === undefined ? "" : `true answer: ${label}`, id === undefined ? "" : `number of the row: ${id}`].filter((part) => part !== "");
  return section(
    `Samples ${printable(basename(file))}, ${total} row${total === 1 ? "" : "s"} of ${names.length} column${names.length === 1 ? "" : "s"}`,
    [...mapping, ...others].map((line) => [printable(line)]),
  );
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${style("bold", title)}\n${rows.length === 0 ? "  none" : columns(rows.map((row) => [`  ${row[0] ?? ""}`, ...row.slice(1)])).join("\n")}`;
}

function typeOf({ type, dims }: ModelValue): string {
  return `${type}${dims === null ? "" : ` [${dims.map((d) => d ?? "?").join(", ")}]`}`;
}

function place(source: Inspection["layers"][number]["source"]): string {
  return source === null
    ? ""
    : printable(`${source.file}${source.definition === null ? "" : `:${source.definition}`}${source.differs === true ? " (differs)" : ""}`);
}
