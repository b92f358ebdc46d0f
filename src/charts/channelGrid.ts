import type { PixelView } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { at, buttonAttributes, frame, text, type ChartOptions } from "./frame.js";
import { markup, Markup } from "./markup.js";
import { pixelScale, planeCredits, shrink, strength } from "./pixels.js";
import { pngAddress } from "./png.js";
import { t } from "../protocol/words.js";

const least = 64;
const labelHeight = 15;
/** Pixels of a channel's small picture; larger ones are shrunk to it. */
const detail = 32;
/** More channels than this are noise; the ones with most credit are kept, in their order. */
export const mostChannels = 256;

/** The channels worth a picture. */
function shownChannels(maps: PixelView): readonly { readonly channel: number; readonly total: number }[] {
  const size = maps.height * maps.width;
  const totals = Array.from({ length: maps.channels }, (_, channel) => {
    const own = maps.credits.slice(channel * size, (channel + 1) * size);
    return { channel, total: own.reduce((a, b) => a + b, 0), weight: own.reduce((a, b) => a + Math.abs(b), 0) };
  });
  const kept = new Set([...totals].sort((a, b) => b.weight - a.weight).slice(0, mostChannels));
  return totals.filter((one) => kept.has(one));
}

/** A small heat map a channel, all on one colour scale, with the channel's sum; a click chooses the channel (data-channel). */
export function channelGrid(maps: PixelView, options: ChartOptions): string {
  const { theme, width } = options;
  const shown = shownChannels(maps);
  const scale = pixelScale(Float64Array.from(maps.credits));
  const credit = creditFormatter(shown.reduce((most, { total }) => Math.max(most, Math.abs(total)), 0));
  const small = shown.map(({ channel }) => shrink(planeCredits(maps, channel), maps.height, maps.width, detail));
  const first = small[0] ?? { height: 1, width: 1, credits: new Float64Array(1) };
  const cell = Math.max(least, Math.min(96, first.width * 4));
  const unit = cell / first.width;
  const gap = Math.max(1, Math.round(8 / unit));
  const room = gap + Math.ceil(labelHeight / unit);
  const pitch = { x: first.width + gap, y: first.height + room };
  const columns = Math.max(1, Math.min(shown.length, Math.floor((width / unit + gap) / pitch.x)));
  const rows = Math.max(1, Math.ceil(shown.length / columns));
  // All channels are one picture: hundreds of small ones would be slow.
  const sheet = { width: columns * pitch.x, height: rows * pitch.y };
  const all = new Float64Array(sheet.width * sheet.height);
  small.forEach(({ credits }, i) => {
    const [x0, y0] = [(i % columns) * pitch.x, Math.floor(i / columns) * pitch.y];
    for (let y = 0; y < first.height; y++) all.set(credits.subarray(y * first.width, (y + 1) * first.width), (y0 + y) * sheet.width + x0);
  });
  const place = markup`x="0" y="0" width="${at(sheet.width * unit)}" height="${at(sheet.height * unit)}"`;
  const layer = (side: "for" | "against"): Markup =>
    markup`<mask id="ep-channels-${side}"><image ${place} preserveAspectRatio="none" image-rendering="pixelated" href="${new Markup(pngAddress(sheet.width, sheet.height, strength(all, scale, side)))}"/></mask><rect ${place} fill="${theme[side]}" mask="url(#ep-channels-${side})" pointer-events="none"/>`;
  const boxes = shown.map(({ channel, total }, i) => {
    const x = (i % columns) * pitch.x * unit;
    const y = Math.floor(i / columns) * pitch.y * unit;
    const key = String(channel);
    const box = markup`x="${at(x)}" y="${at(y)}" width="${at(cell)}" height="${at(first.height * unit)}"`;
    return markup`<g data-channel="${channel}" data-total="${String(total)}"${buttonAttributes(options, key)}><title>${t("channel {0}: {1}", channel, credit(total))}</title><rect class="ep-hit" ${box} fill="${theme.background}" stroke="${options.selected === key ? theme.focus : theme.line}" stroke-width="${options.selected === key ? 2 : 1}" pointer-events="all"/>${text(x, y + first.height * unit + labelHeight / 2, key, { fill: theme.muted })}</g>`;
  });
  return frame(options, sheet.height * unit, "channels", [...boxes, layer("for"), layer("against")]);
}
