import type { MethodOptions } from "../protocol/request.js";
import { ExplainError } from "../base/diagnostic.js";
import { ruleNames, type RuleName } from "../protocol/names.js";
import { bisect } from "./bisect.js";
import { levelSizes, nestedLevel, nestedRule } from "./quadrature/nested.js";
import { fixedRule, type FixedRule } from "./quadrature/rules.js";
import { readCount } from "./options.js";
import { evaluate, type Steps, type Sums } from "./evaluate.js";
import { defaultTolerance, largest, noiseFloor, total, type Integral, type Integrand } from "./integral.js";

/** Integrates along the path by the rule that the options name; adaptive unless they name one. */
export function* integrate(integrand: Integrand): Steps<Integral[]> {
  const rule = readRule(integrand.options);
  if (rule === "adaptive") return yield* adaptive(integrand);
  return rule === "nested" ? yield* nested(integrand) : yield* fixed(integrand, rule);
}

export function readRule(options: MethodOptions): RuleName {
  const rule = options["rule"] ?? "adaptive";
  const known = ruleNames.find((r) => r === rule);
  if (known === undefined)
    throw new ExplainError("OPTION_INVALID", `There is no quadrature rule ${JSON.stringify(rule)}.`, { hint: `Rules: ${ruleNames.join(", ")}.` });
  return known;
}

function* fixed(integrand: Integrand, rule: FixedRule): Steps<Integral[]> {
  const { rows, program, items, capacity, unitLayer } = integrand;
  const { nodes, weights } = fixedRule(rule, readCount(integrand.options, "steps", 50));
  const asIntegrals = (sums: Sums, ends: (item: number) => Pick<Integral, "score" | "baselineScore">): Integral[] =>
    items.map((_, i) => ({
      credit: new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!])),
      error: null,
      ...ends(i),
      points: nodes.length,
      converged: true,
    }));
  // Where all fits into one run, the ends go with it: two more points cost less than another call.
  if (integrand.inputPath && rows.bound.stacked && items.length * (nodes.length + 2) <= capacity) {
    const sums = yield* evaluate(rows, program, items, { alphas: [...nodes, 0, 1], weights: [[...weights, 0, 0]] }, capacity, unitLayer);
    const joined = asIntegrals(sums, (i) => ({ baselineScore: sums.score.at(-2)![i]!, score: sums.score.at(-1)![i]! }));
    // The gradient may be infinite at an end, and nothing times that is no number.
    if (joined.every(({ credit }) => Number.isFinite(largest(credit.values())))) return joined;
  }
  const sums = yield* evaluate(rows, program, items, { alphas: nodes, weights: [weights] }, capacity, unitLayer);
  const ends = yield* endScores(integrand);
  return asIntegrals(sums, (i) => ends[i]!);
}

/** Points of the level that a static explanation takes. */
export const usualLevel = 65;

/** One level of the nested rule, whatever comes out: the same points for every row. The error is the difference to the level below. */
function* nested(integrand: Integrand): Steps<Integral[]> {
  const { rows, program, items, capacity, unitLayer } = integrand;
  const { nodes, weights } = nestedLevel(readCount(integrand.options, "steps", usualLevel));
  const sums = yield* evaluate(rows, program, items, { alphas: nodes, weights }, capacity, unitLayer);
  const [start, end] = [nodes.indexOf(0), nodes.indexOf(1)];
  const ends = integrand.inputPath
    ? items.map((_, i) => ({ baselineScore: sums.score[start]![i]!, score: sums.score[end]![i]! }))
    : yield* endScores(integrand);
  return items.map((_, i): Integral => {
    const credit = new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!]));
    const error = new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!.map((fine, e) => Math.abs(fine - levels[1]![i]![e]!))]));
    return { credit, error, ...ends[i]!, points: nodes.length, converged: true };
  });
}

/** F at both ends of the path. */
export function* endScores(
  integrand: Pick<Integrand, "rows" | "scores" | "items" | "capacity" | "unitLayer">,
): Steps<{ readonly score: number; readonly baselineScore: number }[]> {
  const { rows, scores, items, capacity, unitLayer } = integrand;
  const { score } = yield* evaluate(rows, scores, items, { alphas: [0, 1], weights: [[0, 0]] }, capacity, unitLayer);
  return items.map((_, i) => ({ baselineScore: score[0]![i]!, score: score[1]![i]! }));
}

/**
 * Nested levels whose points are all reused, then bisection of what does not converge. The difference d₂ of the last two levels bounds the coarser one's error;
 * the finer one's is estimated by d₂ · min(1, d₂/d₁). Below a tolerance of 0.2 % the plain difference is asked for, as the estimate is too hopeful there.
 */
function* adaptive(integrand: Integrand): Steps<Integral[]> {
  const { rows, program, capacity, unitLayer } = integrand;
  const tolerance = Math.max(noiseFloor, readTolerance(integrand.options));
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
  const bisected = yield* bisect(
    integrand,
    active,
    done.map((d) => d!),
    tolerance,
  );
  active.forEach((i, place) => (done[i] = bisected[place]!));
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
  const shrink = tolerance < 0.002 || d1 === null || d2 === null || d1 === 0 ? 1 : Math.min(1, d2 / d1);
  const error = new Map([...credit].map(([name, c]) => [name, difference === null ? c.map((v) => Math.abs(v)) : difference.get(name)!.map((d) => d * shrink)]));
  const delta = total(credit.values()) - (state.score - state.baselineScore);
  const allowed = tolerance * scale + noiseFloor * Math.max(Math.abs(state.score), Math.abs(state.baselineScore));
  const converged =
    scale === 0 ? level > 0 && (!complete || Math.abs(delta) <= allowed) : d2 !== null && d2 * shrink <= allowed && (!complete || Math.abs(delta) <= allowed);
  state.previous = credit;
  state.difference = difference;
  return { credit, error, score: state.score, baselineScore: state.baselineScore, points, converged };
}

function readTolerance(options: MethodOptions): number {
  const value = options["tolerance"] ?? defaultTolerance;
  if (typeof value !== "number" || !(value > 0) || value > 1)
    throw new ExplainError("OPTION_INVALID", `The option "tolerance" should be a number between 0 and 1, not ${JSON.stringify(value)}.`, {
      hint: "It is the share of the largest credit that the estimated error may reach; the default is 0.005.",
    });
  return value;
}
