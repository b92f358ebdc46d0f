import { evaluate, type Steps } from "./evaluate.js";
import { largest, noiseFloor, tightTolerance, total, type Integral, type Integrand } from "./integral.js";
import { levelSizes, nestedRule } from "./quadrature/nested.js";

/**
 * Nested levels whose points are all reused; the integrals of items that do not converge say so. The difference d₂ of the last two levels bounds the coarser one's error;
 * the finer one's is estimated by d₂ · min(1, d₂/d₁). Below a tolerance of 0.2 % the plain difference is asked for, as the estimate is too hopeful there.
 */
export function* nestedLevels(integrand: Integrand, tolerance: number): Steps<Integral[]> {
  const { rows, program, capacity, unitLayer } = integrand;
  const rule = nestedRule();
  const done: (Integral | undefined)[] = integrand.items.map(() => undefined);
  let active = integrand.items.map((_, i) => i);
  const states = integrand.items.map((): LevelState => ({ credit: new Map(), previous: null, difference: null, score: 0, baselineScore: 0 }));
  // Where points cost next to nothing the first two levels share a run; one alone never suffices, since it has no error estimate.
  const together = integrand.items.length * levelSizes[1] * 4 <= capacity;
  for (let level = together ? 1 : 0; level < levelSizes.length && active.length > 0; level++) {
    const first = level === 0 || (together && level === 1);
    const from = first ? 0 : levelSizes[level - 1]!;
    const to = levelSizes[level]!;
    const sums = yield* evaluate(
      rows,
      program,
      active.map((i) => integrand.items[i]!),
      { alphas: rule.nodes.slice(from, to), weights: rule.weights.map((w) => w.slice(from, to)) },
      capacity,
      unitLayer,
    );
    const still: number[] = [];
    active.forEach((i, place) => {
      const state = states[i]!;
      for (const [name, levels] of sums.credit)
        accumulate(
          state.credit,
          name,
          levels.map((l) => l[place]!),
        );
      if (first) {
        state.baselineScore = sums.score[rule.nodes.indexOf(0)]![place]!;
        state.score = sums.score[rule.nodes.indexOf(1)]![place]!;
      }
      if (first && level === 1) assess(state, 0, levelSizes[0], tolerance, integrand.complete);
      const integral = assess(state, level, to, tolerance, integrand.complete);
      done[i] = integral;
      if (!integral.converged) still.push(i);
    });
    active = still;
    yield {
      kind: "progress",
      fraction: 1 - active.length / integrand.items.length,
      ...(integrand.partial === undefined ? {} : { partial: integrand.partial(done.map((d) => d!)) }),
    };
  }
  return done.map((d) => d!);
}

interface LevelState {
  /** By name, the sums under every level's weights. */
  readonly credit: Map<string, Float64Array[]>;
  previous: Map<string, Float64Array> | null;
  difference: Map<string, Float64Array> | null;
  score: number;
  baselineScore: number;
}

function accumulate(credit: Map<string, Float64Array[]>, name: string, levels: readonly Float64Array[]): void {
  const sums = credit.get(name);
  if (sums === undefined) {
    credit.set(
      name,
      levels.map((l) => l.slice()),
    );
    return;
  }
  levels.forEach((l, k) => {
    const sum = sums[k]!;
    for (let e = 0; e < l.length; e++) sum[e] = sum[e]! + l[e]!;
  });
}

function assess(state: LevelState, level: number, points: number, tolerance: number, complete: boolean): Integral {
  const credit = new Map([...state.credit].map(([name, levels]) => [name, levels[level]!]));
  const difference =
    state.previous === null ? null : new Map([...credit].map(([name, c]) => [name, c.map((v, e) => Math.abs(v - state.previous!.get(name)![e]!))]));
  const scale = largest(credit.values());
  const d1 = state.difference === null ? null : largest(state.difference.values());
  const d2 = difference === null ? null : largest(difference.values());
  const shrink = tolerance < tightTolerance || d1 === null || d2 === null || d1 === 0 ? 1 : Math.min(1, d2 / d1);
  const error = new Map([...credit].map(([name, c]) => [name, difference === null ? c.map((v) => Math.abs(v)) : difference.get(name)!.map((d) => d * shrink)]));
  const delta = total(credit.values()) - (state.score - state.baselineScore);
  const allowed = tolerance * scale + noiseFloor * Math.max(Math.abs(state.score), Math.abs(state.baselineScore));
  const converged =
    scale === 0 ? level > 0 && (!complete || Math.abs(delta) <= allowed) : d2 !== null && d2 * shrink <= allowed && (!complete || Math.abs(delta) <= allowed);
  state.previous = credit;
  state.difference = difference;
  return { credit, error, score: state.score, baselineScore: state.baselineScore, points, converged };
}
