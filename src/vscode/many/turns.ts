/** Lets work in the background stand back while something more urgent runs. */
export class Turns {
  #urgent: AbortController | undefined = new AbortController();
  #waiting: (() => void)[] = [];

  /** Whether something more urgent runs: from then on nobody has a turn. */
  set busy(busy: boolean) {
    if (busy === (this.#urgent === undefined)) return;
    if (busy) {
      this.#urgent?.abort();
      this.#urgent = undefined;
      return;
    }
    this.#urgent = new AbortController();
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Settles when nothing more urgent runs, or when `signal` aborts; the signal that it gives says when that changes. */
  async next(signal: AbortSignal): Promise<AbortSignal> {
    while (this.#urgent === undefined && !signal.aborted)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    return this.#urgent?.signal ?? signal;
  }
}
