import { present } from "../base/assert.js";
import type { Edits } from "../protocol/edits.js";
import type { Explanation, FeatureRange, Inspection, LayersAnswer, SamplePage } from "../protocol/explanation.js";
import type { MeasureName } from "../protocol/names.js";
import type { ExplanationView } from "../protocol/viewModel.js";
import { buildCheck } from "./check.js";
import { formatValue } from "./format.js";
import { withGroups } from "./groupedFeatures.js";
import { inputRoles, inputViews, shownCredits } from "./inputs.js";
import { flipChoices } from "./flip.js";
import { isolatedView } from "./isolated.js";
import { layerViews, unitsView, unitView } from "./layers.js";
import { logitView } from "./logit.js";
import { baselineChoices, currentBaseline, methodChoices } from "./names.js";
import { mergeWords } from "./words.js";
import { predictionView, targetChoices, targetLabel, versusChoices, versusId } from "./prediction.js";
import { largestCredit } from "./rank.js";
import { withRemoved } from "./removedText.js";
import { trustMeasures } from "./trust.js";
import { tokenLayers } from "./unitMaps.js";
import { whatIfView, withFormer } from "./whatIf.js";
import { t } from "../protocol/words.js";

/** What is known so far; each part may arrive later than the one before it. */
export interface ViewParts {
  /** One row and one target; of several results the first is shown, unless `result` says which. */
  readonly explanation: Explanation;
  readonly result?: number;
  readonly layers?: LayersAnswer;
  /** The chosen layer; its units come from `layers` when they have no explanation of their own. */
  readonly layer?: string;
  readonly units?: { readonly layer: string; readonly explanation: Explanation };
  readonly unit?: { readonly layer: string; readonly unit: string; readonly explanation: Explanation };
  readonly inspection?: Inspection;
  readonly samples?: Pick<SamplePage, "total">;
  /** The explanation is a first picture that is still being refined. */
  readonly partial?: boolean;
  /** All inputs of the same question, each moved alone. */
  readonly isolated?: Explanation;
  readonly ranges?: Readonly<Record<string, readonly FeatureRange[]>>;
  /** With edits: the explanation of the sample as it is; `explanation` is of the edited one. */
  readonly original?: Explanation;
  readonly edits?: Edits;
  /** Measures that have no meaning here, and why. */
  readonly refused?: Readonly<Partial<Record<MeasureName, string>>>;
}

const sampleLength = 160;

/** The row in one line: text as it stands, numbers by name. */
function sampleLine(explanation: Explanation, resultIndex: number): string {
  const credits = Object.entries(explanation.results[resultIndex]?.attributions ?? {});
  const parts = credits.flatMap(([name, credit]) => {
    const { labels, values, spans } = credit;
    if (values === undefined) return [];
    if (spans !== undefined)
      return [
        mergeWords(credit)
          .map((word) => word.text + word.after)
          .join("")
          .trim(),
      ];
    return values.length > 40
      ? [t("{0}: {1} values", name, values.length)]
      : values.map((value, i) => `${labels?.[i] ?? `${name}[${i}]`} ${typeof value === "number" ? formatValue(value) : value}`);
  });
  const line = parts.join(", ");
  return line.length > sampleLength ? `${line.slice(0, sampleLength - 1)}…` : line;
}

const uniqueDiagnostics = (all: Explanation["diagnostics"]): Explanation["diagnostics"] =>
  all.filter((one, i) => all.findIndex((other) => other.code === one.code && other.message === one.message) === i);

/**
 * The view model of one explained row: everything the panel, the report and the tables show, formatted and sorted.
 * @throws when the explanation has no result at all
 */
export function buildView(parts: ViewParts): ExplanationView {
  const { explanation, inspection, layers, units, unit } = parts;
  const at = parts.result ?? 0;
  const result = present(explanation.results[at], "result of the explanation");
  const roles = inputRoles(inspection);
  const prediction = predictionView(result);
  const method = explanation.request.method ?? "integratedGradients";
  const baseline = currentBaseline(explanation.request.baselines);
  const layer = units?.layer ?? unit?.layer ?? parts.layer;
  const original = parts.original?.results[0];
  const inputs = withGroups(withFormer(withRemoved(inputViews(result, roles), result, original), original, roles), result);
  const versus = versusId(explanation, prediction);
  const logit = logitView(result, roles);
  const flip = parts.partial === true ? undefined : flipChoices(explanation, inspection);
  const trust = parts.partial === true ? undefined : trustMeasures(result, parts.refused);
  return {
    model: explanation.request.model,
    row: result.row,
    rows: parts.samples?.total ?? null,
    sample: sampleLine(explanation, at),
    prediction,
    target: targetLabel(explanation, result),
    targets: targetChoices(prediction),
    versus,
    versusChoices: versusChoices(prediction, versus),
    method,
    methods: methodChoices(method, inspection),
    baseline: baseline.id,
    baselines: baselineChoices(baseline, inspection?.inputs),
    check: buildCheck(explanation, result, parts.partial),
    inputs,
    largest: largestCredit(inputs.flatMap(shownCredits)),
    ...(logit === null ? {} : { logit }),
    isolated: isolatedView(result, parts.isolated),
    whatIf: whatIfView(explanation, parts.original, parts.edits, parts.ranges, roles),
    ...(flip === undefined ? {} : { flip }),
    layers: layerViews(layers, inspection),
    tokenLayers: tokenLayers(
      layers,
      Object.values(result.attributions).find((credit) => credit.spans !== undefined),
    ),
    units: unitsView(layer, units?.explanation, layers),
    unit: unit === undefined ? null : unitView(unit, roles),
    ...(trust === undefined ? {} : { trust }),
    ...(explanation.mapping === undefined ? {} : { mapping: explanation.mapping }),
    diagnostics: uniqueDiagnostics([
      ...explanation.diagnostics,
      ...(layers?.diagnostics ?? []),
      ...(units?.explanation.diagnostics ?? []),
      ...(unit?.explanation.diagnostics ?? []),
    ]),
  };
}
