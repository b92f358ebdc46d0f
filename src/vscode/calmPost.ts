import type { PanelState } from "../protocol/viewModel.js";

/** So often at most the page is told how far something has come: each state is drawn whole, and the answer would wait behind those before it. */
const calmMilliseconds = 100;

/** Posts a panel's states: what is new at once, mere progress (another message or fraction while something runs) after a moment in which nothing else came. */
export class CalmPost {
  #last: PanelState | undefined;
  #waiting: PanelState | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly post: (state: PanelState) => void) {}

  show(state: PanelState): void {
    if (this.#last === undefined || !isProgress(this.#last, state)) return this.#send(state);
    this.#waiting = state;
    this.#timer ??= setTimeout(() => this.#send(this.#waiting ?? state), calmMilliseconds);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #send(state: PanelState): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = state;
    this.post(state);
  }
}

/** What a page has to show at once when it is another. */
const news = ["phase", "view", "error", "lag", "table", "flip"] as const;

function isProgress(before: PanelState, after: PanelState): boolean {
  return after.phase === "running" && news.every((part) => before[part] === after[part]);
}
