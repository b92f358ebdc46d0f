import { basename } from "node:path";
import type { ExplainRequest } from "../../protocol/request.js";
import type { SummaryHead } from "../../summary/summary.js";

/** Who was asked what of which data, without folders. `request` has its defaults filled in. */
export function summaryHead({ model, method = "integratedGradients", baselines = {} }: ExplainRequest, samples: string): SummaryHead {
  return {
    model: basename(model),
    samples: basename(samples),
    method,
    baseline: Object.entries(baselines)
      .map(([name, word]) => `${name}: ${word.startsWith("@") ? basename(word) : word}`)
      .join(", "),
  };
}
