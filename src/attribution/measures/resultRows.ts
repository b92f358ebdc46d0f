import type { AttributionResult } from "../plan.js";

/** How many rows a result has. */
export function resultRows({ attributions, score }: AttributionResult): number {
  return score?.length ?? Object.values(attributions)[0]?.dims[0] ?? 1;
}
