import { markup, type Markup } from "../../src/charts/markup.js";
import { section } from "../../src/charts/sections/section.js";
import type { Choice, FlipChoices, FlipState, FlipView } from "../../src/protocol/viewModel.js";
import { t } from "../../src/protocol/words.js";

const toKey = "flip/to";
const inputKey = "flip/input";

function list(key: string, label: string, all: string, choices: readonly Choice[], chosen: string): Markup {
  const options = [{ id: "", label: all }, ...choices].map(
    (one) => markup`<vscode-option value="${one.id}"${one.id === chosen ? markup` selected` : null}>${one.label}</vscode-option>`,
  );
  return markup`<label class="flip-choice"><span>${label}</span><vscode-dropdown data-look="${key}" data-focus="${key}" aria-label="${label}" value="${chosen}">${options}</vscode-dropdown></label>`;
}

function button(intent: string, value: string, label: string): Markup {
  return markup`<vscode-button appearance="secondary" data-intent="${intent}" data-value="${value}" data-focus="${intent}">${label}</vscode-button>`;
}

function answer({ found, sentence, detail, rows, unit, notes }: FlipView): Markup {
  const sized = rows.some(({ size }) => size !== "");
  const lines = rows.map(
    ({ label, from, to, size }) =>
      markup`<tr data-feature="${label}"><th scope="row" dir="auto">${label}</th><td dir="auto">${from}</td><td dir="auto">${to}</td>${sized ? markup`<td>${size}</td>` : null}</tr>`,
  );
  const table =
    rows.length === 0
      ? null
      : markup`<table class="ep-table flip-table" aria-label="${t("Smallest change")}"><thead><tr><th scope="col">${t("What changes")}</th><th scope="col">${t("from")}</th><th scope="col">${t("to")}</th>${sized ? markup`<th scope="col">${t("size")}</th>` : null}</tr></thead><tbody>${lines}</tbody></table>`;
  return markup`<p data-test="flip-sentence" data-found="${found ? "true" : "false"}" role="status"><strong>${sentence}</strong></p>${table}${unit === "" ? null : markup`<p class="ep-note">${unit}</p>`}<p class="ep-note">${detail}</p>${notes.map((note) => markup`<p class="ep-note">${note}</p>`)}${found ? button("applyFlip", "", t("Apply")) : null}`;
}

function outcome(state: FlipState | undefined): Markup {
  switch (state?.phase) {
    case undefined:
      return markup`<p class="ep-note">${t("Fewest changes first, then the smallest; looked for by running the model, within what the data shows.")}</p>`;
    case "running":
      return markup`<div class="flip-running" role="status"><vscode-progress-ring aria-label="${t("Working")}"></vscode-progress-ring><span data-test="flip-progress">${state.message}</span>${button("stopFlip", "", t("Cancel"))}</div>`;
    case "done":
      return answer(state.view);
    case "failed":
      return markup`<p data-test="flip-error" role="alert">${state.message}</p>`;
  }
}

/** The search for the smallest change that flips the prediction: what is wanted, a button, and what came of it. `look`: what the reader chose under a key. */
export function flipSection(choices: FlipChoices | undefined, state: FlipState | undefined, look: (key: string) => string | undefined): Markup | null {
  if (choices === undefined) return null;
  const known = (list: readonly Choice[], key: string): string => list.find(({ id }) => id === look(key))?.id ?? "";
  const [to, input] = [known(choices.classes, toKey), known(choices.inputs, inputKey)];
  const label = choices.value ? t("Find the smallest change that reaches a value…") : t("Find the smallest change that flips the class");
  return section("flip", markup`${t("Smallest change")}`, "", [
    markup`<div class="flip-ask">${choices.classes.length > 1 ? list(toKey, t("Wanted class"), t("any other"), choices.classes, to) : null}${
      choices.inputs.length > 0 ? list(inputKey, t("May change"), t("all inputs"), choices.inputs, input) : null
    }${state?.phase === "running" ? null : button("flip", JSON.stringify({ to, input }), label)}</div>`,
    outcome(state),
  ]);
}
