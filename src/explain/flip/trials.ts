import { compareChanges, type Change, type Outcome, type Part } from "./part.js";

/** Asks the model about changes: one outcome each, in order. */
export type Evaluate = (changes: readonly Change[]) => Promise<readonly Outcome[]>;

/** Thrown when the runs are used up; never leaves the search. */
export class OutOfRuns extends Error {
  override readonly name = "OutOfRuns";
}

/** Every question to the model goes through here: it is asked once, counted, and the best answers are remembered. */
export class Trials {
  readonly #known = new Map<string, Outcome>();
  #runs = 0;
  #best: Change | undefined;
  #nearest: { readonly change: Change; readonly margin: number } = { change: new Map(), margin: -Infinity };

  constructor(
    readonly parts: readonly Part[],
    private readonly evaluate: Evaluate,
    private readonly limits: { readonly mostRuns: number; readonly portion: number },
    private readonly progress: (runs: number) => void = () => undefined,
  ) {}

  get runs(): number {
    return this.#runs;
  }

  get left(): number {
    return this.limits.mostRuns - this.#runs;
  }

  /** Of the changes that reached the goal, the one of fewest parts, and of those the smallest. */
  get best(): Change | undefined {
    return this.#best;
  }

  /** What came nearest to the goal, whether it reached it or not. */
  get nearest(): Change {
    return this.#nearest.change;
  }

  /** What the model says of each change. Throws OutOfRuns when there are more new ones than runs left, after those that could be run. */
  async of(changes: readonly Change[]): Promise<readonly Outcome[]> {
    const open = new Map<string, Change>();
    for (const change of changes) if (!this.#known.has(keyOf(change))) open.set(keyOf(change), change);
    const asked = [...open].slice(0, this.left);
    const { portion } = this.limits;
    for (let from = 0; from < asked.length; from += portion) await this.#ask(asked.slice(from, from + portion));
    if (asked.length < open.size) throw new OutOfRuns();
    return changes.map((change) => this.#known.get(keyOf(change)) ?? { margin: NaN, reached: false });
  }

  async #ask(asked: readonly (readonly [string, Change])[]): Promise<void> {
    const outcomes = await this.evaluate(asked.map(([, change]) => change));
    this.#runs += asked.length;
    asked.forEach(([key, change], i) => {
      const { margin, reached } = outcomes[i] ?? { margin: NaN, reached: false };
      this.#known.set(key, { margin: Number.isNaN(margin) ? -Infinity : margin, reached });
      if (reached && (this.#best === undefined || compareChanges(this.parts, change, this.#best) < 0)) this.#best = change;
      if (margin > this.#nearest.margin) this.#nearest = { change, margin };
    });
    this.progress(this.#runs);
  }
}

function keyOf(change: Change): string {
  return [...change]
    .sort(([a], [b]) => a - b)
    .map(([part, level]) => `${part}:${level}`)
    .join();
}
