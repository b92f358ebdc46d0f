/** Solves the weighted least squares problem min Σ w (y − x·β)² + ridge·|β|² by Cholesky decomposition of the normal equations. `x[i]` are rows. */
export function leastSquares(x: readonly Float64Array[], y: ArrayLike<number>, w: ArrayLike<number>, ridge = 0): Float64Array {
  const n = x[0]?.length ?? 0;
  const a = Array.from({ length: n }, () => new Float64Array(n));
  const b = new Float64Array(n);
  x.forEach((row, i) => {
    for (let p = 0; p < n; p++) {
      const wp = w[i]! * row[p]!;
      if (wp === 0) continue;
      b[p] = b[p]! + wp * y[i]!;
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
  const beta = b.slice();
  for (let p = 0; p < n; p++) {
    for (let k = 0; k < p; k++) beta[p] = beta[p]! - a[p]![k]! * beta[k]!;
    beta[p] = beta[p]! / a[p]![p]!;
  }
  for (let p = n - 1; p >= 0; p--) {
    for (let k = p + 1; k < n; k++) beta[p] = beta[p]! - a[k]![p]! * beta[k]!;
    beta[p] = beta[p]! / a[p]![p]!;
  }
  return beta;
}
