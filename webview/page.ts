import { morph } from "./morph.js";
import { placeNames, type Places } from "./views/panel.js";

/** The document: fixed places whose content is exchanged when it changed, keeping what the reader did to it. */
export interface Page {
  readonly root: HTMLElement;
  /** Pixels for content, without the page's padding. */
  width(): number;
  show(places: Places, folds: Readonly<Record<string, boolean>>): void;
}

/** The element that has the focus, inside shadow roots too, as it is found again after its place was written anew. */
function focusedKey(): string | null {
  return document.activeElement?.closest("[data-focus]")?.getAttribute("data-focus") ?? null;
}

function restoreFocus(root: HTMLElement, key: string): void {
  const target = [...root.querySelectorAll<HTMLElement | SVGElement>("[data-focus]")].find((element) => element.getAttribute("data-focus") === key);
  target?.focus({ preventScroll: true });
}

function restoreFolds(place: HTMLElement, folds: Readonly<Record<string, boolean>>): void {
  for (const details of place.querySelectorAll<HTMLDetailsElement>("details[data-fold]")) {
    const open = folds[details.dataset["fold"] ?? ""];
    if (open !== undefined && details.open !== open) details.open = open;
  }
}

function parsed(content: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = content;
  return template.content;
}

/** Lays out the places in `root`. */
export function createPage(root: HTMLElement): Page {
  const main = document.createElement("main");
  const columns = document.createElement("div");
  columns.className = "ep-columns";
  const [left, right] = [document.createElement("div"), document.createElement("div")];
  columns.append(left, right);
  const homes: Partial<Record<(typeof placeNames)[number], HTMLElement>> = { inputs: left, whatIf: left, trust: left, inside: right };
  const elements = placeNames.map((name) => {
    const element = document.createElement("div");
    element.dataset["place"] = name;
    (homes[name] ?? main).append(element);
    return { name, element, shown: "", tree: document.createDocumentFragment() };
  });
  elements.find(({ name }) => name === "answer")?.element.after(columns);
  root.replaceChildren(main);
  return {
    root,
    width: () => main.clientWidth,
    show(places, folds) {
      const focus = focusedKey();
      const scroll = window.scrollY;
      for (const place of elements) {
        const content = places[place.name];
        if (content === place.shown) continue;
        const tree = parsed(content);
        morph(place.tree, tree, place.element);
        place.shown = content;
        place.tree = tree;
        restoreFolds(place.element, folds);
      }
      if (focus !== null && focusedKey() !== focus) restoreFocus(root, focus);
      window.scrollTo(0, scroll);
    },
  };
}
