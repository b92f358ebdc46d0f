import type { MeasureName } from "../../protocol/names.js";
import type { ExplanationView, PanelState, TrustMeasure, TrustVerdict } from "../../protocol/viewModel.js";
import { t } from "../../protocol/words.js";
import { formatPercent, formatScore } from "../../viewmodel/format.js";
import { curveChart, type CurveNames } from "../curveChart.js";
import { Markup, markup } from "../markup.js";
import { matrixChart } from "../matrixChart.js";
import { section, type SectionOptions } from "./section.js";

type Found = NonNullable<TrustMeasure["found"]>;

const signs: Readonly<Record<TrustVerdict, string>> = { good: "✓", fair: "~", poor: "!", unknown: "·" };
const widestChart = 560;

const verdictNames = (): Readonly<Record<TrustVerdict, string>> => ({
  good: t("speaks for it"),
  fair: t("in part"),
  poor: t("speaks against it"),
  unknown: t("undecided"),
});

const curveNames: Readonly<Partial<Record<MeasureName, () => CurveNames>>> = {
  deletion: () => ({ across: t("share of the features taken away"), up: t("score"), own: t("by credit"), chance: t("by chance") }),
  insertion: () => ({ across: t("share of the features put in"), up: t("score"), own: t("by credit"), chance: t("by chance") }),
  randomisation: () => ({ across: t("share of weights shuffled"), up: t("rank correlation with the credits"), own: "ρ", chance: "" }),
};

function curveTable(id: string, { share, value, chance }: NonNullable<Found["curve"]>, names: CurveNames): Markup {
  const rows = share.map(
    (s, i) =>
      markup`<tr><th scope="row">${formatPercent(s, 0)}</th><td>${formatScore(value[i] ?? NaN)}</td>${chance === undefined ? null : markup`<td>${formatScore(chance[i] ?? NaN)}</td>`}</tr>`,
  );
  return markup`<details class="ep-alternative" data-fold="${id}/table"><summary>${t("Show as table")}</summary><table class="ep-table"><thead><tr><th scope="col">${names.across}</th><th scope="col">${names.own}</th>${chance === undefined ? null : markup`<th scope="col">${names.chance}</th>`}</tr></thead><tbody>${rows}</tbody></table></details>`;
}

function matrixTable(id: string, { names, values }: NonNullable<Found["matrix"]>): Markup {
  const rows = values.map(
    (line, i) =>
      markup`<tr><th scope="row">${names[i] ?? ""}</th>${line.map((x) => markup`<td>${Number.isFinite(x) ? x.toFixed(3).replace("-", "−") : "n/a"}</td>`)}</tr>`,
  );
  return markup`<details class="ep-alternative" data-fold="${id}/table"><summary>${t("Show as table")}</summary><div class="ep-scroll"><table class="ep-table"><thead><tr><th scope="col">${t("Rank correlation")}</th>${names.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function foundBody(name: MeasureName, title: string, found: Found, options: SectionOptions): Markup[] {
  const drawn = { ...options, interactive: false, width: Math.min(widestChart, options.width), title };
  const id = `trust/${name}`;
  const called = curveNames[name]?.();
  const sign = markup`<span class="ep-trust-sign" role="img" aria-label="${verdictNames()[found.verdict]}">${signs[found.verdict]}</span>`;
  return [
    markup`<p class="ep-trust-reading" data-test="trust-sentence">${sign}<span>${found.sentence}</span></p>`,
    ...(found.curve === undefined || called === undefined ? [] : [new Markup(curveChart(found.curve, called, drawn)), curveTable(id, found.curve, called)]),
    ...(found.matrix === undefined || found.matrix.names.length < 2 ? [] : [new Markup(matrixChart(found.matrix, drawn)), matrixTable(id, found.matrix)]),
  ];
}

function progress({ fraction }: NonNullable<PanelState["measuring"]>, { controls }: SectionOptions): Markup {
  const percent = fraction === undefined ? null : Math.round(100 * Math.min(1, Math.max(0, fraction)));
  return markup`<p class="ep-trust-progress" role="status"><progress max="100"${percent === null ? null : markup` value="${percent}"`} aria-label="${t("Measuring")}"></progress><span>${percent === null ? t("Measuring …") : t("Measuring: {0} %", percent)}</span>${controls?.action("stopMeasuring", "", t("Stop"))}</p>`;
}

function item(measure: TrustMeasure, measuring: PanelState["measuring"], options: SectionOptions): Markup {
  const { name, title, question, found, refused } = measure;
  const running = measuring?.name === name;
  const offer =
    found !== undefined || running || refused !== undefined ? null : options.controls?.action("measure", name, t("Measure"), t("Measure: {0}", title));
  return markup`<div class="ep-trust" data-measure="${name}" data-verdict="${found?.verdict ?? ""}" data-value="${found === undefined ? "" : String(found.value)}"><div class="ep-trust-head"><div><h3>${title}</h3><p class="ep-note">${question}</p></div>${offer}</div>${running ? progress(measuring, options) : null}${refused === undefined ? null : markup`<p class="ep-note" data-test="trust-refused">${refused}</p>`}${found === undefined ? null : foundBody(name, title, found, options)}</div>`;
}

/**
 * How far the answer can be trusted: each measure with its question, a button that takes it, and what it says. In documents without controls only those that were taken;
 * null when there are none.
 */
export function trustSection(view: Pick<ExplanationView, "trust">, measuring: PanelState["measuring"], options: SectionOptions): Markup | null {
  const all = view.trust ?? [];
  const shown = options.controls === undefined ? all.filter(({ found }) => found !== undefined) : all;
  if (shown.length === 0) return null;
  const found = shown.filter((one) => one.found !== undefined).length;
  const missing = shown.some((one) => one.found === undefined && one.refused === undefined);
  const note = options.controls === undefined || found === 0 ? t("measured on request") : t("{0} of {1} measured", found, shown.length);
  return section(
    "trust",
    markup`${t("How much can this be trusted?")}`,
    note,
    shown.map((one) => item(one, measuring, options)),
    {
      tools: [
        missing && measuring === undefined ? options.controls?.action("measure", "all", t("Measure all")) : null,
        found > 0 ? options.controls?.pictures("trust") : null,
      ],
      closed: options.controls !== undefined,
    },
  );
}
