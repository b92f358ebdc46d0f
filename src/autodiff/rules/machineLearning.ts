import { isFloat } from "../../tensor/dtype.js";
import type { Node, Types } from "../../graph/ir.js";
import { rule, zero, type RuleContext, type RuleFamily } from "../rule.js";
import { floatConstant } from "./axes.js";
import { eachNeeded } from "./elementwise.js";
import { behindTransform } from "./postTransform.js";

/** The float part of ai.onnx.ml. Outputs are float32 whatever the input's type. Source: https://onnx.ai/onnx/operators/index.html#ai-onnx-ml */
export const machineLearning: RuleFamily = {
  "ai.onnx.ml:Scaler": rule((c) => {
    const scale = c.a.floats("scale") ?? [1];
    return [toInput(c, c.b.mul(c.dy[0]!, floatConstant(c.b, "float32", [scale.length], scale)))];
  }),
  "ai.onnx.ml:Normalizer": rule(normalizer),
  "ai.onnx.ml:LinearRegressor": rule((c) => linear(c, c.y[0]!, c.dy[0]!), refuseTransform),
  "ai.onnx.ml:LinearClassifier": rule((c) => (c.dy[1] === "" ? [null] : linear(c, c.y[1]!, c.dy[1]!)), refuseTransform),
  // What was missing is a constant.
  "ai.onnx.ml:Imputer": rule(
    (c) => {
      const { b, a, x, dy } = c;
      const missing = a.float("replaced_value_float", 0);
      const mask = Number.isNaN(missing)
        ? b.emit("IsNaN", [x[0]!], { dtype: "bool", dims: b.dims(x[0]!) })
        : b.compare("Equal", x[0]!, b.scalar(missing, x[0]!));
      return [b.where(mask, b.scalar(0, dy[0]!), dy[0]!)];
    },
    (node, types) => (isFloat(types.get(node.inputs[0] ?? "")?.dtype ?? "int64") ? undefined : "it replaces integers"),
  ),
  "ai.onnx.ml:FeatureVectorizer": rule((c) => {
    const { b, x, dy } = c;
    const widths = x.map((name) => b.dims(name).at(-1) ?? 0);
    const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, w) => sum + w, 0));
    return eachNeeded(
      c,
      x.map((name, i) => () => {
        const [from, width] = [starts[i] ?? 0, widths[i] ?? 0];
        const part = b.slice(dy[0]!, [1], [from], [from + width], [b.dims(dy[0]!)[0] ?? null, width]);
        const { dtype } = b.type(name);
        return isFloat(dtype) ? b.cast(b.reshapeLike(part, name), dtype) : null;
      }),
    );
  }),
  "ai.onnx.ml:Binarizer": zero,
  "ai.onnx.ml:LabelEncoder": zero,
  "ai.onnx.ml:OneHotEncoder": zero,
  "ai.onnx.ml:CategoryMapper": zero,
};

/** A float32 cotangent in the input's type; integer inputs take none. */
function toInput({ b, x }: RuleContext, cotangent: string): string | null {
  const { dtype } = b.type(x[0]!);
  return isFloat(dtype) ? b.cast(b.reshapeLike(cotangent, x[0]!), dtype) : null;
}

/** y = x/n with n = max x, Σ|x| or √Σx² over the last axis: dx = (dy − n'(x)·Σ dy·y)/n; as x/n leaves rows with n = 0 as they are, so do their cotangents pass. */
function normalizer(c: RuleContext): (string | null)[] {
  const { b, a, x, y, dy } = c;
  const value = b.cast(x[0]!, "float32");
  const axis = [-1];
  const along = b.sum(b.mul(dy[0]!, y[0]!), axis);
  const finish = (norm: string, slope: string): (string | null)[] => {
    const none = b.compare("Equal", norm, b.scalar(0, norm));
    const divided = b.div(b.sub(dy[0]!, b.mul(slope, along)), b.where(none, b.scalar(1, norm), norm));
    return [toInput(c, b.where(none, dy[0]!, divided))];
  };
  switch (a.string("norm", "MAX")) {
    case "L1":
      return finish(b.sum(b.unary("Abs", value), axis), b.unary("Sign", value));
    case "L2":
      return finish(b.unary("Sqrt", b.sum(b.mul(value, value), axis)), y[0]!);
    default: {
      const norm = b.reduce("ReduceMax", value, axis);
      const mask = b.cast(b.compare("Equal", value, norm), "float32");
      return finish(norm, b.div(mask, b.sum(mask, axis)));
    }
  }
}

/** Scores = transform(x·Wᵀ + c): one row of coefficients an output, or one for both of two classes, which then stand against each other. */
function linear(c: RuleContext, scores: string, cotangent: string): (string | null)[] {
  const { b, a, x } = c;
  const features = b.dims(x[0]!)[b.rank(x[0]!) - 1] ?? 1;
  const all = a.floats("coefficients") ?? [];
  const outputs = b.dims(scores)[1] ?? all.length / features;
  const opposed = all.length === features && outputs === 2;
  const rows = opposed ? 1 : outputs;
  // The runtime reads one row an output, whatever else the file holds.
  const given = all.slice(0, rows * features);
  const weights = floatConstant(b, "float32", [opposed ? 2 : rows, features], opposed ? [...given.map((w) => -w), ...given] : given);
  return [toInput(c, b.matmul(behindTransform(c, scores, cotangent), weights))];
}

function refuseTransform(node: Node, types: Types): string | undefined {
  const transform = node.attributes["post_transform"]?.value;
  const coefficients = node.attributes["coefficients"];
  const features = types.get(node.inputs[0] ?? "")?.dims.at(-1);
  // What the runtime makes of one score and a softmax over two classes is not specified.
  if (transform === "SOFTMAX" && node.op === "LinearClassifier" && coefficients?.kind === "floats" && coefficients.value.length === features)
    return "its post_transform SOFTMAX stands behind a single row of coefficients";
  return transform === "PROBIT" || transform === "SOFTMAX_ZERO" ? `its post_transform ${transform} has no rule` : undefined;
}
