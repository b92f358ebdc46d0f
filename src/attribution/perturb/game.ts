import { present } from "../../base/assert.js";
import { assemble } from "../assemble.js";
import { rowsPerRun } from "../cost.js";
import type { Steps } from "../evaluate.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { Rows } from "../rows.js";
import { targetValue } from "../setup.js";
import { shapeOf } from "../shapeOf.js";
import { playersOf, spread, type Players } from "./players.js";
import { scoreVariants, subjectOf, type Subject, type Variant } from "./subject.js";

/** A row of the request as a cooperative game: the score of any coalition of players, the others at their baseline. */
export interface Game {
  readonly players: number;
  readonly row: number;
  /** Scores of coalitions; `present(coalition, player)` says who takes part. */
  scores(coalitions: readonly ((player: number) => boolean)[]): Steps<Float64Array>;
}

/** A player's credit, and the half-width of its 95 % interval where the method samples. */
export interface Verdict {
  readonly credit: Float64Array;
  readonly error?: Float64Array;
  readonly evaluations: number;
  /** Whether the intervals came below the tolerance; absent where none was asked for. */
  readonly converged?: boolean;
}

/** The plan of a method that divides the score among players: one game a row. */
export function* playGames(context: MethodContext, complete: boolean, play: (game: Game) => Steps<Verdict>): Plan {
  const target = targetValue(context);
  requireValue(context.bound, target, "target");
  const rows = new Rows(context.bound, context.request, target);
  const subject = subjectOf(context, rows, target, 3 * rowsPerRun(context.bound));
  const players = playersOf(subject, context.request.options ?? {});
  const integrals: Integral[] = [];
  for (let row = 0; row < rows.count; row++) {
    const scores = (coalitions: readonly ((player: number) => boolean)[]): Steps<Float64Array> => coalitionScores(subject, players, row, coalitions);
    const ends = yield* scores([() => false, () => true]);
    const verdict = yield* play({ players: players.count, row, scores });
    const { error } = verdict;
    const named = (values: Float64Array): Map<string, Float64Array> =>
      new Map(spread(players, values).map((v, p) => [present(subject.parts[p], "part").name, v]));
    integrals.push({
      credit: named(verdict.credit),
      error: error === undefined ? null : named(error),
      baselineScore: ends[0]!,
      score: ends[1]!,
      points: verdict.evaluations,
      converged: verdict.converged ?? true,
    });
    yield { kind: "progress", fraction: (row + 1) / rows.count };
  }
  const result = assemble({ ...shapeOf(context, rows, false), complete: false }, integrals);
  // Elements of one group repeat the group's credit: the delta is one of players, not of elements.
  const grouped = context.request.options?.["groups"] !== undefined;
  return {
    ...result,
    delta:
      complete && !grouped
        ? integrals.map((i) => [...i.credit.values()].reduce((s, c) => s + c.reduce((t, v) => t + v, 0), 0) - (i.score - i.baselineScore))
        : null,
  };
}

function* coalitionScores(subject: Subject, players: Players, row: number, coalitions: readonly ((player: number) => boolean)[]): Steps<Float64Array> {
  const variants = coalitions.map((isPresent): Variant => ({ row, absent: (part, element) => !isPresent(players.of[part]![element]!) }));
  return Float64Array.from(yield* scoreVariants(subject, row, variants));
}
