import { markup, type Markup } from "../../src/charts/markup.js";
import { checkSection } from "../../src/charts/sections/checkSection.js";
import { diagnosticsSection } from "../../src/charts/sections/diagnosticsSection.js";
import { inputSection } from "../../src/charts/sections/inputSection.js";
import { layersSection } from "../../src/charts/sections/layersSection.js";
import { predictionSection } from "../../src/charts/sections/predictionSection.js";
import type { SectionOptions } from "../../src/charts/sections/section.js";
import { unitSection, unitsSection } from "../../src/charts/sections/unitsSection.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { panelTheme } from "../theme.js";
import { controls } from "./controls.js";
import { status } from "./status.js";

/** The page's fixed places; each is written anew only when its markup changed. */
export const placeNames = ["status", "controls", "answer", "inputs", "inside", "remarks"] as const;
export type Places = Readonly<Record<(typeof placeNames)[number], string>>;

const twoColumns = 1000;
const columnGap = 40;
const widestChart = 960;

/** Width of the charts on a page `width` pixels wide (its padding left out): the page's, or a column's. */
function chartWidth(width: number): number {
  const column = width >= twoColumns ? (width - columnGap) / 2 : width;
  return Math.max(200, Math.min(widestChart, Math.floor(column)));
}

const join = (parts: readonly (Markup | null)[]): string => markup`${parts}`.text;

/** The whole page for a state. Pure: the same state and width give the same markup. */
export function panel(state: PanelState, width: number): Places {
  const { view } = state;
  const top = join([status(state)]);
  if (view === null) return { status: top, controls: "", answer: "", inputs: "", inside: "", remarks: "" };
  const options: SectionOptions = { width: chartWidth(width), theme: panelTheme, interactive: true };
  const layerName = (value: string): string => view.layers.find((layer) => layer.value === value)?.path ?? value;
  const unit = view.unit !== null && view.unit.layer === view.units?.layer ? view.unit.unit : undefined;
  return {
    status: top,
    controls: join([controls(view)]),
    answer: join([predictionSection(view, options), checkSection(view.check)]),
    inputs: join(view.inputs.map((input) => inputSection(input, view.target, options))),
    inside: join([
      view.layers.length === 0 ? null : layersSection(view.layers, view.units?.layer, options),
      view.units === null ? null : unitsSection(view.units, layerName(view.units.layer), unit, options),
      view.unit === null ? null : unitSection(view.unit, layerName(view.unit.layer), options),
    ]),
    remarks: join([diagnosticsSection(view.diagnostics)]),
  };
}
