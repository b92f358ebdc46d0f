import { present } from "../base/assert.js";
import type { AttributionRequest } from "../protocol/request.js";
import { toNumbers } from "../tensor/tensor.js";
import type { BoundGraph } from "./bound.js";
import type { Steps } from "./evaluate.js";
import { forwardProgram } from "./perturb/subject.js";
import { Rows } from "./rows.js";
import { targetValue } from "./setup.js";

/** F at the request's own inputs, one number a row. */
export function* scoresOf(bound: BoundGraph, request: AttributionRequest): Steps<number[]> {
  const target = targetValue({ bound, request });
  const rows = new Rows(bound, request, target);
  const outputs = yield { kind: "run", program: forwardProgram(bound, target), feeds: request.inputs };
  const values = toNumbers(present(outputs[target], target));
  const size = values.length / rows.count;
  return Array.from({ length: rows.count }, (_, r) => rows.scoreOf(r)(values, r * size));
}
