import type { FromModelView, ModelViewState, ToModelView } from "../../src/protocol/modelView.js";
import { element } from "./dom.js";
import { outlineOf } from "./outline.js";
import { abilities, header, values } from "./overview.js";
import { OutlineTree } from "./tree.js";

/*
 * The page of the model view. Attributes for tests: body[data-view=reading|model|failed], [data-intent], .outline [data-path], .search, .count.
 */

declare function acquireVsCodeApi(): { postMessage(message: FromModelView): void };

const api = acquireVsCodeApi();
const send = (message: FromModelView): void => api.postMessage(message);
const page = document.getElementById("root") ?? document.body;
const tree = new OutlineTree({ source: (layer) => send({ kind: "source", layer }), layer: (layer) => send({ kind: "layer", layer }) });
const search = element("input", { class: "search", type: "search", placeholder: "Search layers, classes, operators, files", "aria-label": "Search layers" });
const count = element("span", { class: "count", role: "status" });
const top = element("div");
const below = element("div");
const outline = element(
  "section",
  { class: "layers", "aria-label": "Layers" },
  element("div", { class: "tools" }, element("h2", {}, "Layers"), search, count),
  tree.root,
);

function showModel(state: ModelViewState): void {
  const { outline: model, inspection, credit } = state;
  top.replaceChildren(header(state), values(state));
  below.replaceChildren(inspection === null ? element("p", { class: "facts", role: "status" }, "Finding out which methods work …") : abilities(inspection));
  tree.show(outlineOf(model.layers), credit);
  showCount(credit?.target);
}

function showCount(target?: string): void {
  count.textContent = `${tree.count} shown${target === undefined || target === "" ? "" : ` · credit for ${target}`}`;
}

function showFailure(message: string, hint: string | undefined): void {
  const retry = element("button", { class: "primary", "data-intent": "retry" }, "Try again");
  top.replaceChildren(
    element("div", { class: "failure", role: "alert" }, element("p", {}, message), hint === undefined ? null : element("p", { class: "facts" }, hint), retry),
  );
}

function isMessage(data: unknown): data is ToModelView {
  return (
    typeof data === "object" &&
    data !== null &&
    "kind" in data &&
    (data.kind === "reading" || ("state" in data && data.kind === "model") || ("diagnostic" in data && data.kind === "failed"))
  );
}

window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  if (!isMessage(data)) return;
  document.body.dataset["view"] = data.kind;
  if (data.kind === "reading") top.replaceChildren(element("p", { class: "facts", role: "status" }, "Reading the model …"));
  if (data.kind === "model") showModel(data.state);
  if (data.kind === "failed") showFailure(data.diagnostic.message, data.diagnostic.hint);
  outline.hidden = data.kind !== "model";
  below.hidden = data.kind !== "model";
});

search.addEventListener("input", () => {
  tree.search(search.value);
  showCount();
});
search.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") tree.root.focus();
});

page.addEventListener("click", (event) => {
  const intent = event.target instanceof Element ? event.target.closest("[data-intent]")?.getAttribute("data-intent") : null;
  if (intent === "explain" || intent === "sidecar" || intent === "retry") send({ kind: intent });
});

outline.hidden = true;
below.hidden = true;
page.replaceChildren(top, outline, below);
send({ kind: "ready" });
