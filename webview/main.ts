import type { FromPanel, PanelState } from "../src/protocol/viewModel.js";
import { connect } from "./host.js";
import { chartIntent, intent } from "./intents.js";
import { createPage } from "./page.js";
import { registerToolkit } from "./toolkit.js";
import { panel } from "./views/panel.js";

/*
 * The panel's page. Every state from the extension is complete and is drawn whole; what the reader does goes back as a small message.
 *
 * Attributes for tests, on elements that stay:
 *   [data-test=status][data-phase]            what the panel is doing (absent when done); [data-test=message], [data-test=diagnostic-message]
 *   [data-test=model|row|target|method|baseline]
 *   [data-test=prediction-label]              the predicted class or value; [data-test=prediction-confidence]
 *   [data-label][data-score][data-target]     a class; a click explains it
 *   [data-test=check][data-state]             good, poor or none; [data-test=check-sentence];
 *   [data-test=check-delta|check-score|check-baseline|check-change|check-points|check-error|check-time][data-value]   full-precision numbers
 *   [data-section="input/NAME"]               an input; in it [data-label][data-credit] a row or word, [data-error] where there is an estimate
 *   [data-test=input-share][data-input][data-share]
 *   [data-section=layers] [data-layer][data-path][data-share][data-total]   a layer; a click opens its units
 *   [data-section=units] [data-label][data-credit][data-key]                 a unit's bar, [data-unit] a unit's cell; a click shows its drivers
 *   [data-section=unit] [data-test=unit][data-unit-of][data-unit-index]      the drivers of a unit: rows as in an input
 *   [data-section=diagnostics] [data-code]
 *   [data-intent][data-value]                 controls of the header and of the status strip
 */

registerToolkit();

const page = createPage(document.getElementById("root") ?? document.body);
let state: PanelState | null = null;
let scrollToRestore: number | null = null;

const host = connect((message) => {
  state = message.state;
  if (state.request !== undefined) remember({ request: state.request });
  draw();
  if (scrollToRestore !== null && state.view !== null) {
    window.scrollTo(0, scrollToRestore);
    scrollToRestore = null;
  }
});
let memory = host.recall();
scrollToRestore = memory.scroll;

function draw(): void {
  if (state === null) return;
  document.body.dataset["phase"] = state.phase;
  page.show(panel(state, page.root.clientWidth), memory.folds);
}

function remember(change: Partial<typeof memory>): void {
  memory = { ...memory, ...change };
  host.remember(memory);
}

function send(message: FromPanel | null): void {
  if (message !== null) host.send(message);
}

function chooseInChart(event: Event): boolean {
  const button = event.target instanceof Element ? event.target.closest("[role=button][data-key]") : null;
  if (button === null || state?.view === null || state === null) return false;
  send(chartIntent(button, state.view));
  return true;
}

page.root.addEventListener("click", (event) => {
  if (chooseInChart(event)) return;
  const control = event.target instanceof Element ? event.target.closest("vscode-button[data-intent]") : null;
  if (control !== null && !control.hasAttribute("disabled")) send(intent(control.getAttribute("data-intent") ?? "", control.getAttribute("data-value") ?? ""));
});

page.root.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && chooseInChart(event)) event.preventDefault();
});

page.root.addEventListener("change", (event) => {
  const control = event.target;
  if (control instanceof HTMLElement && control.matches("vscode-dropdown[data-intent]") && "value" in control)
    send(intent(control.dataset["intent"] ?? "", String(control.value)));
});

// A section that opens by itself (a poor check) is no choice of the reader's: only clicks count, and those of the keyboard are clicks too.
page.root.addEventListener("click", (event) => {
  const details = event.target instanceof Element ? event.target.closest("summary")?.parentElement : null;
  const fold = details instanceof HTMLDetailsElement ? details.dataset["fold"] : undefined;
  // The click is on its way still: the section opens or closes after it.
  if (details instanceof HTMLDetailsElement && fold !== undefined) remember({ folds: { ...memory.folds, [fold]: !details.open } });
});

window.addEventListener("scrollend", () => {
  remember({ scroll: window.scrollY });
});

new ResizeObserver(draw).observe(page.root);

send({ kind: "ready" });
