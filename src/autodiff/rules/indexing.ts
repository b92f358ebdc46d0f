import { present } from "../../base/assert.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { normalAxis } from "./axes.js";
import { compress, gatherElements, gatherND, scatterElements, scatterND } from "./scattering.js";
import { scatterAlong } from "./scatterAlong.js";

/** The index axes take the place of one data axis. Source: https://onnx.ai/onnx/operators/onnx__Gather.html */
function gather(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [data, indices] = [c.x[0]!, c.x[1]!];
  const axis = normalAxis(c.a.int("axis", 0), b.rank(data));
  return [scatterAlong(b, c.dy[0]!, data, axis, indices, c.constant(1)), null];
}

/** Y = off + (on − off) · mask: the pair of values is differentiable, indices and depth are not. */
function oneHot(c: RuleContext): (string | null)[] {
  const { b } = c;
  const dy = c.dy[0]!;
  const { dtype } = b.type(dy);
  const zeroOne = b.concat([b.reshape(b.scalar(0, dy), [1]), b.reshape(b.scalar(1, dy), [1])], 0);
  const mask = b.emit("OneHot", [c.x[0]!, c.x[1]!, zeroOne], { dtype, dims: b.dims(dy) }, { axis: c.a.int("axis", -1) });
  const axes = b.dims(dy).map((_, i) => i);
  const total = (value: string): string => b.reshape(b.sum(value, axes, false), [1]);
  const on = total(b.mul(dy, mask));
  return [null, null, b.concat([b.sub(total(dy), on), on], 0)];
}

/** ai.onnx.ml ArrayFeatureExtractor: a Gather on the last axis. */
function arrayFeatureExtractor(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [data, indices] = [c.x[0]!, c.x[1]!];
  const axis = b.rank(data) - 1;
  const flat = b.reshape(indices, [present(b.dims(indices).at(-1), "a known number of features")]);
  return [scatterAlong(b, b.rank(data) === 1 ? b.reshape(c.dy[0]!, b.dims(flat)) : c.dy[0]!, data, axis, flat, c.constant(1)), null];
}

/** Reading and writing elements by position. */
export const indexing: RuleFamily = {
  Gather: rule(gather),
  GatherElements: rule(gatherElements),
  GatherND: rule(gatherND),
  ScatterElements: rule(scatterElements),
  ScatterND: rule(scatterND),
  Compress: rule(compress),
  OneHot: rule(oneHot),
  "ai.onnx.ml:ArrayFeatureExtractor": rule(arrayFeatureExtractor),
};
