import { endWithGap } from "../src/protocol/endWithGap.js";
import type { FromPanel } from "../src/protocol/panelMessages.js";
import type { ExplanationView } from "../src/protocol/viewModel.js";
import type { WordActions } from "./wordCursor.js";

/** A change of a text: what stands from `start` to `end` becomes `text`. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const inputOf = (path: string): string | null => (path.startsWith("input/") ? path.slice("input/".length) : null);

function applied(text: string, changes: readonly Change[]): string {
  return [...changes].sort((a, b) => b.start - a.start).reduce((now, { start, end, text: part }) => now.slice(0, start) + part + now.slice(end), text);
}

export interface TextEdits extends WordActions {
  /** The page was drawn anew: a text that is another one now has had its answer. */
  answered(): void;
}

/** Takes words out of the texts that can be edited, and puts them back. Several at once, before the answer to the first is there, are all kept. */
export function textEdits(view: () => ExplanationView | null, send: (message: FromPanel) => void): TextEdits {
  const unanswered = new Map<string, { readonly shown: string; readonly changes: readonly Change[] }>();
  const shownText = (input: string | null): string | undefined => {
    const found = view()?.whatIf?.inputs.find(({ name }) => name === input);
    return found?.kind === "text" ? found.now : undefined;
  };
  const change = (path: string, make: (text: string) => Change): void => {
    const input = inputOf(path);
    const shown = shownText(input);
    if (input === null || shown === undefined) return;
    const before = unanswered.get(input);
    const changes = [...(before?.shown === shown ? before.changes : []), make(shown)];
    unanswered.set(input, { shown, changes });
    send({ kind: "editText", input, text: applied(shown, changes) });
  };
  return {
    answered: () => {
      for (const [input, { shown }] of unanswered) if (shownText(input) !== shown) unanswered.delete(input);
    },
    removable: (path) => shownText(inputOf(path)) !== undefined,
    remove: (path, start, end) => {
      change(path, (text) => ({ start, end: endWithGap(text, start, end), text: "" }));
    },
    putBack: (path, at, text) => {
      change(path, () => ({ start: at, end: at, text }));
    },
  };
}
