import type { RuleContext } from "../rule.js";

/** The cotangent of the scores before the `post_transform` of an ai.onnx.ml operator, from its output and the cotangent of that. */
export function behindTransform({ b, a }: RuleContext, y: string, dy: string): string {
  switch (a.string("post_transform", "NONE")) {
    case "LOGISTIC":
      return b.mul(dy, b.mul(y, b.sub(b.scalar(1, y), y)));
    case "SOFTMAX":
      return b.mul(b.sub(dy, b.sum(b.mul(dy, y), [-1])), y);
    default:
      return dy;
  }
}
