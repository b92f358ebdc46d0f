import type { ExplanationView, UnitView } from "../../protocol/viewModel.js";
import { formatScore } from "../../viewmodel/format.js";
import { rank } from "../../viewmodel/rank.js";
import { barChart } from "../barChart.js";
import { Markup, markup } from "../markup.js";
import { unitGrid } from "../unitGrid.js";
import { inputChart } from "./inputSection.js";
import { section, tableAlternative, type SectionOptions } from "./section.js";

type Units = NonNullable<ExplanationView["units"]>;

/** Up to this many units are listed as bars below the map of all. */
const listed = 12;

/** The units of the chosen layer: a map of all of them, and the largest as bars. `name` is the layer as people call it. */
export function unitsSection(units: Units, name: string, chosen: string | undefined, options: SectionOptions): Markup {
  const selected = chosen === undefined ? {} : { selected: chosen };
  const top = rank(units.bars).slice(0, listed);
  const note = units.total === undefined ? "conductance" : `conductance · the ${units.bars.length} largest of ${units.total}`;
  return section("units", markup`Units of ${name}`, note, [
    units.bars.length > listed ? new Markup(unitGrid(units.bars, { ...options, ...selected, title: `Map of the units of ${name}` })) : null,
    units.bars.length > listed ? markup`<p class="ep-note">The ${top.length} largest</p>` : null,
    new Markup(
      barChart(
        top.map((bar) => ({ ...bar, label: `unit ${bar.label}` })),
        { ...options, ...selected, title: `Units of ${name}` },
      ),
    ),
    tableAlternative("units", units.bars, "Unit"),
  ]);
}

/** What drives the chosen unit, in the same form as the inputs. */
export function unitSection(unit: UnitView, name: string, options: SectionOptions): Markup {
  const activation = unit.activation === null ? "" : ` · activation ${formatScore(unit.activation)}`;
  const conductance = unit.conductance === undefined ? "" : ` · conductance ${formatScore(unit.conductance)}`;
  const note = `of ${name}${activation}${conductance}`;
  const body = unit.inputs.flatMap((input) => [
    unit.inputs.length > 1 ? markup`<h3>${input.name}</h3>` : null,
    inputChart(input, `What drives unit ${unit.unit} of ${name}: ${input.name}`, options),
    tableAlternative(`unit/${input.name}`, input.kind === "tokens" ? input.tokens : input.bars, input.kind === "tokens" ? "Word" : "Feature"),
  ]);
  return section("unit", markup`What drives unit ${unit.unit}`, note, [
    markup`<div data-test="unit" data-unit-of="${unit.layer}" data-unit-index="${unit.unit}">${body}</div>`,
  ]);
}
