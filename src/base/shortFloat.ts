const longestFloat32 = 9;

/** The shortest decimal that reads back as the same float32: 0.1, not 0.10000000149011612. Integers stay exact; NaN and infinities are null. */
export function shortFloat(x: number): number | null {
  if (!Number.isFinite(x)) return null;
  if (x === 0) return 0;
  if (Number.isSafeInteger(x)) return x;
  const single = Math.fround(x);
  // Differences of order 1e-50 exist in float64 only; as float32 they are 0.
  if (single === 0) return 0;
  if (!Number.isFinite(single)) return x;
  for (let digits = 1; digits < longestFloat32; digits++) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return Number(single.toPrecision(longestFloat32));
}
