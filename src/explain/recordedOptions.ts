import type { Method } from "../attribution/method.js";
import { defaultNoiseSamples } from "../attribution/noiseTunnel.js";
import { defaultSeed } from "../attribution/options.js";
import type { ExplainRequest, MethodOptions } from "../protocol/request.js";

/** Measures that draw random numbers. */
const drawing = new Set(["infidelity", "sensitivity", "deletion", "insertion", "randomisation"]);

/** The options with the seed (and the number of noisy copies, and how far they lie) that was used where anything was drawn at random, so that the same can be asked again. */
export function recordedOptions(method: Method, { options, measures = [] }: ExplainRequest, spreads: MethodOptions): MethodOptions | undefined {
  const noisy = options?.["noise"] !== undefined;
  const random = noisy || method.random === true || options?.["samples"] !== undefined || measures.some((name) => drawing.has(name));
  if (!random) return options;
  return { ...(noisy ? { noiseSamples: defaultNoiseSamples } : {}), ...spreads, ...options, seed: options?.["seed"] ?? defaultSeed };
}
