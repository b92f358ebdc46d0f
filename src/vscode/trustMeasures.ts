import { toDiagnostic } from "../base/diagnostic.js";
import type { Measured } from "../protocol/explanation.js";
import { measureNames, type MeasureName } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { PanelState } from "../protocol/viewModel.js";
import type { ViewParts } from "../viewmodel/build.js";
import type { WorkerClient } from "../worker/client.js";

/** What a measure came to: numbers, or why there are none. */
type MeasureAnswer = { readonly measured: Measured } | { readonly refused: string };

/** Takes measures of the answer on the screen, one after the other, beside all other work; ends when that answer is replaced. */
export class TrustMeasures {
  #waiting: readonly MeasureName[] = [];
  #current: PanelState["measuring"];
  #work = new AbortController();

  constructor(
    private readonly client: Pick<WorkerClient, "explain">,
    private readonly changed: () => void,
    private readonly found: (name: MeasureName, answer: MeasureAnswer) => void,
  ) {}

  /** The measure that is being taken. */
  get current(): PanelState["measuring"] {
    return this.#current;
  }

  /** Takes the measures that are named, behind those that wait already. Settles when none waits; never rejects. */
  async take(names: readonly MeasureName[], request: ExplainRequest): Promise<void> {
    this.#waiting = [...this.#waiting, ...names.filter((name) => name !== this.#current?.name && !this.#waiting.includes(name))];
    if (this.#current !== undefined) return;
    const own = (this.#work = new AbortController());
    for (let name = this.#next(); name !== undefined; name = this.#next()) {
      this.#show({ name });
      const answer = await this.#measure(name, request, own.signal);
      if (own.signal.aborted) return;
      this.#current = undefined;
      this.found(name, answer);
    }
  }

  /** Stops what runs and forgets what waits. */
  stop(): void {
    this.#work.abort();
    this.#waiting = [];
    this.#current = undefined;
  }

  #next(): MeasureName | undefined {
    const [first, ...rest] = this.#waiting;
    this.#waiting = rest;
    return first;
  }

  #show(current: PanelState["measuring"]): void {
    this.#current = current;
    this.changed();
  }

  async #measure(name: MeasureName, request: ExplainRequest, signal: AbortSignal): Promise<MeasureAnswer> {
    try {
      const explanation = await this.client.explain([{ ...request, measures: [name] }], {
        signal,
        progress: ({ fraction }) => this.#show({ name, ...(fraction === undefined ? {} : { fraction }) }),
      });
      const measured = explanation.results[0]?.measures?.[name];
      return measured === undefined ? { refused: explanation.diagnostics.at(-1)?.message ?? "" } : { measured };
    } catch (error) {
      return { refused: toDiagnostic(error).message };
    }
  }
}

/** Those of the measures asked for that the answer on the screen lacks. */
export function missingMeasures({ explanation, refused = {} }: ViewParts, which: MeasureName | "all"): readonly MeasureName[] {
  const known = explanation.results[0]?.measures ?? {};
  return measureNames.filter((name) => (which === "all" || name === which) && known[name] === undefined && refused[name] === undefined);
}

/** What the answer on the screen becomes with one more measure of its first result, or with the reason why there is none. */
export function withAnswer({ explanation, refused }: ViewParts, name: MeasureName, answer: MeasureAnswer): Partial<ViewParts> {
  const [first, ...others] = explanation.results;
  if ("refused" in answer || first === undefined) return { refused: { ...refused, [name]: "refused" in answer ? answer.refused : "" } };
  const measures = { ...first.measures, [name]: answer.measured };
  const request = { ...explanation.request, measures: measureNames.filter((one) => measures[one] !== undefined) };
  return { explanation: { ...explanation, request, results: [{ ...first, measures }, ...others] } };
}

/** The measures that were taken of the answer on the screen, as a part of a request for them. */
export function measuresOf(parts: ViewParts | null): Pick<ExplainRequest, "measures"> {
  const { measures } = parts?.explanation.request ?? {};
  return measures === undefined ? {} : { measures };
}
