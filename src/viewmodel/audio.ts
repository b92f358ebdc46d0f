import type { AudioView, Stretch } from "../protocol/audioView.js";
import type { Credit } from "../protocol/explanation.js";
import type { Bar } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";

/** As many as a chart has room for. */
const mostStretches = 240;

/** A credit as a sound: one number a sample along a single axis. Null for anything else. */
export function audioOf({ data, values, dims, rate }: Credit): AudioView | null {
  const samples = (values ?? []).filter((value) => typeof value === "number");
  if (samples.length !== data.length || dims.filter((extent) => extent !== 1).length > 1) return null;
  const length = Math.max(1, Math.ceil(samples.length / mostStretches));
  const stretches = Array.from({ length: Math.ceil(samples.length / length) }, (_, i): Stretch => {
    const [start, end] = [i * length, Math.min(samples.length, (i + 1) * length)];
    let [low, high, credit] = [Infinity, -Infinity, 0];
    for (let at = start; at < end; at++) {
      low = Math.min(low, samples[at] ?? Infinity);
      high = Math.max(high, samples[at] ?? -Infinity);
      credit += data[at] ?? NaN;
    }
    return { start, end, low, high, credit };
  });
  return { samples, stretches, ...(rate === undefined ? {} : { rate }) };
}

/** Where a sample lies in time, with as many digits as tell two stretches apart; its number where the rate is not known. */
export function timeOf({ rate, stretches: [first] }: AudioView, sample: number): string {
  if (rate === undefined) return String(sample);
  const seconds = ((first?.end ?? 1) - (first?.start ?? 0)) / rate;
  return (sample / rate).toFixed(Math.max(0, Math.ceil(-Math.log10(seconds))));
}

/** A stretch in words: "0.12–0.13 s". */
export function stretchLabel(audio: AudioView, { start, end }: Stretch): string {
  const [from, to] = [timeOf(audio, start), timeOf(audio, audio.rate === undefined ? end - 1 : end)];
  return audio.rate === undefined ? t("samples {0}–{1}", from, to) : t("{0}–{1} s", from, to);
}

/** The stretches as bars, for tables. */
export function stretchBars(audio: AudioView): Bar[] {
  return audio.stretches.map((stretch) => ({ label: stretchLabel(audio, stretch), value: "", credit: stretch.credit }));
}
