import type { BatchInput, BatchSummary } from "../../protocol/batch.js";
import type { ClusterResult, SampledRow } from "../../protocol/cluster.js";
import type { CompiledExplanation } from "../../protocol/compiled.js";
import { truthOf } from "../truth.js";
import { columnsOf, type BatchCell } from "./batchCells.js";
import { lineObserver, type RowLayout } from "./observedLine.js";
import { Summary } from "../../summary/summary.js";
import { summaryHead } from "./summaryHead.js";

/** The summary of a cluster's result: of all its rows where they are few, else of those that were drawn from it. */
export function clusterSummary(compiled: CompiledExplanation, result: ClusterResult): BatchSummary {
  const { data, rows, rejected, sample } = result;
  const layout = layoutOf(compiled, result);
  const observe = lineObserver(layout);
  const summary = new Summary();
  for (const row of inOrder(sample)) {
    const cells = layout.columns.map(({ name }) => cellOf(row.cells[name]));
    const right = rightOf(row, layout, compiled);
    summary.add(observe({ cells, values: valuesOf(row, layout), ...(right === undefined ? {} : { right }) }));
  }
  const explained = rows - rejected;
  return { ...summary.finish(summaryHead(compiled.request, data), { rejected }), ...(sample.length < explained ? { drawnFrom: explained } : {}) };
}

/** The columns of a result of this machine, by the names that the cluster's has. */
function layoutOf({ labels: classes, pictures, outputs }: CompiledExplanation, result: ClusterResult): RowLayout {
  const inputs = result.outputs.flatMap(({ output, input, kind, columns }): readonly BatchInput[] => {
    if (input === undefined) return [];
    const dims = outputs.find(({ name }) => name === output)?.dims?.slice(1) ?? [];
    const picture = pictures.includes(input) ? { picture: dims.map(Number) } : {};
    const labels = kind === "list" ? [] : columns.map((column) => column.slice(input.length + 1));
    return [{ name: input, form: kind === "list" ? "list" : "columns", labels, ...picture }];
  });
  const scores = result.outputs.find(({ output, kind }) => output === "prediction" && kind === "number")?.columns.length ?? 0;
  const layout = { id: result.id, label: result.label, scores, classes: classes ?? null, inputs };
  return { ...layout, columns: columnsOf(layout) };
}

function rightOf({ cells }: SampledRow, { label, scores, columns }: RowLayout, { labels, outputs }: CompiledExplanation): boolean | undefined {
  const answer = label === null ? undefined : cells[label];
  const dims = outputs.find(({ name }) => name === "prediction")?.dims ?? [];
  if (typeof answer !== "string" || dims.length > 2) return undefined;
  const first = columns.findIndex(({ name }) => name === "prediction") + 1;
  const data = columns.slice(first, first + scores).map(({ name }) => Number(cells[name]));
  return truthOf(answer, { data, ...(labels === undefined ? {} : { labels }) }).right;
}

function valuesOf({ values }: SampledRow, { inputs }: RowLayout): readonly BatchCell[] {
  return inputs.flatMap(({ name, form, labels }) => (form === "list" ? [] : labels.map((_, i) => cellOf(values[name]?.[i]))));
}

function cellOf(value: unknown): BatchCell {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value)) ? value : null;
}

function inOrder(sample: readonly SampledRow[]): readonly SampledRow[] {
  const file = ({ cells }: SampledRow): string => String(cells["file"]);
  return [...sample].sort((a, b) => (file(a) < file(b) ? -1 : file(a) > file(b) ? 1 : Number(a.cells["row"]) - Number(b.cells["row"])));
}
