import { markup, type Markup } from "../../src/charts/markup.js";
import { checkSection } from "../../src/charts/sections/checkSection.js";
import { mappingSection } from "../../src/charts/sections/mappingSection.js";
import { diagnosticsSection } from "../../src/charts/sections/diagnosticsSection.js";
import { comparisonSection } from "../../src/charts/sections/comparisonSection.js";
import { inputSection, sharesOf } from "../../src/charts/sections/inputSection.js";
import { isolatedSection } from "../../src/charts/sections/isolatedSection.js";
import { layersSection } from "../../src/charts/sections/layersSection.js";
import { logitSection } from "../../src/charts/sections/logitSection.js";
import { predictionSection } from "../../src/charts/sections/predictionSection.js";
import type { SectionOptions } from "../../src/charts/sections/section.js";
import { tokenLayersSection } from "../../src/charts/sections/tokenLayersSection.js";
import { trustSection } from "../../src/charts/sections/trustSection.js";
import { unitSection, unitsSection } from "../../src/charts/sections/unitsSection.js";
import type { ManyView } from "../../src/protocol/manyView.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { panelTheme } from "../theme.js";
import { controls } from "./controls.js";
import { crumbs } from "./crumbs.js";
import { flipSection } from "./flip.js";
import { manySection } from "./many.js";
import { samplesSection } from "./samples.js";
import { sectionControls } from "./sectionControls.js";
import { status } from "./status.js";
import { whatIfSection } from "./whatIf.js";

/** The page's fixed places; each is written anew only where its markup changed. */
export const placeNames = ["status", "controls", "answer", "inputs", "whatIf", "trust", "inside", "comparison", "samples", "many", "remarks"] as const;
export type Places = Readonly<Record<(typeof placeNames)[number], string>>;

const twoColumns = 1000;
const columnGap = 40;
const widestChart = 960;
const widestAnswer = 720;

/** Width of the charts on a page `width` pixels wide (its padding left out): the page's, or a column's. */
function chartWidth(width: number): number {
  const column = width >= twoColumns ? (width - columnGap) / 2 : width;
  return Math.max(200, Math.min(widestChart, Math.floor(column)));
}

const join = (parts: readonly (Markup | null)[]): string => markup`${parts}`.text;
const nothing: Places = {
  status: "",
  controls: "",
  answer: "",
  inputs: "",
  whatIf: "",
  trust: "",
  inside: "",
  comparison: "",
  samples: "",
  many: "",
  remarks: "",
};

/** The whole page for a state. Pure: the same state, width, looks (what the reader chose, by the control's key) and folds give the same markup. */
export function panel(
  state: PanelState,
  width: number,
  looks: Readonly<Record<string, string>>,
  folds: Readonly<Record<string, boolean>>,
  many: ManyView | null = null,
): Places {
  const { view } = state;
  const top = join([status(state)]);
  if (view === null) return { ...nothing, status: top };
  const options: SectionOptions = {
    width: chartWidth(width),
    theme: panelTheme,
    interactive: true,
    controls: sectionControls,
    look: (key) => looks[key],
    opened: (id) => folds[id] === true,
  };
  const layerName = (value: string): string => view.layers.find((layer) => layer.value === value)?.path ?? value;
  const unit = view.unit !== null && view.unit.layer === view.units?.layer ? view.unit.unit : undefined;
  return {
    status: top,
    controls: join([controls(view)]),
    answer: join([predictionSection(view, options), checkSection(view.check), sharesOf(view, { ...options, width: Math.min(widestAnswer, width) })]),
    inputs: join([...view.inputs.map((input) => inputSection(input, view, options)), logitSection(view.logit, options), isolatedSection(view, options)]),
    whatIf: join([
      view.whatIf === null ? null : whatIfSection(view.whatIf, view, looks["what-if/find"] ?? ""),
      flipSection(view.flip, state.flip, (key) => looks[key]),
    ]),
    trust: join([trustSection(view, state.measuring, options)]),
    inside: join([
      crumbs(state, view, layerName),
      view.layers.length === 0 ? null : layersSection(view.layers, view.units?.layer, options),
      view.tokenLayers === null ? null : tokenLayersSection(view.tokenLayers, options),
      view.units === null ? null : unitsSection(view.units, layerName(view.units.layer), unit, options),
      view.unit === null ? null : unitSection(view.unit, layerName(view.unit.layer), options),
    ]),
    comparison: join([
      state.comparison === null || state.comparison === undefined
        ? null
        : comparisonSection(state.comparison, { ...options, width: Math.min(widestChart, width) }),
    ]),
    samples: join([view.rows === null ? null : samplesSection(state.table, view.row)]),
    many: join([manySection(many, view.row, folds, options)]),
    remarks: join([mappingSection(view.mapping, options), diagnosticsSection(view.diagnostics)]),
  };
}
