import type { ViewParts } from "../viewmodel/build.js";

/** A new answer with what the former one knew of the same model, its samples and its layers: that holds, or is in sight until the new ones are there. A unit's drivers are not kept. */
export function besideFormer(answer: ViewParts, former: ViewParts | null): ViewParts {
  if (former?.explanation.request.model !== answer.explanation.request.model) return answer;
  const { inspection, samples, ranges, layers, layer, units, unit } = former;
  return {
    ...answer,
    ...(inspection === undefined ? {} : { inspection }),
    ...(samples === undefined ? {} : { samples }),
    ...(ranges === undefined ? {} : { ranges }),
    ...(layers === undefined ? {} : { layers }),
    ...(layer === undefined ? {} : { layer }),
    ...(units !== undefined && unit === undefined ? { units } : {}),
  };
}
