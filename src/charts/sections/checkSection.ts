import type { Check } from "../../protocol/viewModel.js";
import { formatDuration, formatPercent, formatScore, formatSmall } from "../../viewmodel/format.js";
import { markup, type Markup } from "../markup.js";
import { t } from "../../protocol/words.js";

const signs: Readonly<Record<Check["state"], string>> = { good: "✓", poor: "!", none: "·", partial: "…" };

function row(term: string, name: string, value: number | null, shown: (value: number) => string): Markup | null {
  if (value === null) return null;
  return markup`<div><dt>${term}</dt><dd data-test="${name}" data-value="${String(value)}">${shown(value)}</dd></div>`;
}

/** Can the numbers be trusted: one sentence, and the numbers behind it on expanding. A poor check is open and loud. */
export function checkSection(check: Check): Markup {
  const change = check.score === null || check.baselineScore === null ? null : check.score - check.baselineScore;
  return markup`<details class="ep-check ep-check-${check.state}" data-test="check" data-state="${check.state}" data-fold="check"${check.state === "poor" ? markup` open` : null}><summary><span class="ep-check-sign" aria-hidden="true">${signs[check.state]}</span><span data-test="check-sentence">${check.sentence}</span></summary><dl>${[
    row(t("Score of the sample"), "check-score", check.score, formatScore),
    row(t("Score of the baseline"), "check-baseline", check.baselineScore, formatScore),
    row(t("Change to explain"), "check-change", change, formatScore),
    row(t("Sum of credits − change"), "check-delta", check.delta, (delta) => `${delta < 0 ? "−" : ""}${formatSmall(delta)}`),
    row(t("Model evaluations"), "check-points", check.points, String),
    row(t("Largest error estimate"), "check-error", check.largestError, (error) => t("{0} of the largest credit", formatPercent(error))),
    row(t("Time"), "check-time", check.milliseconds, formatDuration),
  ]}</dl></details>`;
}
