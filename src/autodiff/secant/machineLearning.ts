import { chord } from "./chord.js";
import { compose, composition } from "./compose.js";
import { meanGradient } from "./products.js";
import { orOne } from "./normalization.js";
import { linear, multiplier, type SecantContext, type SecantFamily, type SecantState } from "./rule.js";

/** The scores without their transform, then the transform. */
const regression: SecantState = multiplier((c) => {
  const { b, y, node, a } = c;
  if (a.string("post_transform", "NONE") === "NONE") return c.gradient();
  const { post_transform: _, ...attributes } = node.attributes;
  const types = y.map((name) => (name === "" ? null : b.type(name)));
  return compose(c, [[c.x[0]!, c.x0[0]!]], ([x]) => {
    const outputs = b.emitMany(node.op, [x!], types, attributes, node.domain);
    return outputs.map((output, i) => (i === outputs.length - 1 ? transformed(c, output) : output));
  });
});

function transformed({ b, a, x }: SecantContext, scores: string): string {
  const opposed = a.floats("coefficients")?.length === b.dims(x[0]!).at(-1) && b.dims(scores)[1] === 2;
  switch (a.string("post_transform", "NONE")) {
    case "LOGISTIC": {
      // Of one row of coefficients the runtime makes two classes: the second score is the row's.
      if (!opposed) return b.unary("Sigmoid", scores);
      const second = b.unary("Sigmoid", b.slice(scores, [1], [1], [2], [b.dims(scores)[0] ?? null, 1]));
      return b.concat([b.sub(b.scalar(1, second), second), second], 1);
    }
    case "SOFTMAX":
      return b.emit("Softmax", [scores], b.type(scores), { axis: -1 });
    default:
      return scores;
  }
}

/** Kernels of a support vector machine are smooth: their mean gradient by more points than they bend. */
const kernels: SecantState = multiplier((c) => meanGradient(c, 16, true));

/** The float part of ai.onnx.ml. */
export const machineLearningSecants: SecantFamily = {
  "ai.onnx.ml:Scaler": linear,
  "ai.onnx.ml:ArrayFeatureExtractor": linear,
  "ai.onnx.ml:LinearRegressor": regression,
  "ai.onnx.ml:LinearClassifier": regression,
  "ai.onnx.ml:FeatureVectorizer": linear,
  // What was missing in one of the two jumps to its replacement.
  "ai.onnx.ml:Imputer": chord,
  "ai.onnx.ml:SVMRegressor": kernels,
  "ai.onnx.ml:SVMClassifier": kernels,
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
