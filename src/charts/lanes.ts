import type { LayerView } from "../protocol/viewModel.js";

/** Which lane each layer is drawn in, and the lines between layers, as positions in the list. */
export interface Lanes {
  readonly count: number;
  readonly lane: readonly number[];
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** More lanes than this are no picture of anything. */
const mostLanes = 6;

const chain = (layers: readonly LayerView[]): Lanes => ({ count: 1, lane: layers.map(() => 0), edges: layers.slice(1).map((_, i) => [i, i + 1] as const) });

/** Branches side by side: a layer goes on in the lane of the first layer that feeds it, unless another has taken that lane; what joins ends in one lane again. */
export function lanesOf(layers: readonly LayerView[]): Lanes {
  const at = new Map(layers.map((layer, i) => [layer.value, i]));
  const feeds = layers.map(({ from, value }, i) => {
    // A module and the last one in it give the same value: one line, not two.
    const twin = layers.findLastIndex((other, k) => k < i && other.value === value);
    return twin >= 0 ? [twin] : (from ?? []).flatMap((feeder) => at.get(feeder) ?? []).filter((other) => other < i);
  });
  if (layers.every(({ from }) => from === undefined)) return chain(layers);
  const lastUse = layers.map((_, i) => feeds.reduce((last, sources, consumer) => (sources.includes(i) ? consumer : last), i));
  const lane: number[] = [];
  /** The layer that a lane belongs to now. */
  const holder: (number | undefined)[] = [];
  layers.forEach((_, i) => {
    const sources = feeds[i] ?? [];
    const kept = sources.find((source) => holder[lane[source] ?? -1] === source && lastUse[source] === i);
    const free = holder.findIndex((owner) => owner === undefined || (lastUse[owner] ?? 0) < i);
    const own = kept !== undefined ? (lane[kept] ?? 0) : free >= 0 ? free : holder.length;
    lane.push(own);
    holder[own] = i;
    for (const source of sources) if (source !== kept && lastUse[source] === i && lane[source] !== own) holder[lane[source] ?? 0] = undefined;
  });
  const count = Math.max(1, holder.length);
  return count > mostLanes ? chain(layers) : { count, lane, edges: feeds.flatMap((sources, i) => sources.map((source) => [source, i] as const)) };
}
