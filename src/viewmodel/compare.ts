import type { Explanation, Inspection } from "../protocol/explanation.js";
import type { ComparisonView } from "../protocol/viewModel.js";
import { currentBaseline, methodLabel } from "./names.js";
import { inputRoles, inputViews } from "./inputs.js";
import { predictionView, targetLabel } from "./prediction.js";
import { t } from "../protocol/words.js";

/** An explanation that was kept to be compared with others. */
export interface Pin {
  readonly id: string;
  readonly explanation: Explanation;
}

/** Ranks with ties sharing their mean, largest first. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
  const out = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]?.value === order[from]?.value) to++;
    for (let k = from; k <= to; k++) out[order[k]?.i ?? 0] = (from + to) / 2;
    from = to + 1;
  }
  return out;
}

/** Spearman's ρ: the correlation of ranks, from −1 (reversed) to 1 (same order); null when one side does not vary, or has something that is no number. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (![...a, ...b].every(Number.isFinite)) return null;
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length - 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  x.forEach((rank, i) => {
    const [u, v] = [rank - mean, (y[i] ?? mean) - mean];
    xy += u * v;
    xx += u * u;
    yy += v * v;
  });
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/** Row, target, method and baseline in one line: what two pins can differ in. */
function pinTitle(explanation: Explanation): string {
  const result = explanation.results[0];
  const { request } = explanation;
  const parts = [
    request.values === undefined ? t("row {0}", result?.row ?? 0) : t("edited or typed"),
    result === undefined ? "" : targetLabel(explanation, result),
    methodLabel(request.method ?? "integratedGradients"),
    currentBaseline(request.baselines).label,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function sentence(inputs: ComparisonView["inputs"]): string {
  if (inputs.length === 0) return t("The elements differ, so that there is no difference to take: the two stand side by side.");
  return inputs
    .map(({ name, rankCorrelation: rho, rows }) => {
      const most = rows.reduce<(typeof rows)[number] | undefined>(
        (best, row) => (best === undefined || Math.abs(row.here - row.there) > Math.abs(best.here - best.there) ? row : best),
        undefined,
      );
      const agree =
        rho === null
          ? t("one side does not vary")
          : t(
              "rank correlation {0} ({1})",
              rho.toFixed(2).replace("-", "−"),
              rho > 0.9 ? t("the same order") : rho > 0.5 ? t("a similar order") : rho > -0.5 ? t("little in common") : t("a reversed order"),
            );
      return `${name}: ${agree}${most === undefined ? "" : t(", the largest difference is in {0}", most.label)}.`;
    })
    .join(" ");
}

/** The chosen pin beside the present explanation; null without pins. */
export function comparisonView(
  pins: readonly Pin[],
  chosen: string | undefined,
  present: Explanation,
  inspection: Inspection | undefined,
): ComparisonView | null {
  const pin = pins.find(({ id }) => id === chosen) ?? pins.at(-1);
  const here = present.results[0];
  const there = pin?.explanation.results[0];
  if (pin === undefined || here === undefined || there === undefined) return null;
  const roles = inputRoles(inspection);
  const inputs = Object.entries(here.attributions).flatMap(([name, credit]) => {
    const other = there.attributions[name];
    const labels = credit.labels;
    if (other === undefined || labels === undefined || other.labels?.length !== labels.length || labels.some((label, i) => other.labels?.[i] !== label))
      return [];
    const rows = labels.map((label, i) => ({ label, here: credit.data[i] ?? NaN, there: other.data[i] ?? NaN }));
    const size = (row: { readonly here: number; readonly there: number }): number => Math.max(Math.abs(row.here) || 0, Math.abs(row.there) || 0);
    rows.sort((a, b) => size(b) - size(a));
    return [{ name, rows, rankCorrelation: rankCorrelation(credit.data, other.data) }];
  });
  const side = (title: string, explanation: Explanation): ComparisonView["sides"][number] => {
    const result = explanation.results[0] ?? here;
    return { title, prediction: predictionView(result).sentence, score: result.score, inputs: inputViews(result, roles) };
  };
  return {
    pins: pins.map(({ id, explanation }) => ({ id, label: pinTitle(explanation) })),
    chosen: pin.id,
    sentence: sentence(inputs),
    sides: [side(t("Shown: {0}", pinTitle(present)), present), side(t("Pinned: {0}", pinTitle(pin.explanation)), pin.explanation)],
    inputs,
  };
}
