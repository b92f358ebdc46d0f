import { formatDiagnostic } from "../../base/diagnostic.js";
import type { Explanation, Inspection, LayersAnswer } from "../../protocol/explanation.js";
import { buildView } from "../../viewmodel/build.js";
import { formatPercent, formatSigned } from "../../viewmodel/format.js";
import { rank } from "../../viewmodel/rank.js";

const mostFeatures = 12;
const mostLayers = 20;
const longestText = 60;

/** Texts of samples and models are data: on one line, cut, in quotes where they are free text. */
const plain = (text: string): string => {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
};

/** An explanation in few words for an agent: answer, whether it can be trusted, the largest credits of each input, layers. */
export function explanationText(explanation: Explanation, inspection: Inspection | undefined, layers: LayersAnswer | undefined): string {
  const view = buildView({ explanation, ...(inspection === undefined ? {} : { inspection }), ...(layers === undefined ? {} : { layers }) });
  const inputs = view.inputs.map((input) => {
    const rows = input.kind === "tokens" ? input.tokens.map(({ text, credit }) => ({ label: `"${text}"`, value: "", credit })) : input.bars;
    const top = rank(rows).slice(0, mostFeatures);
    const shown = top.map(({ label, value, credit }) => `${plain(label)}${value === "" ? "" : ` = ${plain(value)}`}: ${formatSigned(credit)}`);
    return [
      `${plain(input.name)} (${formatPercent(input.share, 0)} of the credit):`,
      ...shown.map((line) => `- ${line}`),
      ...(rows.length > top.length ? [`- and ${rows.length - top.length} more`] : []),
    ].join("\n");
  });
  const parts = view.layers.slice(0, mostLayers).map(({ path, kind, share, source }) => {
    const facts = [kind, source].filter((fact) => fact !== undefined).join(", ");
    return `- ${plain(path)}${facts === "" ? "" : ` (${facts})`}: ${share === null ? "n/a" : formatPercent(share, 0)}`;
  });
  return [
    `${plain(view.prediction.sentence)} Row ${view.row}.`,
    `Explains ${plain(view.target)} by ${view.method}. Positive credit speaks for it, negative against it.`,
    `Check: ${view.check.sentence}`,
    ...inputs,
    ...(parts.length === 0 ? [] : ["Layers (share of the change in score that passes through):", ...parts]),
    ...view.diagnostics.filter(({ severity }) => severity !== "info").map((diagnostic) => `Remark: ${formatDiagnostic(diagnostic)}`),
  ].join("\n");
}

/** What a model takes, gives and is made of, in few words. */
export function inspectionText({ model, inputs, outputs, layers, diagnostics }: Inspection): string {
  const shape = (dims: readonly (number | string | null)[] | null): string => (dims === null ? "" : ` [${dims.map((dim) => dim ?? "?").join(", ")}]`);
  const shown = layers.slice(0, mostLayers * 2).map(({ path, class: name, operators, parameters, source }) => {
    const place =
      source === null ? "" : `, ${source.file}${source.definition === null ? "" : `:${source.definition}`}${source.differs === true ? " (differs)" : ""}`;
    return `- ${plain(path)}: ${name?.split(".").at(-1) ?? operators.slice(0, 3).join(", ")}, ${parameters} parameters${place}`;
  });
  return [
    `${plain(model.file)}: ${model.bytes} bytes, ${plain(model.producer)}.`,
    "Inputs:",
    ...inputs.map(({ name, type, dims, role }) => `- ${plain(name)}: ${type}${shape(dims)}, ${role}`),
    "Outputs:",
    ...outputs.map(
      ({ name, type, dims, role, labels }) => `- ${plain(name)}: ${type}${shape(dims)}, ${role}${labels === undefined ? "" : `: ${plain(labels.join(", "))}`}`,
    ),
    `Layers (${layers.length}):`,
    ...shown,
    ...(layers.length > shown.length ? [`- and ${layers.length - shown.length} more`] : []),
    ...diagnostics.filter(({ severity }) => severity !== "info").map((diagnostic) => `Remark: ${formatDiagnostic(diagnostic)}`),
  ].join("\n");
}

/** Which methods work for a model, and why the others do not. */
export function methodsText({ model, methods }: Inspection): string {
  const works = methods.filter(({ available }) => available).map(({ name }) => name);
  const reasons = new Map<string, string[]>();
  for (const { name, available, reason = "" } of methods) if (!available) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return [
    `Methods that work for ${plain(model.file)}: ${works.join(", ")}.`,
    ...[...reasons].map(([reason, names]) => `Not ${names.join(", ")}: ${reason}`),
  ].join("\n");
}
