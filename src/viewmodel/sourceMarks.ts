import type { LayersAnswer, LayerShare } from "../protocol/explanation.js";
import type { LayerSource } from "../protocol/trace.js";
import type { Bar } from "../protocol/viewModel.js";
import { unitBars } from "./elements.js";
import { creditFormatter, formatPercent } from "./format.js";
import { rank } from "./rank.js";

/** One layer's part in a prediction, as a source line shows it. */
export interface LayerMark {
  readonly path: string;
  /** The layer's value: what the panel knows it by. */
  readonly value: string;
  readonly units: number;
  readonly total: number;
  /** Of the change in score; null when undefined. */
  readonly share: number | null;
  /** Units with the largest credit, largest first; `unit` is their position, as the panel takes it. */
  readonly top: readonly { readonly unit: string; readonly credit: number }[];
  /** The source is not what was exported: the numbers do not belong to this text. */
  readonly differs: boolean;
}

/** What stands beside one line of source. */
export interface LineMark {
  readonly line: number;
  readonly layers: readonly LayerMark[];
}

const mostUnits = 5;
const cells = 8;
const differsSentence = "source differs from the exported model";

/**
 * The lines of every file that define or call a layer, with the layer's share. Several layers may share a line.
 * @param model the line of the model's class: it says that the source differs for layers that have no line of their own any more
 */
export function sourceMarks(
  answer: LayersAnswer,
  sources: ReadonlyMap<string, LayerSource>,
  model: { readonly file: string; readonly line: number } | null = null,
): ReadonlyMap<string, readonly LineMark[]> {
  const files = new Map<string, Map<number, LayerMark[]>>();
  const add = (file: string, line: number, mark: LayerMark): void => {
    const lines = files.get(file) ?? new Map<number, LayerMark[]>();
    files.set(file, lines);
    const before = lines.get(line) ?? [];
    if (!before.some((other) => other.path === mark.path)) lines.set(line, [...before, mark]);
  };
  for (const share of answer.layers) {
    const source = sources.get(share.path);
    if (source === undefined) continue;
    const mark = layerMark(share, source.differs === true);
    if (source.definition !== null) add(source.file, source.definition, mark);
    for (const call of source.calls) add(call.file, call.line, mark);
    if (source.definition === null && source.calls.length === 0 && model !== null) add(model.file, model.line, mark);
  }
  return new Map([...files].map(([file, lines]) => [file, [...lines].map(([line, layers]) => ({ line, layers })).sort((a, b) => a.line - b.line)]));
}

function layerMark({ path, value, units, total, share, credit }: LayerShare, differs: boolean): LayerMark {
  const bars = rank(unitBars(credit).filter((bar) => Number.isFinite(bar.credit) && bar.credit !== 0)).slice(0, mostUnits);
  const top = bars.map((bar) => ({ unit: bar.key ?? bar.label, credit: bar.credit }));
  return { path, value, units, total, share: Number.isFinite(share) ? share : null, top, differs };
}

/** A thin bar of `cells` characters: all of it is 100 %; a layer that others undo fills it and says its number. */
export function textBar(share: number): string {
  const halves = Math.round(Math.min(1, Math.abs(share)) * cells * 2);
  return `${"━".repeat(halves >> 1)}${halves % 2 === 1 ? "╸" : ""}`.padEnd(cells, "─");
}

/** The words beside a line: "71 % ━━━━━╸── · most: unit 3". */
export function markText({ layers }: LineMark): string {
  if (layers.every(({ differs }) => differs)) return differsSentence;
  const alone = layers.length === 1;
  return layers
    .map(({ path, share, top, differs }) => {
      const name = alone ? "" : `${path.split(".").at(-1) ?? path} `;
      if (differs) return `${name}${differsSentence}`;
      const number = share === null ? "no change in score" : `${formatPercent(share, 0)} ${textBar(share)}`;
      const most = alone && top.length > 1 ? ` · most: unit ${top[0]?.unit ?? ""}` : "";
      return `${name}${number}${most}`;
    })
    .join("   ");
}

/** Whether the line speaks for the target, against it, or neither: what its colour says. */
export function markSign({ layers }: LineMark): -1 | 0 | 1 {
  if (layers.every(({ differs }) => differs)) return 0;
  const [first] = layers.filter(({ differs, share }) => !differs && share !== null);
  return first?.share == null || first.share === 0 ? 0 : first.share > 0 ? 1 : -1;
}

/** A layer's numbers in one sentence, for a hover. */
export function markSummary({ units, total, share, differs }: LayerMark): string {
  if (differs) return `The ${differsSentence}. Export the model again to see its numbers here.`;
  const part = share === null ? "" : `, ${formatPercent(share)} of the change in score`;
  return `${units} ${units === 1 ? "unit" : "units"}, conductance ${creditFormatter(total)(total)}${part}`;
}

/** The units with the largest credit as bars; none where the numbers do not belong to the text. */
export function markBars({ top, differs }: LayerMark): readonly Bar[] {
  return differs ? [] : top.map(({ unit, credit }) => ({ label: `unit ${unit}`, value: "", credit }));
}
