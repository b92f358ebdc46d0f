import { toDiagnostic } from "../../base/diagnostic.js";
import type { Explanation } from "../../protocol/explanation.js";
import type { ManyView } from "../../protocol/manyView.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { ManyLook, PanelState, TableQuery } from "../../protocol/viewModel.js";
import { inputRoles } from "../../viewmodel/inputs.js";
import { manyFacts, manyGroups } from "../../viewmodel/many.js";
import { creditsView, driversView } from "../../viewmodel/manyCredits.js";
import { observedRow } from "../../viewmodel/observed.js";
import { RowsRun } from "../../worker/batch/rowsRun.js";
import type { WorkerClient } from "../../worker/client.js";
import { manyCsv } from "./manyCsv.js";
import { pickRows } from "./pickRows.js";
import { Turns } from "./turns.js";

/** Dots of all features together: more of them would be slow to draw, and no clearer. */
const mostDots = 2000;
const mostSwarms = 12;
const firstLook: ManyLook = { group: "all", search: "", most: 25 };

/** Rows that a person chose to have explained: what the table's filter leaves. */
export interface ChosenRows {
  readonly rows: readonly number[];
  /** What the filter was. */
  readonly query: TableQuery;
}

/** The run whose sums are shown, and what it was asked. */
interface Shown {
  readonly request: ExplainRequest;
  readonly chosen: ChosenRows;
  readonly rows: readonly number[];
  readonly run: RowsRun;
  /** One explanation of its rows, for what was filled in. */
  one?: Explanation;
}

/**
 * Many rows of the sample file explained in the background of a panel and summed up while they come. It gives way to what the panel explains meanwhile, is replaced by
 * the next one, and is forgotten when the question changes.
 */
export class ManySamples {
  readonly #turns = new Turns();
  #work = new AbortController();
  #shown: Shown | undefined;
  #phase: ManyView["phase"] = "done";
  #error = "";
  #look = firstLook;

  /** @param post is given the whole view after every change; null when there is nothing any more */
  constructor(
    private readonly client: Pick<WorkerClient, "explain" | "inspect">,
    private readonly post: (view: ManyView | null) => void,
  ) {}

  /** What was asked, with all rows; undefined before anything was. */
  get request(): ExplainRequest | undefined {
    return this.#shown === undefined ? undefined : { ...this.#shown.request, rows: [...this.#shown.rows].sort((a, b) => a - b) };
  }

  /** The means of all groups and features as a table; undefined before anything was asked. */
  get csv(): string | undefined {
    return this.#shown === undefined ? undefined : manyCsv(this.#shown.run.summary);
  }

  /** Explains rows; what was explained before is replaced. Settles when all are, or when it failed, was stopped or replaced; never rejects. */
  async explain(request: ExplainRequest, chosen: ChosenRows): Promise<void> {
    this.#work.abort();
    const own = (this.#work = new AbortController());
    const rows = pickRows(chosen.rows);
    const question = questionOf(request);
    [this.#phase, this.#error] = ["running", ""];
    this.#look = { ...this.#look, group: firstLook.group };
    try {
      const roles = new Map<string, string>();
      const run = new RowsRun(this.client, question, rows, (result) => observedRow(result, roles));
      const shown: Shown = (this.#shown = { request: question, chosen, rows, run });
      this.#tell();
      for (const [name, role] of inputRoles(await this.client.inspect([request.model], { signal: own.signal }))) roles.set(name, role);
      await run.run({
        signal: own.signal,
        turn: (signal) => this.#turns.next(signal),
        progress: (last) => {
          if (last !== undefined) shown.one = last;
          this.#tell();
        },
      });
      this.#end("done");
    } catch (error) {
      if (own.signal.aborted) return;
      this.#error = toDiagnostic(error).message;
      this.#end("failed");
    }
  }

  /** Other features, or another group of the same rows. */
  look(look: ManyLook): void {
    this.#look = look;
    this.#tell();
  }

  /** Stops; what is explained stays. */
  stop(): void {
    if (this.#phase !== "running" || this.#shown === undefined) return;
    this.#work.abort();
    this.#end("cancelled");
  }

  /** Follows the panel: stands back while it explains, and forgets everything when it asks another question. */
  follow({ phase, request }: Pick<PanelState, "phase" | "request">): void {
    this.#turns.busy = phase === "running";
    const other = request !== undefined && this.#shown !== undefined && keyOf(request) !== keyOf(this.#shown.request);
    if (other || phase === "stale") this.forget();
  }

  forget(): void {
    if (this.#shown === undefined) return;
    this.#work.abort();
    this.#shown = undefined;
    this.#look = firstLook;
    this.#tell();
  }

  /** The panel is gone: nobody is told any more. */
  dispose(): void {
    this.#work.abort();
    this.#shown = undefined;
  }

  #end(phase: ManyView["phase"]): void {
    this.#phase = phase;
    this.#tell();
  }

  #tell(): void {
    this.post(this.view);
  }

  /** Null before anything was asked. */
  get view(): ManyView | null {
    if (this.#shown === undefined) return null;
    const { run, rows, chosen, one } = this.#shown;
    const { summary } = run;
    const groups = manyGroups(summary);
    const look = groups.some(({ id }) => id === this.#look.group) ? this.#look : { ...this.#look, group: "all" };
    const query = { features: look.most, search: look.search, swarms: { features: Math.min(mostSwarms, look.most), dots: mostDots } };
    const group = summary.group(groupOf(look.group), query);
    const drivers = summary.drivers(query);
    return {
      phase: this.#phase,
      done: run.done,
      total: rows.length,
      rowsPerSecond: run.rowsPerSecond,
      refused: run.refused,
      matching: chosen.rows.length,
      error: this.#error,
      facts: manyFacts(one, chosen.query, { total: rows.length, matching: chosen.rows.length }),
      look,
      groups,
      features: group?.count ?? 0,
      credits: group === undefined ? null : creditsView(group, { chosen: true }),
      drivers: drivers === null ? null : driversView(drivers),
    };
  }
}

const predicted = "predicted:";

function groupOf(id: string): "all" | "right" | "wrong" | { readonly predicted: string } {
  if (id === "right" || id === "wrong") return id;
  return id.startsWith(predicted) ? { predicted: id.slice(predicted.length) } : "all";
}

/** The panel's question without what belongs to the row on the screen: its values and measures. */
function questionOf({ rows: _, values: __, measures: ___, ...question }: ExplainRequest): ExplainRequest {
  return question;
}

function keyOf(request: ExplainRequest): string {
  const { model, samples, method, targets, versus, baselines, columns } = request;
  return JSON.stringify([model, samples, method, targets, versus, baselines, columns]);
}
