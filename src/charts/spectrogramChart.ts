import type { AudioView } from "../protocol/audioView.js";
import { t } from "../protocol/words.js";
import { at, frame, text, type ChartOptions } from "./frame.js";
import { markup, Markup } from "./markup.js";
import { pngAddress } from "./png.js";
import { spectrogram, type Spectrogram } from "./spectrogram.js";
import { placeOf, timeAxis, timeAxisHeight } from "./timeAxis.js";
import { credited, stretchTitle } from "./waveformChart.js";

const tall = 110;
const strip = 16;
const gap = 3;

/** The frequencies of a sound along time, low ones below, with a strip of credit under them on the same axis. "" for sounds too short to have frequencies. */
export function spectrogramChart(audio: AudioView, largest: number, options: ChartOptions): string {
  const { theme, width } = options;
  const found = spectrogram(audio.samples);
  if (found === null) return "";
  const address = new Markup(pngAddress(found.frames, found.bins, upright(found)));
  const picture = markup`<image x="0" y="0" width="${at(width)}" height="${tall}" preserveAspectRatio="none" href="${address}"/>`;
  const edge = markup`<rect x="0.5" y="0.5" width="${at(width - 1)}" height="${tall - 1}" fill="none" stroke="${theme.line}"/>`;
  const cells = audio.stretches.map((stretch) => {
    const { x, wide } = placeOf(audio, stretch, width);
    const box = markup`x="${at(x)}" y="${tall + gap}" width="${at(wide)}" height="${strip}"`;
    return markup`<g data-stretch="${stretch.start}">${credited(stretch, largest, box, options)}<rect class="ep-stretch" ${box} fill="transparent"><title>${stretchTitle(audio, stretch, largest)}</title></rect></g>`;
  });
  const highest = audio.rate === undefined ? null : text(4, 10, t("{0} Hz", Math.round(audio.rate / 2)), { fill: "#ffffff" });
  const below = tall + gap + strip;
  return frame({ ...options, interactive: false }, below + timeAxisHeight, "spectrogram", [
    picture,
    edge,
    markup`${highest}`,
    markup`<g shape-rendering="crispEdges">${cells}</g>`,
    timeAxis(audio, below, options),
  ]);
}

/** Levels as a picture's rows: the highest frequency at the top, a frame a column. */
function upright({ frames, bins, levels }: Spectrogram): Uint8Array {
  return Uint8Array.from({ length: frames * bins }, (_, i) => levels[(i % frames) * bins + (bins - 1 - Math.floor(i / frames))] ?? 0);
}
