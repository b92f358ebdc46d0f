import type { ExplanationView, PixelView, UnitView } from "../../protocol/viewModel.js";
import { formatScore } from "../../viewmodel/format.js";
import { rank } from "../../viewmodel/rank.js";
import { barChart } from "../barChart.js";
import { channelGrid, mostChannels } from "../channelGrid.js";
import { imageChart } from "../imageChart.js";
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
  const size = units.maps === undefined ? null : units.maps.height * units.maps.width;
  const { controls, look = () => undefined } = options;
  const note = units.total === undefined ? "conductance" : `conductance · the ${units.bars.length} largest of ${units.total}`;
  const channel = Number(look("units/channel") ?? String(Math.floor(top[0] === undefined ? 0 : firstIndex(top[0].key)))) || 0;
  const maps = units.maps === undefined ? [] : mapsBody(units.maps, channel, (units.bars[0]?.key ?? "").split(",").length === 2, name, options);
  return section(
    "units",
    markup`Units of ${name}`,
    note,
    [
      ...maps,
      size === null && units.bars.length > listed ? new Markup(unitGrid(units.bars, { ...options, ...selected, title: `Map of the units of ${name}` })) : null,
      units.bars.length > listed ? markup`<p class="ep-note">The ${top.length} largest</p>` : null,
      new Markup(
        barChart(
          top.map((bar) => ({ ...bar, label: `unit ${bar.label}` })),
          { ...options, ...selected, title: `Units of ${name}` },
        ),
      ),
      tableAlternative("units", units.bars, "Unit", options),
    ],
    { tools: [controls?.pictures("units")] },
  );
}

const firstIndex = (key: string | undefined): number => Number((key ?? "0").split(",")[0]);

/** All channels as small pictures, and the chosen one large: a click on a pixel there chooses the unit. A sequence is one picture, a line a step. */
function mapsBody(maps: PixelView, chosen: number, sequence: boolean, name: string, options: SectionOptions): Markup[] {
  const channel = sequence ? 0 : chosen;
  const size = maps.height * maps.width;
  const one: PixelView = { channels: 1, height: maps.height, width: maps.width, values: [], credits: maps.credits.slice(channel * size, (channel + 1) * size) };
  const title = sequence ? `Units of ${name}, a line a step` : `Channel ${channel} of ${name}`;
  const hidden = maps.channels > mostChannels ? ` · the ${mostChannels} with most credit of ${maps.channels}` : "";
  const width = Math.min(options.width, sequence ? Math.max(120, Math.min(maps.width * 24, (maps.width * 480) / maps.height)) : 320);
  const large = new Markup(imageChart(one, "heat", { plane: "all", absolute: false }, { ...options, width, title }));
  const reach = options.interactive
    ? markup` tabindex="0" role="group" aria-label="${title}: the arrow keys go from unit to unit, Enter chooses" data-focus="units/image"`
    : null;
  const figure = markup`<div class="ep-figures" data-image="units"${sequence ? markup` data-sequence` : null} data-channel-of="${channel}"${reach}><figure class="ep-figure">${large}</figure></div>`;
  const shape = sequence ? `${maps.height} steps of ${maps.width} units: a line a step. ` : "";
  const words = `${shape}${options.interactive ? "A click chooses a unit." : ""}`;
  const readout = markup`<p class="ep-note"${options.interactive ? markup` data-readout="units" aria-live="polite"` : null}>${words}</p>`;
  if (sequence) return [figure, readout];
  return [
    new Markup(channelGrid(maps, { ...options, title: `Channels of ${name}`, selected: String(channel) })),
    markup`<p class="ep-note">${maps.channels} channels of ${maps.width} × ${maps.height}, one colour scale${hidden}</p>`,
    markup`<h3>Channel ${channel}</h3>`,
    figure,
    readout,
  ];
}

/** What drives the chosen unit, in the same form as the inputs. */
export function unitSection(unit: UnitView, name: string, options: SectionOptions): Markup {
  const activation = unit.activation === null ? "" : ` · activation ${formatScore(unit.activation)}`;
  const conductance = unit.conductance === undefined ? "" : ` · conductance ${formatScore(unit.conductance)}`;
  const note = `of ${name}${activation}${conductance}`;
  const body = unit.inputs.flatMap((input) => [
    unit.inputs.length > 1 ? markup`<h3>${input.name}</h3>` : null,
    inputChart(input, `What drives unit ${unit.unit} of ${name}: ${input.name}`, options),
    tableAlternative(`unit/${input.name}`, input.kind === "tokens" ? input.tokens : input.bars, input.kind === "tokens" ? "Word" : "Feature", options),
  ]);
  return section("unit", markup`What drives unit ${unit.unit}`, note, [
    markup`<div data-test="unit" data-unit-of="${unit.layer}" data-unit-index="${unit.unit}">${body}</div>`,
  ]);
}
