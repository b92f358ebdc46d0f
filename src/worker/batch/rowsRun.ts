import { ExplainError } from "../../base/diagnostic.js";
import { eachGood } from "../../base/rowFailure.js";
import { Summary } from "../../summary/summary.js";
import type { Explanation, Result } from "../../protocol/explanation.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { ObservedRow } from "../../protocol/summary.js";
import type { WorkerClient } from "../client.js";

/** Rows of the first call; then as many as take about `callMilliseconds`, in powers of two: a model is compiled once for each number of rows. */
const firstPortion = 4;
const largestPortion = 512;
const callMilliseconds = 400;

/** How a caller follows rows that are explained in the background. */
export interface RowsWatch {
  readonly signal: AbortSignal;
  /** Settles when nothing more urgent runs; its signal aborts the portion that is being explained, which is then asked for again. */
  turn(signal: AbortSignal): Promise<AbortSignal>;
  /** After every portion. `last`: its explanation, without it when no row of it was good. */
  progress(last: Explanation | undefined): void;
}

/** Rows of a sample file, explained portion by portion and added up; what is known can be looked at meanwhile. */
export class RowsRun {
  readonly summary = new Summary();
  #done = 0;
  #refused = 0;
  #milliseconds = 0;

  /** @param observe what a result adds to the sums */
  constructor(
    private readonly client: Pick<WorkerClient, "explain">,
    private readonly request: ExplainRequest,
    private readonly rows: readonly number[],
    private readonly observe: (result: Result) => ObservedRow,
  ) {}

  /** Rows that are gone through. */
  get done(): number {
    return this.#done;
  }

  /** Those of them that could not be explained. */
  get refused(): number {
    return this.#refused;
  }

  /** Of the time that was spent on them; 0 while nothing is known. */
  get rowsPerSecond(): number {
    return this.#milliseconds === 0 ? 0 : (1000 * this.#done) / this.#milliseconds;
  }

  /** Goes through the rows that are left. Throws CANCELLED, and what is wrong with more than a row. */
  async run(watch: RowsWatch): Promise<void> {
    for (let size = firstPortion; this.#done < this.rows.length;) {
      const urgent = await watch.turn(watch.signal);
      if (watch.signal.aborted) throw new ExplainError("CANCELLED", "Cancelled.");
      const portion = this.rows.slice(this.#done, this.#done + size);
      const started = performance.now();
      try {
        watch.progress(await this.#explain(portion, AbortSignal.any([watch.signal, urgent])));
      } catch (error) {
        if (urgent.aborted && !watch.signal.aborted) continue;
        throw error;
      }
      const elapsed = performance.now() - started;
      // Part of every call is the same for one row as for many: a smaller portion would not be quicker for long.
      if (elapsed <= callMilliseconds) size = Math.min(largestPortion, 2 * size);
      else if (elapsed > 2 * callMilliseconds) size = Math.max(1, size / 2);
    }
  }

  async #explain(portion: readonly number[], signal: AbortSignal): Promise<Explanation | undefined> {
    const started = performance.now();
    const results: Result[] = [];
    let refused = 0;
    let last: Explanation | undefined;
    await eachGood(
      portion,
      async (rows) => {
        last = await this.client.explain([{ ...this.request, rows }], { signal });
        results.push(...last.results);
      },
      () => void refused++,
    );
    // Counted only now: a portion that gave way is explained anew.
    for (const row of results.map(this.observe)) {
      if (isFinite(row)) this.summary.add(row);
      else refused++;
    }
    this.#done += portion.length;
    this.#refused += refused;
    this.#milliseconds += performance.now() - started;
    return last;
  }
}

function isFinite({ credits, pictures }: ObservedRow): boolean {
  return credits.every(({ credit }) => Number.isFinite(credit)) && pictures.every((picture) => picture.credits.every(Number.isFinite));
}
