import type { ExplanationView, PixelView, UnitView } from "../../protocol/viewModel.js";
import { formatScore } from "../../viewmodel/format.js";
import { rank } from "../../viewmodel/rank.js";
import { barChart } from "../barChart.js";
import { channelGrid, mostChannels } from "../channelGrid.js";
import { imageChart } from "../imageChart.js";
import { Markup, markup } from "../markup.js";
import { unitGrid } from "../unitGrid.js";
import { inputChart, inputTable } from "./inputSection.js";
import { section, tableAlternative, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

type Units = NonNullable<ExplanationView["units"]>;

/** Up to this many units are listed as bars below the map of all. */
const listed = 12;

/** The units of the chosen layer: a map of all of them, and the largest as bars. `name` is the layer as people call it. */
export function unitsSection(units: Units, name: string, chosen: string | undefined, options: SectionOptions): Markup {
  const selected = chosen === undefined ? {} : { selected: chosen };
  const top = rank(units.bars).slice(0, listed);
  const size = units.maps === undefined ? null : units.maps.height * units.maps.width;
  const { controls, look = () => undefined } = options;
  const note = units.total === undefined ? t("conductance") : t("conductance · the {0} largest of {1}", units.bars.length, units.total);
  const channel = Number(look("units/channel") ?? String(Math.floor(top[0] === undefined ? 0 : firstIndex(top[0].key)))) || 0;
  const maps = units.maps === undefined ? [] : mapsBody(units.maps, channel, (units.bars[0]?.key ?? "").split(",").length === 2, name, options);
  return section(
    "units",
    markup`${t("Units of {0}", name)}`,
    note,
    [
      ...maps,
      size === null && units.bars.length > listed
        ? new Markup(unitGrid(units.bars, { ...options, ...selected, title: t("Map of the units of {0}", name) }))
        : null,
      units.bars.length > listed ? markup`<p class="ep-note">${t("The {0} largest", top.length)}</p>` : null,
      new Markup(
        barChart(
          top.map((bar) => ({ ...bar, label: t("unit {0}", bar.label) })),
          { ...options, ...selected, title: t("Units of {0}", name) },
        ),
      ),
      tableAlternative("units", units.bars, t("Unit"), options),
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
  const title = sequence ? t("Units of {0}, a line a step", name) : t("Channel {0} of {1}", channel, name);
  const hidden = maps.channels > mostChannels ? t(" · the {0} with most credit of {1}", mostChannels, maps.channels) : "";
  const width = Math.min(options.width, sequence ? Math.max(120, Math.min(maps.width * 24, (maps.width * 480) / maps.height)) : 320);
  const large = new Markup(imageChart(one, "heat", { plane: "all", absolute: false }, { ...options, width, title }));
  const reach = options.interactive
    ? markup` tabindex="0" role="group" aria-label="${t("{0}: the arrow keys go from unit to unit, Enter chooses", title)}" data-focus="units/image"`
    : null;
  const figure = markup`<div class="ep-figures" data-image="units"${sequence ? markup` data-sequence` : null} data-channel-of="${channel}"${reach}><figure class="ep-figure">${large}</figure></div>`;
  const shape = sequence ? `${t("{0} steps of {1} units: a line a step.", maps.height, maps.width)} ` : "";
  const words = `${shape}${options.interactive ? t("A click chooses a unit.") : ""}`;
  const readout = markup`<p class="ep-note"${options.interactive ? markup` data-readout="units" aria-live="polite"` : null}>${words}</p>`;
  if (sequence) return [figure, readout];
  return [
    new Markup(channelGrid(maps, { ...options, title: t("Channels of {0}", name), selected: String(channel) })),
    markup`<p class="ep-note">${t("{0} channels of {1} × {2}, one colour scale", maps.channels, maps.width, maps.height)}${hidden}</p>`,
    markup`<h3>${t("Channel {0}", channel)}</h3>`,
    figure,
    readout,
  ];
}

/** What drives the chosen unit, in the same form as the inputs. */
export function unitSection(unit: UnitView, name: string, options: SectionOptions): Markup {
  const activation = unit.activation === null ? "" : t(" · activation {0}", formatScore(unit.activation));
  const conductance = unit.conductance === undefined ? "" : t(" · conductance {0}", formatScore(unit.conductance));
  const note = `${t("of {0}", name)}${activation}${conductance}`;
  const body = unit.inputs.flatMap((input) => [
    unit.inputs.length > 1 ? markup`<h3>${input.name}</h3>` : null,
    inputChart(input, t("What drives unit {0} of {1}: {2}", unit.unit, name, input.name), options, `unit/${input.name}`),
    inputTable(`unit/${input.name}`, input, options),
  ]);
  return section("unit", markup`${t("What drives unit {0}", unit.unit)}`, note, [
    markup`<div data-test="unit" data-unit-of="${unit.layer}" data-unit-index="${unit.unit}">${body}</div>`,
  ]);
}
