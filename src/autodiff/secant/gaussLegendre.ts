/**
 * Nodes and weights of the Gauss–Legendre rule on [0, 1], exact for polynomials of degree 2n − 1: roots of the Legendre polynomial by Newton's method.
 * Source: Press et al., Numerical Recipes (2007), section 4.6.
 */
export function gaussLegendre(n: number): { readonly nodes: readonly number[]; readonly weights: readonly number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let [p, before] = [1, 0];
      for (let k = 0; k < n; k++) [p, before] = [((2 * k + 1) * z * p - k * before) / (k + 1), p];
      slope = (n * (z * p - before)) / (z * z - 1);
      const move = p / slope;
      z -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    nodes.push(n === 1 ? 0.5 : (1 - z) / 2);
    weights.push(n === 1 ? 1 : 1 / ((1 - z * z) * slope * slope));
  }
  return { nodes, weights };
}
