import type { LayerView } from "../protocol/viewModel.js";
import { formatPercent } from "../viewmodel/format.js";
import { at, buttonAttributes, fit, frame, text, textWidth, type ChartOptions } from "./frame.js";
import { lanesOf } from "./lanes.js";
import { markup, type Markup } from "./markup.js";
import { t } from "../protocol/words.js";

const rowHeight = 30;
const narrowRow = 46;
const narrow = 420;
const rail = 12;
const laneWidth = 14;
const percentWidth = 56;

/** Shares of 100 % fill the track; larger ones (a layer that others undo) fill it too and say their number. */
const fill = (share: number): number => Math.min(1, Math.abs(share));

/**
 * Layers from input (top) to output (bottom), branches in lanes of their own, each with the share of the change in score that passes through it.
 * A click chooses the layer whose units are shown.
 */
export function layerChart(layers: readonly LayerView[], options: ChartOptions): string {
  const { theme, width } = options;
  const stacked = width < narrow;
  const height = stacked ? narrowRow : rowHeight;
  const lanes = lanesOf(layers);
  const indent = rail * 2 + 4 + (lanes.count - 1) * laneWidth;
  const laneX = (i: number): number => rail + (lanes.lane[i] ?? 0) * laneWidth;
  const roomy = width >= 560;
  const detail = (layer: LayerView): string =>
    [roomy ? layer.source : undefined, layer.kind, `${layer.units} ${layer.units === 1 ? "unit" : "units"}`].filter((part) => part !== undefined).join(" · ");
  const nameWidth = Math.min(
    layers.reduce((most, layer) => Math.max(most, textWidth(layer.path) * 1.12 + 14 + textWidth(detail(layer))), 0),
    stacked ? width - indent : width * 0.55,
  );
  const left = stacked ? indent : indent + nameWidth + 16;
  const track = Math.max(24, width - left - percentWidth - 4);

  const row = (layer: LayerView, i: number): Markup => {
    const top = i * height;
    const chosen = layer.value === options.selected;
    const textY = top + (stacked ? 14 : height / 2);
    const barY = top + (stacked ? 32 : height / 2);
    const share = layer.share === null ? "n/a" : formatPercent(layer.share, 0);
    const name = fit(layer.path, nameWidth - 4);
    const room = nameWidth - textWidth(name) * 1.12 - 12;
    const spoken = `${t("{0}, {1}: {2} of the change in score", layer.path, detail(layer), share)}${layer.source === undefined ? "" : ` (${layer.source})`}`;
    return markup`<g data-layer="${layer.value}" data-path="${layer.path}" data-share="${layer.share === null ? "" : String(layer.share)}" data-total="${String(layer.total)}"${buttonAttributes(options, layer.value)}><title>${spoken}</title><rect class="ep-hit" x="0.5" y="${at(top + 0.5)}" width="${at(width - 1)}" height="${height - 1}" rx="3" fill="none" stroke="${chosen ? theme.focus : "none"}" pointer-events="all"/><circle cx="${laneX(i)}" cy="${at(textY)}" r="4" fill="${chosen ? theme.focus : theme.background}" stroke="${chosen ? theme.focus : theme.muted}" stroke-width="1.5"/>${text(indent, textY, name, { fill: theme.text, weight: 600 })}${
      room > 40 ? text(indent + nameWidth, textY, fit(detail(layer), room), { fill: theme.muted, anchor: "end" }) : null
    }<rect x="${at(left)}" y="${at(barY - 4)}" width="${at(track)}" height="8" rx="1" fill="${theme.line}" fill-opacity="0.4"/><rect x="${at(left)}" y="${at(barY - 4)}" width="${at(Math.max(1, track * fill(layer.share ?? 0)))}" height="8" rx="1" fill="${(layer.share ?? 0) < 0 ? theme.against : theme.for}" stroke="${theme.outline}"/>${text(width - 4, barY, share, { fill: theme.muted, anchor: "end" })}</g>`;
  };
  const middle = (i: number): number => i * height + (stacked ? 14 : height / 2);
  const edge = ([from, to]: readonly [number, number]): string => {
    const [x1, y1, x2, y2] = [laneX(from), middle(from), laneX(to), middle(to)];
    if (x1 === x2) return `M${x1} ${at(y1)}V${at(y2)}`;
    // Out of the way first: a branch leaves at once, a join comes last.
    const bend = x2 > x1 ? y1 : y2 - height;
    return `M${x1} ${at(y1)}V${at(bend)}C${x1} ${at(bend + height / 2)} ${x2} ${at(bend + height / 2)} ${x2} ${at(bend + height)}V${at(y2)}`;
  };
  const line = markup`<path d="${lanes.edges.map(edge).join("")}" stroke="${theme.line}" fill="none" stroke-width="1.5"/>`;
  return frame(options, Math.max(1, layers.length) * height, "layers", [line, ...layers.map(row)]);
}
