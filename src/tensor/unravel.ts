/** The indices along each axis of a flat position in a row-major tensor; none for a scalar. */
export function unravel(position: number, dims: readonly number[]): readonly number[] {
  const index: number[] = [];
  let rest = position;
  for (const extent of dims.toReversed()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index;
}
