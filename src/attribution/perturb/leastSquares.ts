/** The weighted normal equations' matrix as its Cholesky factor, and their right-hand side. `x[i]` are rows. */
interface Normal {
  readonly factor: readonly Float64Array[];
  readonly right: Float64Array;
}

/** Solves the weighted least squares problem min Σ w (y − x·β)² + ridge·|β|² by Cholesky decomposition of the normal equations. `x[i]` are rows. */
export function leastSquares(x: readonly Float64Array[], y: ArrayLike<number>, w: ArrayLike<number>, ridge = 0): Float64Array {
  const { factor, right } = normalEquations(x, y, w, ridge);
  return solve(factor, right);
}

/** The same under the constraint Σ β = total, by its Lagrange multiplier: no coefficient is treated differently from the others. */
export function leastSquaresWithSum(x: readonly Float64Array[], y: ArrayLike<number>, w: ArrayLike<number>, total: number, ridge = 0): Float64Array {
  const { factor, right } = normalEquations(x, y, w, ridge);
  const free = solve(factor, right);
  const direction = solve(factor, new Float64Array(free.length).fill(1));
  const sum = (list: Float64Array): number => list.reduce((s, v) => s + v, 0);
  const multiplier = (total - sum(free)) / sum(direction);
  return free.map((v, i) => v + multiplier * direction[i]!);
}

function normalEquations(x: readonly Float64Array[], y: ArrayLike<number>, w: ArrayLike<number>, ridge: number): Normal {
  const n = x[0]?.length ?? 0;
  const a = Array.from({ length: n }, () => new Float64Array(n));
  const right = new Float64Array(n);
  x.forEach((row, i) => {
    for (let p = 0; p < n; p++) {
      const wp = w[i]! * row[p]!;
      if (wp === 0) continue;
      right[p] = right[p]! + wp * y[i]!;
      for (let q = 0; q <= p; q++) a[p]![q] = a[p]![q]! + wp * row[q]!;
    }
  });
  const trace = a.reduce((s, row, i) => s + row[i]!, 0);
  // A player that no sample separates from the others would make the matrix singular; a trace of 1e-12 shares its credit evenly.
  for (let p = 0; p < n; p++) a[p]![p] = a[p]![p]! + ridge + 1e-12 * (trace / Math.max(1, n));
  for (let p = 0; p < n; p++)
    for (let q = 0; q <= p; q++) {
      let sum = a[p]![q]!;
      for (let k = 0; k < q; k++) sum -= a[p]![k]! * a[q]![k]!;
      a[p]![q] = p === q ? Math.sqrt(Math.max(sum, 1e-300)) : sum / a[q]![q]!;
    }
  return { factor: a, right };
}

/** Forward and back substitution. */
function solve(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  const beta = right.slice();
  for (let p = 0; p < n; p++) {
    for (let k = 0; k < p; k++) beta[p] = beta[p]! - factor[p]![k]! * beta[k]!;
    beta[p] = beta[p]! / factor[p]![p]!;
  }
  for (let p = n - 1; p >= 0; p--) {
    for (let k = p + 1; k < n; k++) beta[p] = beta[p]! - factor[k]![p]! * beta[k]!;
    beta[p] = beta[p]! / factor[p]![p]!;
  }
  return beta;
}
