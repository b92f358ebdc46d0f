import { shuffled } from "../random.js";

/** A coalition to be scored and what it weighs in the regression. */
export interface WeighedCoalition {
  readonly mask: Uint8Array;
  readonly weight: number;
}

/**
 * About `samples` coalitions of n players by the Shapley kernel: sizes whose coalitions would all be drawn anyway are enumerated, smallest and largest first;
 * what is left is drawn at random, each with its complement, which cancels the odd part of the error. Sources: Lundberg and Lee (2017), https://arxiv.org/abs/1705.07874;
 * Covert and Lee (2021), https://arxiv.org/abs/2012.01536.
 */
export function kernelCoalitions(n: number, samples: number, random: () => number): WeighedCoalition[] {
  const found: WeighedCoalition[] = [];
  // The kernel's mass of all coalitions of one size.
  const mass = (size: number): number => (n - 1) / (size * (n - size));
  const sizes = Array.from({ length: n - 1 }, (_, i) => i + 1);
  let open = sizes;
  let left = samples;
  for (let size = 1; 2 * size <= n; size++) {
    const pair = size === n - size ? [size] : [size, n - size];
    const count = pair.length * binomial(n, size);
    const share = pair.reduce((s, k) => s + mass(k), 0) / open.reduce((s, k) => s + mass(k), 0);
    if (left * share < count * (1 - 1e-9)) break;
    for (const chosen of combinations(n, size))
      for (const mask of pair.length === 2 ? [chosen, complement(chosen)] : [chosen]) found.push({ mask, weight: mass(size) / binomial(n, size) });
    left -= count;
    open = open.filter((k) => !pair.includes(k));
  }
  const whole = open.reduce((s, k) => s + mass(k), 0);
  const pairs = open.length === 0 ? 0 : Math.max(1, left >> 1);
  for (let i = 0; i < pairs; i++) {
    let at = random() * whole;
    let place = 0;
    while (place < open.length - 1 && (at -= mass(open[place]!)) > 0) place++;
    const mask = new Uint8Array(n);
    for (const player of shuffled(n, random).slice(0, open[place])) mask[player] = 1;
    found.push({ mask, weight: whole / (2 * pairs) }, { mask: complement(mask), weight: whole / (2 * pairs) });
  }
  return found;
}

function complement(mask: Uint8Array): Uint8Array {
  return mask.map((v) => 1 - v);
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

/** All masks with `size` of n bits set. */
function* combinations(n: number, size: number): Generator<Uint8Array> {
  const chosen = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    const mask = new Uint8Array(n);
    for (const player of chosen) mask[player] = 1;
    yield mask;
    let at = size - 1;
    while (at >= 0 && chosen[at] === n - size + at) at--;
    if (at < 0) return;
    chosen[at] = chosen[at]! + 1;
    for (let i = at + 1; i < size; i++) chosen[i] = chosen[i - 1]! + 1;
  }
}
