import { scaleQuantize } from "d3-scale";

/** Steps of colour between nothing (0) and the largest credit (10). Classes and golden files name them, so they are few and fixed. */
export const colourLevels = 10;

const quantize = scaleQuantize()
  .domain([0, 1])
  .range(Array.from({ length: colourLevels }, (_, level) => level + 1));

/** The step of colour of a credit: 0 below half a percent of the largest, so that nothing looks like something only when it is. */
export function colourLevel(credit: number, largest: number): number {
  const fraction = Math.abs(credit) / largest;
  return Number.isFinite(fraction) && fraction >= 0.005 ? quantize(Math.min(1, fraction)) : 0;
}
