import type { Decomposition } from "./fused.js";

/** A cache whose rows from a position on are written anew, behind its end from its start on where it is circular. Source: https://onnx.ai/onnx/operators/onnx__TensorScatter.html */
export const tensorScatter: Decomposition = (f) => {
  const { b } = f;
  const [past, update] = [f.input(0), f.input(1)];
  const rank = b.rank(past);
  const axis = (f.int("axis", -2) + rank) % rank;
  const [total = null, count = null] = [b.dims(past)[axis], b.dims(update)[axis]];
  if (total === null || count === null || axis === 0) return { reason: "its cache follows the batch" };
  const steps = Array.from({ length: count }, (_, i) => i);
  const onAxis = (length: number): number[] => Array.from({ length: rank }, (_, i) => (i === axis ? length : 1));
  let at = b.constant("int64", onAxis(count), steps);
  if (f.has(2))
    at = b.add(
      b.unsqueeze(
        f.input(2),
        Array.from({ length: rank - 1 }, (_, i) => i + 1),
      ),
      at,
    );
  if (f.string("mode", "linear") === "circular") at = b.binary("Mod", at, b.scalar(total, at));
  return [b.emit("ScatterElements", [past, b.expandLike(at, update), update], b.type(past), { axis })];
};
