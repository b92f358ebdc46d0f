import { ExplainError } from "../../base/diagnostic.js";
import { assemble } from "../assemble.js";
import { rowsPerRun } from "../cost.js";
import type { Integral } from "../integral.js";
import type { Method, MethodContext } from "../method.js";
import { readSeed } from "../options.js";
import { playersOf, spread, withoutEach } from "../perturb/players.js";
import { scoreVariants, subjectOf } from "../perturb/subject.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { shuffled, uniforms } from "../random.js";
import { gather, Rows } from "../rows.js";
import { targetValue } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

/** F(x) − F(x with the feature taken from another row): a baseline that is itself a plausible value. */
export const featurePermutation: Method = {
  name: "featurePermutation",
  title: "Feature permutation",
  family: "perturbation",
  question: "How much does the score change when this feature takes the value it has in another row?",
  paper: "https://arxiv.org/abs/1801.01489",
  needs: { gradient: false, target: true, baseline: false, layer: false, neuron: false },
  complete: false,
  random: true,
  acrossRows: true,
  plan,
};

function* plan(context: MethodContext): Plan {
  const { bound, request } = context;
  const target = targetValue(context);
  requireValue(bound, target, "target");
  const rows = new Rows(bound, request, target);
  if (rows.count < 2)
    throw new ExplainError("OPTION_INVALID", "Feature permutation exchanges values between rows, so it needs at least two of them.", {
      hint: "Choose more rows (--row all), or use featureAblation.",
    });
  const random = uniforms(readSeed(request.options ?? {}));
  const order = derangement(rows.count, random);
  // The permuted rows are the baseline of an ablation.
  const baselines = Object.fromEntries(
    Object.entries(request.inputs).map(([name, t]) => [name, bound.batched.has(name) || !bound.stacked ? gather(t, order) : t]),
  );
  const subject = subjectOf({ bound, request: { ...request, baselines } }, rows, target, 3 * rowsPerRun(bound));
  const players = playersOf(subject, request.options ?? {});
  const integrals: Integral[] = [];
  for (let row = 0; row < rows.count; row++) {
    const variants = withoutEach(players, row);
    const scores = yield* scoreVariants(subject, row, variants);
    integrals.push({
      credit: new Map(
        spread(
          players,
          scores.slice(1).map((s) => scores[0]! - s),
        ).map((v, p) => [subject.parts[p]!.name, v]),
      ),
      error: null,
      score: scores[0]!,
      baselineScore: NaN,
      points: variants.length,
      converged: true,
    });
  }
  return { ...assemble({ ...shapeOf(context, rows, false), complete: false }, integrals), baselineScore: null };
}

/** A random order in which no row keeps its place: a row exchanged with itself would tell nothing. */
function derangement(n: number, random: () => number): number[] {
  const cycle = shuffled(n, random);
  const order = new Array<number>(n);
  cycle.forEach((row, i) => {
    order[row] = cycle[(i + 1) % n]!;
  });
  return order;
}
