import type { Edits } from "../protocol/edits.js";
import type { Credit, Explanation } from "../protocol/explanation.js";
import type { Region, RegionEdit } from "../protocol/region.js";
import { pictureLayout, type PictureLayout } from "../viewmodel/pictureLayout.js";
import { editElements, type ElementChange } from "./sampleEdits.js";

/** Half the side of the square whose mean a blurred pixel is, as a part of the region's shorter side: so small a region still loses its detail. */
const blurReach = 1 / 4;

/**
 * The edits with a region of a picture removed, blurred, put back, or everything but it removed. What is removed becomes the baseline, or the picture's own mean
 * (of each channel) for methods without one. `base` is the answer for the sample as it is; edits that were made before stay. What is no picture is left alone.
 */
export function editRegion(edits: Edits, base: Explanation, input: string, region: Region, what: RegionEdit): Edits {
  const original = base.results[0];
  const credit = original?.attributions[input];
  // The page shows one plane as a picture only where its role says so.
  const layout = credit === undefined ? null : pictureLayout(credit, "image");
  if (original === undefined || credit?.values === undefined || layout === null) return edits;
  const edit = edits[input];
  const now = (edit?.kind === "values" ? edit.values : credit.values).map(Number);
  const isWhole = !/float|other/u.test(base.model.inputs.find(({ name }) => name === input)?.type ?? "other");
  const clean = (value: number): number => (isWhole ? Math.round(value) : value);
  const isInside = (line: number, column: number): boolean =>
    line >= region.top && line < region.top + region.height && column >= region.left && column < region.left + region.width;
  const filling = what === "blur" ? null : what === "restore" ? credit.values.map(Number) : removedValues(credit, layout);
  const reach = Math.max(1, Math.round(Math.min(region.width, region.height) * blurReach));
  const changes: ElementChange[] = [];
  for (let channel = 0; channel < layout.channels; channel++) {
    const blurred = filling === null ? boxMeans(now, layout, channel, reach) : null;
    for (let line = 0; line < layout.height; line++)
      for (let column = 0; column < layout.width; column++) {
        if (isInside(line, column) === (what === "only")) continue;
        const at = layout.position(channel, line, column);
        changes.push([at, clean(blurred?.(line, column) ?? filling?.[at] ?? 0)]);
      }
  }
  return editElements(edits, original, input, changes);
}

/** What stands where a pixel was removed, one an element. */
function removedValues({ baseline, values = [] }: Credit, { channels, height, width, position }: PictureLayout): readonly number[] {
  if (baseline !== undefined) return baseline;
  const result = new Array<number>(values.length).fill(0);
  for (let channel = 0; channel < channels; channel++) {
    const places = Array.from({ length: height * width }, (_, i) => position(channel, Math.floor(i / width), i % width));
    const mean = places.reduce((sum, at) => sum + Number(values[at]), 0) / places.length;
    for (const at of places) result[at] = mean;
  }
  return result;
}

/** The mean of the square around a pixel of a channel, as far as it is inside the picture: from sums over all pixels above and left (Crow 1984, summed-area tables). */
function boxMeans(
  values: readonly number[],
  { height, width, position }: PictureLayout,
  channel: number,
  reach: number,
): (line: number, column: number) => number {
  const wide = width + 1;
  const sums = new Float64Array((height + 1) * wide);
  const sum = (line: number, column: number): number => sums[line * wide + column] ?? 0;
  for (let line = 0; line < height; line++)
    for (let column = 0; column < width; column++)
      sums[(line + 1) * wide + column + 1] = (values[position(channel, line, column)] ?? 0) + sum(line, column + 1) + sum(line + 1, column) - sum(line, column);
  return (line, column) => {
    const [top, bottom] = [Math.max(0, line - reach), Math.min(height, line + reach + 1)];
    const [left, right] = [Math.max(0, column - reach), Math.min(width, column + reach + 1)];
    return (sum(bottom, right) - sum(top, right) - sum(bottom, left) + sum(top, left)) / ((bottom - top) * (right - left));
  };
}
