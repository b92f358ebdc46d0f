import type * as vscode from "vscode";
import * as v from "valibot";
import type { ExplainRequest } from "../../protocol/request.js";
import { parseRequest } from "../savedRequest.js";
import type { ShownExplanation } from "../shownExplanations.js";
import { historyKey } from "./historyKey.js";

/** One explanation that was made: enough to name it and to make it again. */
export interface PastExplanation {
  readonly id: string;
  readonly request: ExplainRequest;
  /** "neg 96.8 %". */
  readonly answer: string;
  /** What was explained. */
  readonly target: string;
  /** The row in one line. */
  readonly sample: string;
  readonly row: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly pinned: boolean;
}

const mostEntries = 200;
/** Characters of all entries; a request with long values takes more of it. */
const mostCharacters = 400_000;

const entry = v.object({
  id: v.string(),
  request: v.unknown(),
  answer: v.string(),
  target: v.string(),
  sample: v.string(),
  row: v.number(),
  time: v.number(),
  pinned: v.boolean(),
});

/** The explanations made in this workspace, newest first. The oldest that are not pinned go when there are too many or they are too large. */
export class ExplanationHistory {
  constructor(private readonly state: vscode.Memento) {}

  get entries(): readonly PastExplanation[] {
    const stored = v.safeParse(v.array(v.unknown()), this.state.get<unknown>(historyKey, []));
    return (stored.success ? stored.output : []).flatMap((one) => {
      // What another version stored in another form is left out.
      const parsed = v.safeParse(entry, one);
      const request = parsed.success ? parseRequest(parsed.output.request) : undefined;
      return parsed.success && request !== undefined ? [{ ...parsed.output, request }] : [];
    });
  }

  /** The same question asked again takes its former place's pin, not a second place. */
  async add({ view, explanation }: Pick<ShownExplanation, "view" | "explanation">, time: number): Promise<void> {
    const { request } = explanation;
    const id = questionOf(request);
    const { entries } = this;
    const { label = "", confidence = "" } = view.prediction;
    const added: PastExplanation = {
      id,
      request,
      answer: `${label} ${confidence}`.trim(),
      target: view.target,
      sample: view.sample,
      row: view.row,
      time,
      pinned: entries.find((one) => one.id === id)?.pinned ?? false,
    };
    await this.#store([added, ...entries.filter((one) => one.id !== id)]);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#store(this.entries.filter(({ id }) => !ids.includes(id)));
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#store(this.entries.map((one) => (one.id === id ? { ...one, pinned } : one)));
  }

  async #store(entries: readonly PastExplanation[]): Promise<void> {
    const kept = [...entries];
    const size = (): number => kept.reduce((total, one) => total + JSON.stringify(one).length, 0);
    while (kept.length > mostEntries || (kept.length > 1 && size() > mostCharacters)) {
      const oldest = kept.findLastIndex(({ pinned }, i) => !pinned && i > 0);
      kept.splice(oldest < 0 ? kept.length - 1 : oldest, 1);
    }
    await this.state.update(historyKey, kept);
  }
}

/** What makes two requests the same question; how many threads answer it does not. */
function questionOf({ threads: _, ...request }: ExplainRequest): string {
  return JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
}
