import { composition } from "./compose.js";
import { orOne } from "./normalization.js";
import { linear, type SecantContext, type SecantFamily, type SecantState } from "./rule.js";

/** The scores without their transform, then the transform. */
const regression: SecantState = composition((c, [x]) => {
  const { b, y, node } = c;
  const { post_transform: _, ...attributes } = node.attributes;
  const types = y.map((name) => (name === "" ? null : b.type(name)));
  const outputs = b.emitMany(node.op, [x!], types, attributes, node.domain);
  const scores = outputs.length - 1;
  return outputs.map((output, i) => (i === scores ? transformed(c, output) : output));
});

function transformed({ b, a }: SecantContext, scores: string): string {
  switch (a.string("post_transform", "NONE")) {
    case "LOGISTIC":
      return b.unary("Sigmoid", scores);
    case "SOFTMAX":
      return b.emit("Softmax", [scores], b.type(scores), { axis: -1 });
    default:
      return scores;
  }
}

/** The float part of ai.onnx.ml. */
export const machineLearningSecants: SecantFamily = {
  "ai.onnx.ml:Scaler": linear,
  "ai.onnx.ml:ArrayFeatureExtractor": linear,
  "ai.onnx.ml:LinearRegressor": regression,
  "ai.onnx.ml:LinearClassifier": regression,
  "ai.onnx.ml:Normalizer": composition(({ b, a }, [x]) => {
    const value = b.cast(x!, "float32");
    const axis = [-1];
    switch (a.string("norm", "MAX")) {
      case "L1":
        return b.div(value, orOne(b, b.sum(b.unary("Abs", value), axis)));
      case "L2":
        return b.div(value, orOne(b, b.unary("Sqrt", b.sum(b.mul(value, value), axis))));
      default:
        return b.div(value, orOne(b, b.reduce("ReduceMax", value, axis)));
    }
  }),
};
