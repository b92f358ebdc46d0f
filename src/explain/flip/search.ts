import { tryGreedy, tryTogether } from "./larger.js";
import type { Change, Part } from "./part.js";
import { tryPairs } from "./pairs.js";
import { trySingles } from "./singles.js";
import { tighten } from "./tighten.js";
import { OutOfRuns, Trials, type Evaluate } from "./trials.js";

/** What the search is at. */
export type FlipStage = "single" | "pairs" | "more" | "smaller";

export interface SearchOptions {
  readonly mostRuns: number;
  /** So many changes are asked about at once. */
  readonly portion?: number;
  readonly progress?: (stage: FlipStage, runs: number) => void;
}

const usualPortion = 512;

/** What the search found, and how sure it is of it. */
export interface Found {
  /** The smallest change that reached the goal; undefined when none did. */
  readonly best: Change | undefined;
  /** What came nearest. */
  readonly nearest: Change;
  readonly runs: number;
  /** `best` was made smaller until nothing helped. */
  readonly minimal: boolean;
  /** No change of fewer parts is there, on the grids that were tried. */
  readonly fewest: boolean;
  /** The runs were used up. */
  readonly ended: boolean;
}

/**
 * Looks for the smallest change of a sample that reaches a goal: fewest parts, then the smallest size. Single parts first, then pairs, then more by a greedy search; what is
 * found is made smaller until nothing can be left out. Knows nothing of models: `evaluate` is asked about many changes at once, and may throw (cancelled).
 * Source of the question: Wachter, Mittelstadt and Russell (2017), https://arxiv.org/abs/1711.00399.
 */
export async function searchFlip(parts: readonly Part[], evaluate: Evaluate, { mostRuns, portion = usualPortion, progress }: SearchOptions): Promise<Found> {
  let stage: FlipStage = "single";
  const trials = new Trials(parts, evaluate, { mostRuns, portion }, (runs) => progress?.(stage, runs));
  let [allSingles, allPairs, minimal, ended] = [false, false, false, false];
  try {
    const singles = await trySingles(trials);
    allSingles = true;
    if (trials.best === undefined && parts.length > 1) {
      stage = "pairs";
      allPairs = await tryPairs(trials, singles);
    }
    if (trials.best === undefined && parts.length > 2) {
      stage = "more";
      await tryTogether(trials, singles);
      // Fewer parts are a nearer end for what follows.
      if (trials.best !== undefined) await tighten(trials, trials.best);
      await tryGreedy(trials, singles);
    }
    stage = "smaller";
    while (trials.best !== undefined && !minimal) {
      const { best } = trials;
      // On the way to a smaller change another one may have come up that is to be preferred.
      await tighten(trials, best);
      minimal = trials.best === best;
    }
  } catch (error) {
    if (!(error instanceof OutOfRuns)) throw error;
    ended = true;
  }
  const size = trials.best?.size ?? 0;
  return {
    best: trials.best,
    nearest: trials.nearest,
    runs: trials.runs,
    minimal,
    fewest: size === 1 || size === 2 ? allSingles : size === 3 && allPairs,
    ended,
  };
}
