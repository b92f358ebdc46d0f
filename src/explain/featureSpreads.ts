import { defaultNoise } from "../attribution/noiseTunnel.js";
import { defaultRadius } from "../attribution/measures/sensitivity.js";
import type { ExplainRequest, MethodOptions } from "../protocol/request.js";
import { featureRangesOf } from "./baselineSet.js";
import type { Prepared } from "./prepare.js";

/**
 * How far columns of a table are moved where noise or a sensitivity is asked for and nobody said: a share of each column's range in the population, because columns
 * have units of their own. Empty where there is no population of more than one row; then the engine takes a share of each value.
 */
export async function featureSpreads(prepared: Prepared, request: ExplainRequest, fixed: readonly string[]): Promise<MethodOptions> {
  const { options = {}, measures = [] } = request;
  const noisy = options["noise"] !== undefined && options["noiseStdev"] === undefined;
  const sensitive = measures.includes("sensitivity") && options["sensitivityRadius"] === undefined;
  if (!noisy && !sensitive) return {};
  const ranges = await featureRangesOf(prepared, fixed);
  if (Object.keys(ranges).length === 0) return {};
  const share = (part: number): Readonly<Record<string, readonly number[]>> =>
    Object.fromEntries(Object.entries(ranges).map(([name, list]) => [name, list.map((range) => Number((part * range).toPrecision(6)))]));
  return { ...(noisy ? { noiseStdev: share(defaultNoise) } : {}), ...(sensitive ? { sensitivityRadius: share(defaultRadius) } : {}) };
}
