import { toDiagnostic } from "../base/diagnostic.js";
import type { PredictedSample } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { TableQuery, TableView } from "../protocol/viewModel.js";
import type { WorkerClient } from "../worker/client.js";
import { SampleOrder, type KeptSample } from "./sampleOrder.js";

/** Rows the first call asks for; later ones as many as take about `callMilliseconds`: an explanation that is wanted meanwhile waits no longer than that. */
const firstPortion = 200;
const largestPortion = 4000;
const callMilliseconds = 400;
export const pageSize = 25;
const longestText = 160;

const between = " · ";

function kept({ row, cells, label = "", predicted, score, right }: PredictedSample): KeptSample {
  return { row, text: cells.join(between), label, predicted, score, right: right ?? null };
}

/** What the model says of every row of a sample file, read portion by portion in the background; sorted, filtered and paged here. */
export class SamplesTable {
  readonly #rows: KeptSample[] = [];
  readonly #order = new SampleOrder();
  readonly #classes = new Set<string>();
  #judged = 0;
  #right = 0;
  #total = 0;
  #labelled = false;
  #error = "";
  #query: TableQuery | undefined;
  #work = new AbortController();
  #view: { readonly page: TableView | null } | undefined;
  readonly #changed: () => void;

  constructor(
    private readonly client: Pick<WorkerClient, "predictions">,
    changed: () => void,
  ) {
    this.#changed = () => {
      this.#view = undefined;
      changed();
    };
  }

  /** The page that was asked for last; null before anything was asked. Sorted once for each change: it is looked at with every step of other work. */
  get view(): TableView | null {
    return (this.#view ??= { page: this.#page() }).page;
  }

  #page(): TableView | null {
    const query = this.#query;
    if (query === undefined || (this.#rows.length === 0 && this.#error === "")) return null;
    const matching = this.#order.of(this.#rows, query);
    return {
      query,
      labelled: this.#labelled,
      rows: matching.slice(query.from, query.from + pageSize).map((sample) => ({ ...sample, text: sample.text.slice(0, longestText) })),
      matching: matching.length,
      read: this.#rows.length,
      total: this.#total,
      classes: [...this.#classes].sort(),
      pageSize,
      accuracy: this.#judged === 0 ? null : this.#right / this.#judged,
      error: this.#error,
    };
  }

  /** The rows that the filter leaves, of those read so far, and the filter; undefined before anything was asked. */
  get matching(): { readonly rows: readonly number[]; readonly query: TableQuery } | undefined {
    if (this.#query === undefined) return undefined;
    const inOrder = { ...this.#query, sort: "row", descending: false } as const;
    return { rows: new SampleOrder().of(this.#rows, inOrder).map(({ row }) => row), query: this.#query };
  }

  /** Shows a page; the first time, begins to read the file. Settles when all was read; never rejects. */
  async ask(query: TableQuery, request: ExplainRequest): Promise<void> {
    const first = this.#query === undefined;
    this.#query = query;
    this.#changed();
    if (first) await this.#read(request);
  }

  /** The file or the model changed: what was read is of before. */
  forget(): void {
    this.#work.abort();
    this.#view = undefined;
    this.#query = undefined;
    this.#rows.length = 0;
    this.#classes.clear();
    [this.#judged, this.#right] = [0, 0];
    this.#error = "";
  }

  async #read(request: ExplainRequest): Promise<void> {
    const own = (this.#work = new AbortController());
    try {
      for (let portion = firstPortion; ;) {
        const started = performance.now();
        const from = this.#rows.length;
        const { rows, total, labelled } = await this.client.predictions([request, { from, count: portion }], { signal: own.signal });
        if (this.#work !== own) return;
        this.#take(rows);
        this.#total = total;
        this.#labelled = labelled;
        this.#changed();
        if (rows.length === 0 || this.#rows.length >= total) return;
        const fitting = (portion * callMilliseconds) / Math.max(1, performance.now() - started);
        portion = Math.round(Math.min(largestPortion, 2 * portion, Math.max(firstPortion, fitting)));
      }
    } catch (error) {
      if (own.signal.aborted || this.#work !== own) return;
      this.#error = toDiagnostic(error).message;
      this.#changed();
    }
  }

  #take(rows: readonly PredictedSample[]): void {
    for (const sample of rows) {
      this.#rows.push(kept(sample));
      if (sample.predicted !== "") this.#classes.add(sample.predicted);
      if (sample.right === undefined) continue;
      this.#judged++;
      if (sample.right) this.#right++;
    }
  }
}
