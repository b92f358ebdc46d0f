import type { AudioView, Stretch } from "../protocol/audioView.js";
import { stretchLabel } from "../viewmodel/audio.js";
import { creditFormatter } from "../viewmodel/format.js";
import { colourLevel, colourLevels } from "../viewmodel/scale.js";
import { at, frame, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";
import { placeOf, timeAxis, timeAxisHeight } from "./timeAxis.js";

const tall = 110;

/** A sound from its lowest to its highest value at each moment, in the colour of the credit there. */
export function waveformChart(audio: AudioView, largest: number, options: ChartOptions): string {
  const { theme, width } = options;
  const reach = audio.stretches.reduce((most, { low, high }) => Math.max(most, Math.abs(low), Math.abs(high)), 0) || 1;
  const y = (value: number): number => (tall / 2) * (1 - value / reach);
  const bars = audio.stretches.map((stretch) => {
    const { x, wide } = placeOf(audio, stretch, width);
    // Up to the next stretch's first value, so that steep places have no gap.
    const next = audio.samples[stretch.end] ?? stretch.low;
    const [top, bottom] = [y(Math.max(stretch.high, next)), y(Math.min(stretch.low, next))];
    const box = markup`x="${at(x)}" y="${at(Math.min(top, bottom - 1))}" width="${at(wide)}" height="${at(Math.max(1, bottom - top))}"`;
    return markup`<g data-stretch="${stretch.start}" data-value="${String(stretch.credit)}"><rect ${box} fill="${theme.neutral}"/>${credited(stretch, largest, box, options)}<rect class="ep-stretch" x="${at(x)}" y="0" width="${at(wide)}" height="${tall}" fill="transparent"><title>${stretchTitle(audio, stretch, largest)}</title></rect></g>`;
  });
  const zero = markup`<line x1="0" x2="${at(width)}" y1="${tall / 2}" y2="${tall / 2}" stroke="${theme.line}"/>`;
  return frame({ ...options, interactive: false }, tall + timeAxisHeight, "waveform", [
    zero,
    markup`<g shape-rendering="crispEdges">${bars}</g>`,
    timeAxis(audio, tall, options),
  ]);
}

/** A box in the colour of a stretch's credit, over whatever is there. */
export function credited({ credit }: Stretch, largest: number, box: Markup, { theme }: ChartOptions): Markup {
  return markup`<rect ${box} fill="${credit >= 0 ? theme.for : theme.against}" fill-opacity="${colourLevel(credit, largest) / colourLevels}"/>`;
}

export function stretchTitle(audio: AudioView, stretch: Stretch, largest: number): string {
  return `${stretchLabel(audio, stretch)}: ${creditFormatter(largest)(stretch.credit)}`;
}
