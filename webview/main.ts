import type { ManyView } from "../src/protocol/manyView.js";
import type { FromPanel } from "../src/protocol/panelMessages.js";
import type { ExplanationView, ManyLook, PanelState, TableQuery } from "../src/protocol/viewModel.js";
import { speak } from "../src/protocol/words.js";
import { fillFields, followEdits } from "./edits.js";
import { followDots } from "./dotCursor.js";
import { followGroups } from "./groupRows.js";
import { connect } from "./host.js";
import { chartIntent, intent } from "./intents.js";
import { createPage } from "./page.js";
import { textEdits } from "./textEdits.js";
import { pictureOf } from "./picture.js";
import { followLongText } from "./longText.js";
import { followPixels } from "./pixelCursor.js";
import { followRegions } from "./regions.js";
import { registerToolkit } from "./toolkit.js";
import { panel } from "./views/panel.js";
import { firstQuery } from "./views/samples.js";
import { followTime } from "./timeCursor.js";
import { followUndo } from "./undo.js";
import { followWords } from "./wordCursor.js";

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
 *   body[data-lag]                            all or inside: what is still of the former question
 *   body[data-partial]                        the picture is a first one, still being refined
 *   [data-look][data-value]                   a way to look at a chart (form, scale, level); [data-step] a step of a waterfall, [data-end] its ends; [data-rest] the summed rest
 *   [data-group][aria-expanded]               the row of features that belong together; a click opens it
 *   [data-test=shares] [data-share-of][data-share][data-net]
 *   [data-section=isolated] [data-test=isolated-sentence]
 *   [data-section=what-if] [data-test=what-if][data-edited][data-before][data-now]; [data-edit][data-position] a field or slider
 *   [data-section=samples] [data-sample][data-predicted][data-right]; [data-go] explains a row; [data-sort]; [data-test=table-count|table-page]
 *   [data-section=many] [data-test=many-progress|many-error]; in it [data-label][data-credit], [data-swarm] circle[data-key] a dot; a click explains its row
 *   [data-section=comparison] [data-test=comparison-sentence]; [data-label][data-first][data-second]; [data-rank-correlation]
 *   [data-words] a text; in it [data-label][data-credit][data-span] a word and [data-at][data-text] a removed one; [data-word-action] removes or puts back
 *   [data-image] [data-pixels][data-kind]     a picture; [data-readout] what is told of a pixel or word, [data-region-of] of a region; [data-region] its outline, [data-former] the pictures before an edit; [data-channel] a channel of a layer
 *   [data-sound] a sound; in it [data-stretch] a stretch of time, marked in all its charts; [data-readout="sound/…"] what is told of it
 *   [data-section=token-layers] [data-row] [data-token][data-value]
 *   [data-picture][data-format]               saves a section's charts; nav.crumbs is the way inside the model
 *   [data-intent][data-value]                 controls of the header and of the status strip
 */

registerToolkit();
speak(JSON.parse(document.getElementById("root")?.dataset["words"] ?? "{}") as Readonly<Record<string, string>>);

const sorts = ["row", "score", "predicted", "label"] as const;
const page = createPage(document.getElementById("root") ?? document.body);
let state: PanelState | null = null;
let many: ManyView | null = null;
let scrollToRestore: number | null = null;

const view = (): ExplanationView | null => state?.view ?? null;
const longText = followLongText(page.root, view, (input) => memory.looks[`input/${input}/level`]);
const texts = textEdits(view, send);
const wordCursor = followWords(page.root, texts);
const undo = followUndo(view, (message) => {
  host.send(message);
});

const host = connect((message) => {
  if (message.kind === "many") {
    many = message.many;
    return draw();
  }
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
  document.body.toggleAttribute("data-partial", state.view?.check.state === "partial");
  document.body.dataset["lag"] = state.lag ?? "";
  page.show(panel(state, page.width(), memory.looks, memory.folds, many), memory.folds);
  fillFields(page.root);
  texts.answered();
  longText.redraw();
  wordCursor.redraw();
}

function remember(change: Partial<typeof memory>): void {
  memory = { ...memory, ...change };
  host.remember(memory);
}

function send(message: FromPanel | null): void {
  if (message === null) return;
  undo.sent(message);
  host.send(message);
}

/** Another way to look at what is there: the page's own business, but for the table and the pins, whose data the extension has. */
function look(key: string, value: string): void {
  if (key === "comparison/pin") return send({ kind: "compare", pin: value });
  if (key.startsWith("many/")) return lookAtMany(key.slice("many/".length), value);
  if (key.startsWith("table/")) return ask(key.slice("table/".length), value);
  remember({ looks: { ...memory.looks, [key]: value } });
  draw();
}

function ask(part: string, value: string): void {
  const query = state?.table?.query ?? firstQuery;
  const only: TableQuery["only"] = value === "wrong" || value === "right" ? value : "all";
  const change: Partial<TableQuery> = part === "search" ? { search: value } : part === "only" ? { only } : { predicted: value };
  send({ kind: "table", query: { ...query, ...change, from: 0 } });
}

function lookAtMany(part: string, value: string): void {
  if (many === null) return;
  const change: Partial<ManyLook> = part === "search" ? { search: value } : part === "most" ? { most: Number(value) } : { group: value };
  send({ kind: "manyLook", look: { ...many.look, ...change } });
}

function sortBy(sort: TableQuery["sort"]): void {
  const query = state?.table?.query ?? firstQuery;
  send({ kind: "table", query: { ...query, from: 0, sort, descending: query.sort === sort && !query.descending } });
}

function chooseInChart(event: Event): boolean {
  const button = event.target instanceof Element ? event.target.closest("[role=button][data-key]") : null;
  const shown = view();
  if (button === null || shown === null) return false;
  const channel = button.getAttribute("data-channel");
  if (channel !== null) look("units/channel", channel);
  else send(chartIntent(button, shown));
  return true;
}

/** What a click on something that is neither a widget nor a chart means. */
function choosePlain(event: Event): boolean {
  const element = event.target instanceof Element ? event.target.closest("[data-sort], [data-go], [data-intent][role=link]") : null;
  if (element === null) return false;
  const sort = sorts.find((one) => one === element.getAttribute("data-sort"));
  if (sort !== undefined) sortBy(sort);
  else if (element.hasAttribute("data-go")) send(intent("row", element.getAttribute("data-go") ?? ""));
  else if (element.getAttribute("data-intent") === "unit") return true;
  else send(intent(element.getAttribute("data-intent") ?? "", element.getAttribute("data-value") ?? ""));
  return true;
}

async function savePicture(button: Element): Promise<void> {
  const shown = view();
  if (shown === null) return;
  const format = button.getAttribute("data-format") === "png" ? "png" : "svg";
  const section = button.getAttribute("data-picture") ?? "";
  send(await pictureOf(page.root, section, format, shown, memory.looks[`${section}/level`]));
}

page.root.addEventListener("click", (event) => {
  if (chooseInChart(event) || choosePlain(event)) return;
  const control = event.target instanceof Element ? event.target.closest("vscode-button") : null;
  if (control === null || control.hasAttribute("disabled")) return;
  const { intent: name, value = "", look: key, picture, page: from } = (control as HTMLElement).dataset;
  if (name !== undefined) send(intent(name, value));
  else if (key !== undefined) look(key, value);
  else if (picture !== undefined) void savePicture(control);
  else if (from !== undefined) send({ kind: "table", query: { ...(state?.table?.query ?? firstQuery), from: Math.max(0, Number(from)) } });
});

page.root.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && (chooseInChart(event) || choosePlain(event))) event.preventDefault();
  if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    event.preventDefault();
    send({ kind: event.key === "ArrowLeft" ? "back" : "forward" });
  }
});

page.root.addEventListener("change", (event) => {
  const control = event.target;
  if (!(control instanceof HTMLElement) || !control.matches("vscode-dropdown") || !("value" in control)) return;
  const { intent: name, look: key } = control.dataset;
  if (name !== undefined) send(intent(name, String(control.value)));
  else if (key !== undefined) look(key, String(control.value));
});

page.root.addEventListener("input", (event) => {
  const control = event.target;
  if (!(control instanceof HTMLElement) || !("value" in control)) return;
  const { look: key } = control.dataset;
  if (key === undefined || control.matches("vscode-dropdown")) return;
  if (key.endsWith("/opacity")) document.documentElement.style.setProperty("--ep-overlay", String(Number(control.value) / 100));
  look(key, String(control.value));
});

followTime(page.root);
followPixels(page.root, view, (layer, unit) => send({ kind: "unit", layer, unit }));
followRegions(page.root, view, (picture, region) => look(`${picture}/region`, region));
followDots(page.root, (row) => send({ kind: "row", row }));
followGroups(page.root, look);
followEdits(page.root, send);

// A section that opens by itself (a poor check) is no choice of the reader's: only clicks count, and those of the keyboard are clicks too.
page.root.addEventListener("click", (event) => {
  const details = event.target instanceof Element ? event.target.closest("summary")?.parentElement : null;
  const fold = details instanceof HTMLDetailsElement ? details.dataset["fold"] : undefined;
  if (!(details instanceof HTMLDetailsElement) || fold === undefined) return;
  // The click is on its way still: the section opens or closes after it.
  remember({ folds: { ...memory.folds, [fold]: !details.open } });
  // What a folded table would hold is not made before somebody looks.
  if (fold.endsWith("/table") || fold === "many") draw();
  if (fold === "samples" && !details.open && (state?.table ?? null) === null) send({ kind: "table", query: firstQuery });
});

window.addEventListener("scrollend", () => {
  remember({ scroll: window.scrollY });
});

new ResizeObserver(draw).observe(page.root);

send({ kind: "ready" });
