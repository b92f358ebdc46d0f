import { float, type Builder } from "../builder.js";
import type { Fused, Decomposition } from "./fused.js";

/** x / √(mean x² + ε) · scale over the axes from `axis` on, and 1/√(…). */
function rms(b: Builder, x: string, scale: string, axis: number, epsilon: number): [y: string, inverse: string] {
  const rank = b.rank(x);
  const from = axis < 0 ? axis + rank : axis;
  const square = b.mean(
    b.mul(x, x),
    Array.from({ length: rank - from }, (_, k) => from + k),
  );
  const inverse = b.unary("Reciprocal", b.unary("Sqrt", b.shift(square, epsilon)));
  return [b.mul(b.mul(x, inverse), scale), inverse];
}

/** Source: https://onnx.ai/onnx/operators/onnx__RMSNormalization.html; ONNX Runtime's SimplifiedLayerNormalization is the same. */
export const rmsNormalization: Decomposition = (f) => {
  const [y, inverse] = rms(f.b, f.input(0), f.input(1), f.int("axis", -1), f.float("epsilon", 1e-5));
  return f.wants(1) ? [y, inverse] : [y];
};

function withSkip(f: Fused, bias: number): string {
  const sum = f.b.add(f.input(0), f.input(1));
  return f.has(bias) ? f.b.add(sum, f.input(bias)) : sum;
}

/** LayerNormalization of input + skip (+ bias); the sum is the fourth output. */
export const skipLayerNormalization: Decomposition = (f) => {
  const { b } = f;
  const sum = withSkip(f, 4);
  const type = b.type(sum);
  const statistics = { dtype: type.dtype, dims: type.dims.map((d, i) => (i === type.dims.length - 1 ? 1 : d)) };
  const [y = "", mean = "", inverse = ""] = b.emitMany(
    "LayerNormalization",
    f.has(3) ? [sum, f.input(2), f.input(3)] : [sum, f.input(2)],
    [type, f.wants(1) ? statistics : null, f.wants(2) ? statistics : null],
    { axis: -1, epsilon: float(f.float("epsilon", 1e-12)) },
  );
  return [y, mean, inverse, sum];
};

export const skipSimplifiedLayerNormalization: Decomposition = (f) => {
  const sum = withSkip(f, 3);
  const [y, inverse] = rms(f.b, sum, f.input(2), -1, f.float("epsilon", 1e-12));
  return [y, "", f.wants(2) ? inverse : "", sum];
};

/** Word, position and segment embeddings added and normalised. Source: ContribOperators.md#com.microsoft.EmbedLayerNormalization */
export const embedLayerNormalization: Decomposition = (f) => {
  const { b } = f;
  const [batch = null, length = null] = b.dims(f.input(0));
  const rows = (table: string, ids: string): string =>
    b.emit("Gather", [table, ids], { dtype: b.type(table).dtype, dims: [...b.dims(ids), b.dims(table)[1] ?? null] }, { axis: 0 });
  if (!f.has(8) && length === null) return { reason: "its sequence length follows the batch" };
  const positions = f.has(8)
    ? f.input(8)
    : b.constant(
        "int64",
        [1, length ?? 0],
        Array.from({ length: length ?? 0 }, (_, i) => i),
      );
  let sum = b.add(rows(f.input(2), f.input(0)), rows(f.input(3), positions));
  if (f.has(4) && f.has(1)) sum = b.add(sum, rows(f.input(4), f.input(1)));
  const y = b.emit("LayerNormalization", [sum, f.input(5), f.input(6)], b.type(sum), { axis: -1, epsilon: float(f.float("epsilon", 1e-12)) });
  const mask = !f.wants(1)
    ? ""
    : f.has(7)
      ? b.cast(b.sum(b.cast(f.input(7), "int32"), [1], false), "int32")
      : b.squeeze(b.sum(b.mul(b.cast(f.input(0), "int32"), b.constant("int32", [], [0])), [1]), [1]);
  if (mask !== "") b.declare(mask, { dtype: "int32", dims: [batch] });
  return [y, mask, sum];
};
