import { ExplainError } from "../base/diagnostic.js";
import { noiseNames, type NoiseName } from "../protocol/names.js";
import type { MethodOptions } from "../protocol/request.js";
import type { Method, MethodContext } from "./method.js";
import { Moments } from "./moments.js";
import { readCount, readSeed } from "./options.js";
import { movableOf } from "./perturb/movable.js";
import type { AttributionResult, Plan } from "./plan.js";
import { normals, uniforms } from "./random.js";
import { scoresOf } from "./scores.js";
import { eachVariant, type PlanOf } from "./variants.js";

/** Enough for a steady picture: SmoothGrad's own experiments see little change beyond 50, and half of that is near it. */
export const defaultNoiseSamples = 25;
/** SmoothGrad's noise level: a share of the range of the input's values. */
export const defaultNoise = 0.15;

/** The noise that the options ask for; undefined for none. Throws OPTION_INVALID. */
export function noiseOf(options: MethodOptions): NoiseName | undefined {
  const { noise } = options;
  if (noise === undefined || noise === "none") return undefined;
  const known = noiseNames.find((name) => name === noise);
  if (known === undefined)
    throw new ExplainError("OPTION_INVALID", `There is no noise tunnel ${JSON.stringify(noise)}.`, { hint: `Possible: ${noiseNames.join(", ")}.` });
  return known;
}

/**
 * A method's answers for `noiseSamples` copies of the sample with Gaussian noise, as one: their mean (smoothgrad), the mean of their squares (smoothgradSquared)
 * or their variance (vargrad). `noiseStdev` is the noise's standard deviation, in the input's units. Ids are moved in their embeddings where the method has gradients; flags and fixed inputs stay as they are.
 * Sources: Smilkov et al. 2017, https://arxiv.org/abs/1706.03825; Hooker et al. 2018, https://arxiv.org/abs/1806.10758; Adebayo et al. 2018, https://arxiv.org/abs/1810.03292.
 */
export function* noiseTunnel(context: MethodContext, method: Method, kind: NoiseName, plan: PlanOf): Plan {
  const { request } = context;
  const { noise: _, ...options } = request.options ?? {};
  const random = normals(uniforms(readSeed(options)));
  const sample = yield* movableOf({ ...context, request: { ...request, options } }, method, "noiseStdev", defaultNoise);
  const moments = new Moments();
  const add = (result: AttributionResult): void => {
    moments.add(sample.folded(result));
  };
  const copies = readCount(options, "noiseSamples", defaultNoiseSamples);
  yield* eachVariant(sample.context, copies, () => sample.moved(random), plan, add, method.acrossRows === true);
  const mean = moments.average();
  const attributions = kind === "smoothgrad" ? mean.attributions : kind === "smoothgradSquared" ? moments.meanSquares() : moments.variances();
  return {
    ...mean,
    attributions,
    // What copies add up to is each copy's own change of the score, not the sample's.
    delta: null,
    error: kind === "smoothgrad" ? moments.intervals() : null,
    score: method.needs.target && mean.score !== null ? yield* scoresOf(context.bound, { ...request, options }) : null,
  };
}
