import type { CreditsView, DriversView, PictureView } from "../protocol/manyView.js";
import type { DriverSummary, FeatureSummary, GroupSummary, PictureSummary, SwarmSummary } from "../protocol/summary.js";
import type { Bar, SwarmRow } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { largestBars } from "./elements.js";
import { creditFormatter, formatValue } from "./format.js";
import { pixelsOf } from "./inputs.js";

const mostPixels = 20;

/** A group of rows in the marks of the charts. `chosen`: whether a dot is a button that chooses its row. */
export function creditsView({ features, count, swarms, pictures, shares }: GroupSummary, { chosen }: { readonly chosen: boolean }): CreditsView {
  return {
    importance: features.map((feature) => bar(feature, feature.meanAbs, feature.interval)),
    direction: features.map((feature) => bar(feature, feature.mean, feature.meanInterval)),
    swarms: swarms.map((swarm) => swarmRow(swarm, chosen)),
    left: count - features.length,
    words: features.some(({ word }) => word === true),
    pictures: pictures.flatMap((picture) => pictureView(picture, picture.meanAbs)),
    shares: shares.map(({ input, share, net }) => ({ name: input, share, net })),
  };
}

/** How wrong predictions differ, in the marks of the charts. */
export function driversView({ right, wrong, features, pictures }: DriverSummary): DriversView {
  const count = (n: number): string => n.toLocaleString("en");
  return {
    rows: t("{0} wrong, {1} right", count(wrong), count(right)),
    bars: features.map(({ label, difference, interval }) => ({ label, value: "", credit: difference, ...(interval === null ? {} : { error: interval }) })),
    pictures: pictures.flatMap((picture) => pictureView(picture, picture.mean)),
  };
}

/** "231 rows". */
export function rowsText(rows: number): string {
  return rows === 1 ? t("1 row") : t("{0} rows", rows.toLocaleString("en"));
}

/** Words say in how many rows they are. */
function bar({ label, rows, word }: FeatureSummary, credit: number, interval: number): Bar {
  return { label, value: word === true ? rowsText(rows) : "", credit, ...(rows < 2 ? {} : { error: interval }) };
}

function pictureView({ input, dims }: PictureSummary, data: readonly number[]): readonly PictureView[] {
  const credit = { dims, data };
  const pixels = pixelsOf(credit, "image");
  return pixels === null ? [] : [{ name: input, pixels, bars: largestBars(credit, mostPixels) }];
}

/** Values as levels between a feature's lowest and highest, by their order: one outlier must not make all others alike. */
function swarmRow({ label, dots }: SwarmSummary, chosen: boolean): SwarmRow {
  const numbers = dots.map(([, , value]) => (typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN));
  const sorted = [...new Set(numbers.filter(Number.isFinite))].sort((a, b) => a - b);
  const level = (value: number): number | null => (Number.isFinite(value) && sorted.length > 1 ? place(sorted, value) / (sorted.length - 1) : null);
  const signed = creditFormatter(dots.reduce((most, [, credit]) => Math.max(most, Math.abs(credit)), 0));
  return {
    label,
    dots: dots.map(([row, credit, value], i) => {
      const shown = value === null ? "" : typeof value === "number" ? formatValue(value) : value;
      return {
        credit,
        level: level(numbers[i] ?? NaN),
        ...(dots.length > 2000
          ? {}
          : { title: shown === "" ? t("row {0}, {1}: {2}", row, label, signed(credit)) : t("row {0}, {1} = {2}: {3}", row, label, shown, signed(credit)) }),
        ...(chosen ? { key: String(row) } : {}),
      };
    }),
  };
}

function place(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
