import { toDiagnostic } from "../base/diagnostic.js";
import type { Edits } from "../protocol/edits.js";
import type { Explanation } from "../protocol/explanation.js";
import type { FlipAnswer, FlipAsk } from "../protocol/flip.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { FlipState, PanelState } from "../protocol/viewModel.js";
import { flipView } from "../viewmodel/flip.js";
import type { WorkerClient } from "../worker/client.js";

/** Looks for the smallest change of the sample on the screen, beside all other work; what it found is forgotten when another question is asked. */
export class SmallestChange {
  #state: FlipState | undefined;
  #answer: FlipAnswer | undefined;
  #question = "";
  #work = new AbortController();

  constructor(
    private readonly client: Pick<WorkerClient, "flip">,
    private readonly changed: () => void,
  ) {}

  get state(): FlipState | undefined {
    return this.#state;
  }

  /** What would make the sample the one that was found. */
  get edits(): Edits | undefined {
    return this.#answer?.found === true ? this.#answer.edits : undefined;
  }

  /** Looks for the smallest change of an answer's sample; an earlier search ends. Settles when it is found, failed or stopped; never rejects. */
  async find({ request }: Explanation, ask: FlipAsk, message: string): Promise<void> {
    this.#work.abort();
    const own = (this.#work = new AbortController());
    this.#question = questionOf(request);
    this.#answer = undefined;
    this.#show({ phase: "running", message });
    try {
      // What is measured, averaged or compared has no part in a search.
      const { measures: _, aggregate: __, versus: ___, ...sample } = request;
      const answer = await this.client.flip([sample, ask], {
        signal: own.signal,
        progress: (step) => !own.signal.aborted && this.#show({ phase: "running", message: step.message }),
      });
      if (own.signal.aborted) return;
      this.#answer = answer;
      this.#show({ phase: "done", view: flipView(answer) });
    } catch (error) {
      if (!own.signal.aborted) this.#show({ phase: "failed", message: sentenceOf(error) });
    }
  }

  stop(): void {
    this.#forget();
    this.changed();
  }

  /** Forgets what belongs to another question than the one that the panel shows or works on. */
  follow({ phase, lag }: PanelState, shown: Explanation | undefined): void {
    if (this.#state === undefined) return;
    if (lag === "all" || phase === "stale" || shown === undefined || questionOf(shown.request) !== this.#question) this.#forget();
  }

  dispose(): void {
    this.#forget();
  }

  #forget(): void {
    this.#work.abort();
    this.#answer = undefined;
    this.#state = undefined;
  }

  #show(state: FlipState): void {
    this.#state = state;
    this.changed();
  }
}

/** Everything of a request that says which sample it is about, and in whose eyes. */
function questionOf({ model, samples, rows, values, targets, baselines, fixed, columns }: ExplainRequest): string {
  return JSON.stringify({ model, samples, rows, values, targets, baselines, fixed, columns });
}

function sentenceOf(error: unknown): string {
  const { message, hint } = toDiagnostic(error);
  return hint === undefined ? message : `${message} ${hint}`;
}
