import type { RuleName } from "../../protocol/names.js";

/** Nodes in [0, 1] and their weights. */
export interface Quadrature {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/** The rules that have one set of weights for any number of nodes. */
export type FixedRule = Exclude<RuleName, "adaptive" | "nested">;

/** A fixed rule with `n` nodes, by Captum's definitions (its trapezoid weights sum to (n − 1)/n). */
export function fixedRule(rule: FixedRule, n: number): Quadrature {
  const range = [...Array(n).keys()];
  switch (rule) {
    case "gausslegendre":
      return gaussLegendre(n);
    case "riemann_left":
      return { nodes: range.map((k) => k / n), weights: range.map(() => 1 / n) };
    case "riemann_right":
      return { nodes: range.map((k) => (k + 1) / n), weights: range.map(() => 1 / n) };
    case "riemann_middle":
      return { nodes: range.map((k) => (k + 0.5) / n), weights: range.map(() => 1 / n) };
    case "riemann_trapezoid":
      return { nodes: range.map((k) => (n === 1 ? 0 : k / (n - 1))), weights: range.map((k) => (k === 0 || k === n - 1 ? 0.5 : 1) / n) };
  }
}

/** Gauss–Legendre on [0, 1] by Newton's method on the Legendre polynomial. Source: Press et al., Numerical Recipes, 4.6. */
function gaussLegendre(n: number): Quadrature {
  const known = computed.get(n);
  if (known !== undefined) return known;
  const rule = computeGaussLegendre(n);
  // Few numbers of points are asked for again and again; whoever tries them all keeps none.
  if (computed.size >= mostComputed) computed.clear();
  computed.set(n, rule);
  return rule;
}

const mostComputed = 64;
const computed = new Map<number, Quadrature>();

function computeGaussLegendre(n: number): Quadrature {
  const nodes = new Array<number>(n);
  const weights = new Array<number>(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let [previous, value] = [1, x];
      for (let k = 2; k <= n; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      if (n === 1) previous = 1;
      slope = (n * (x * value - previous)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes[n - 1 - i] = (1 + x) / 2;
    weights[n - 1 - i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
