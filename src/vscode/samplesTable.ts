import { toDiagnostic } from "../base/diagnostic.js";
import type { PredictedSample } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { TableQuery, TableView } from "../protocol/viewModel.js";
import type { WorkerClient } from "../worker/client.js";

/** Rows a call asks for: an explanation that is wanted meanwhile waits no longer than this. */
const portion = 200;
export const pageSize = 25;
const longestText = 160;

type Matcher = (row: PredictedSample) => boolean;

function matcher({ only, predicted, search }: TableQuery): Matcher {
  const wanted = search.trim().toLowerCase();
  return (row) =>
    (only === "all" || row.right === (only === "right")) &&
    (predicted === "" || row.predicted === predicted) &&
    (wanted === "" || row.cells.some((cell) => cell.toLowerCase().includes(wanted)));
}

function comparer({ sort, descending }: TableQuery): (a: PredictedSample, b: PredictedSample) => number {
  const sign = descending ? -1 : 1;
  const order = (a: PredictedSample, b: PredictedSample): number => {
    switch (sort) {
      case "row":
        return a.row - b.row;
      case "score":
        return a.score - b.score;
      case "predicted":
        return a.predicted.localeCompare(b.predicted);
      case "label":
        return (a.label ?? "").localeCompare(b.label ?? "");
    }
  };
  return (a, b) => sign * order(a, b) || a.row - b.row;
}

/** What the model says of every row of a sample file, read portion by portion in the background; sorted, filtered and paged here. */
export class SamplesTable {
  #rows: readonly PredictedSample[] = [];
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
    const matching = this.#rows.filter(matcher(query)).sort(comparer(query));
    const judged = this.#rows.filter(({ right }) => right !== undefined);
    return {
      query,
      labelled: this.#labelled,
      rows: matching.slice(query.from, query.from + pageSize).map(({ row, cells, label, predicted, score, right }) => ({
        row,
        text: cells.join(" · ").slice(0, longestText),
        label: label ?? "",
        predicted,
        score,
        right: right ?? null,
      })),
      matching: matching.length,
      read: this.#rows.length,
      total: this.#total,
      classes: [...new Set(this.#rows.map(({ predicted }) => predicted))].filter((name) => name !== "").sort(),
      pageSize,
      accuracy: judged.length === 0 ? null : judged.filter(({ right }) => right).length / judged.length,
      error: this.#error,
    };
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
    this.#rows = [];
    this.#error = "";
  }

  async #read(request: ExplainRequest): Promise<void> {
    const own = (this.#work = new AbortController());
    try {
      for (let from = 0; ; from += portion) {
        const { rows, total, labelled } = await this.client.predictions([request, { from, count: portion }], { signal: own.signal });
        if (this.#work !== own) return;
        this.#rows = [...this.#rows, ...rows];
        this.#total = total;
        this.#labelled = labelled;
        this.#changed();
        if (rows.length === 0 || this.#rows.length >= total) return;
      }
    } catch (error) {
      if (own.signal.aborted || this.#work !== own) return;
      this.#error = toDiagnostic(error).message;
      this.#changed();
    }
  }
}
