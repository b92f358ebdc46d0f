import type { FromPanel } from "../src/protocol/panelMessages.js";
import type { EditableInput, ExplanationView } from "../src/protocol/viewModel.js";

const most = 100;

type Edit = Extract<FromPanel, { kind: "edit" | "editText" | "reset" }>;

interface Step {
  /** The values that were changed, by name: all of a slider's moves change the same. */
  readonly what: string;
  readonly back: readonly FromPanel[];
}

/** Notes what is sent, so that edits of the sample can be taken back. */
export interface Undo {
  sent(message: FromPanel): void;
}

const isEdit = (message: FromPanel): message is Edit => message.kind === "edit" || message.kind === "editText" || message.kind === "reset";

/** What gives an input its present values again: all that are edited, or those at some positions. */
function keep(input: EditableInput, positions?: readonly number[]): readonly FromPanel[] {
  if (input.kind === "text") return [{ kind: "editText", input: input.name, text: input.now }];
  if (input.kind !== "features") return [];
  const kept = input.features.filter(({ position, now, original }) => positions?.includes(position) ?? now !== original);
  return kept.length === 0 ? [] : [{ kind: "edit", input: input.name, changes: kept.map(({ position, now }) => [position, now]) }];
}

function stepOf(message: Edit, inputs: readonly EditableInput[]): Step {
  if (message.kind === "reset")
    return { what: "reset", back: inputs.filter((input) => input.kind !== "text" || input.now !== input.original).flatMap((input) => keep(input)) };
  const own = inputs.filter(({ name }) => name === message.input);
  if (message.kind === "editText") return { what: `${message.input}/text`, back: own.flatMap((input) => keep(input)) };
  const positions = message.changes.map(([position]) => position);
  return { what: `${message.input}/${positions.join()}`, back: own.flatMap((input) => keep(input, positions)) };
}

/** Two samples are the same when they were before any edit. */
function sampleOf(view: ExplanationView | null): string {
  const originals = view?.whatIf?.inputs.map((input) =>
    input.kind === "text" ? input.original : input.kind === "features" ? input.features.map(({ original }) => original) : "",
  );
  return JSON.stringify([view?.model, view?.row, originals]);
}

/** Takes back edits of the sample by Ctrl+Z or ⌘Z, the last one first, "Reset" too. The moves of one slider are one edit, and so is what is sent before it was answered. */
export function followUndo(view: () => ExplanationView | null, send: (message: FromPanel) => void): Undo {
  let steps: readonly Step[] = [];
  let sample = "";
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    // What is typed into fields has an undo of its own.
    if (event.target instanceof Element && event.target.closest("vscode-text-field, vscode-text-area") !== null) return;
    const last = steps.at(-1);
    if (last === undefined || sampleOf(view()) !== sample) return;
    steps = steps.slice(0, -1);
    event.preventDefault();
    for (const message of last.back) send(message);
  });
  return {
    sent: (message) => {
      if (!isEdit(message)) return;
      const shown = view();
      const here = sampleOf(shown);
      if (here !== sample) steps = [];
      sample = here;
      const step = stepOf(message, shown?.whatIf?.inputs ?? []);
      const last = steps.at(-1);
      const same = last?.what === step.what && (message.kind === "edit" || JSON.stringify(last.back) === JSON.stringify(step.back));
      if (!same && step.back.length > 0) steps = [...steps.slice(1 - most), step];
    },
  };
}
