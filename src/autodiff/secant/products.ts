import { present } from "../../base/assert.js";
import { isFloat } from "../../tensor/dtype.js";
import { gaussLegendre } from "./gaussLegendre.js";
import { multiplier, moves, type SecantContext, type SecantFamily, type SecantState } from "./rule.js";

/**
 * Multilinear operators. Along the line from baseline to sample their gradient is a polynomial of a degree below the number of moving inputs, so a Gauss rule
 * integrates it exactly: for two, the gradient at the midpoint, which is ½(a + a₀)Δb + ½(b + b₀)Δa.
 */
const multilinear: SecantState = multiplier((c) => {
  const moving = c.x.filter((x, i) => moves(c, i) && isFloat(c.b.type(x).dtype)).length;
  return moving < 2 ? c.gradient() : meanGradient(c, Math.ceil(moving / 2));
});

/**
 * The mean of the gradient along the line, by a Gauss rule: exact for gradients that are polynomials of degree below 2·points. `again`: the gradient rule reads
 * the outputs, which are computed at each point.
 */
export function meanGradient(c: SecantContext, points: number, again = false): readonly (string | null)[] {
  const { b } = c;
  const { nodes, weights } = gaussLegendre(points);
  const between = (x: string, x0: string, t: number): string => (t === 0.5 ? b.scale(b.add(x, x0), 0.5) : b.add(b.scale(x, t), b.scale(x0, 1 - t)));
  const parts = nodes.map((t, k) => {
    const x = c.x.map((value, i) => (moves(c, i) && isFloat(b.type(value).dtype) ? between(value, present(c.x0[i], value), t) : value));
    const dy = c.dy.map((d) => (d === "" ? d : b.scale(d, weights[k]!)));
    if (!again) return c.gradient({ x, dy });
    const types = c.y.map((y) => (y === "" ? null : b.type(y)));
    return c.gradient({ x, dy, y: b.emitMany(c.node.op, x, types, c.node.attributes, c.node.domain) });
  });
  return c.x.map((_, i) => parts.map((p) => p[i] ?? null).reduce((sum, p) => (sum === null || p === null ? (sum ?? p) : b.add(sum, p))));
}

/** Products of values of the sample; with a constant factor the gradient. */
export const productSecants: SecantFamily = {
  ...Object.fromEntries(
    ["Mul", "MatMul", "Gemm", "Einsum", "Conv", "ConvTranspose", "com.microsoft:FusedMatMul", "com.microsoft:TransposeMatMul"].map((op) => [op, multilinear]),
  ),
  // A determinant's gradient is a polynomial of a degree below the number of rows.
  Det: multiplier(
    (c) => meanGradient(c, Math.ceil(present(c.b.dims(c.x[0]!).at(-1), "rows of the matrix") / 2), true),
    (node, types) => ((types.get(node.inputs[0] ?? "")?.dims.at(-1) ?? null) === null ? "a matrix of unknown size" : undefined),
  ),
  // From Y·A = 1: ΔY = −Y·ΔA·Y₀ = −Y₀·ΔA·Y, half of each.
  "com.microsoft:Inverse": multiplier((c) => {
    const { b } = c;
    const [y, y0] = [b.transposeLast(c.y[0]!), b.transposeLast(c.y0[0]!)];
    const between = (p: string, q: string): string => b.matmul(b.matmul(p, c.dy[0]!), q);
    return [b.scale(b.add(between(y, y0), between(y0, y)), -0.5)];
  }),
};
