import type { InputView } from "../../protocol/viewModel.js";
import { t } from "../../protocol/words.js";
import { formatSmall } from "../../viewmodel/format.js";
import { Markup, markup } from "../markup.js";
import { spectrogramChart } from "../spectrogramChart.js";
import { waveformChart } from "../waveformChart.js";
import { tableAlternative, type SectionOptions } from "./section.js";

type Audio = Extract<InputView, { kind: "audio" }>;

/** A sound as waveform, spectrogram or both, and the stretches with most credit as a table. */
export function audioBody(
  id: string,
  { audio, bars }: Audio,
  title: string,
  options: SectionOptions,
): { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] } {
  const form = options.look?.(`${id}/form`) ?? "both";
  const largest = audio.stretches.reduce((most, { credit }) => (Number.isFinite(credit) ? Math.max(most, Math.abs(credit)) : most), 0);
  const [first] = audio.stretches;
  const charts = [
    form === "spectrogram" ? "" : waveformChart(audio, largest, { ...options, title: `${title}: ${t("Waveform")}` }),
    form === "waveform" ? "" : spectrogramChart(audio, largest, { ...options, title: `${title}: ${t("Spectrogram")}` }),
  ];
  const scale = t("The deepest colour stands for ±{0}, the sum over {1} samples.", formatSmall(largest), first === undefined ? 0 : first.end - first.start);
  return {
    tools: [
      options.controls?.pick(
        `${id}/form`,
        t("Form"),
        [
          ["both", t("Both")],
          ["waveform", t("Waveform")],
          ["spectrogram", t("Spectrogram")],
        ],
        form,
      ),
    ],
    body: [
      markup`<div class="ep-sound" data-sound="${id}"${options.interactive ? markup` tabindex="0" role="group" aria-label="${t("{0}: the arrow keys go through time", title)}" data-focus="${id}/sound"` : null}>${charts.map((chart) => new Markup(chart))}</div>`,
      markup`<p class="ep-note"${options.interactive ? markup` data-readout="sound/${id}" aria-live="polite"` : null}>${scale}</p>`,
      tableAlternative(id, bars, t("Time"), options),
    ],
  };
}
