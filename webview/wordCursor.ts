import { t } from "../src/protocol/words.js";

/** What can be done with the words of a text; `path` names the text ("input/NAME"). */
export interface WordActions {
  removable(path: string): boolean;
  remove(path: string, start: number, end: number): void;
  putBack(path: string, at: number, text: string): void;
}

export interface WordCursor {
  /** The page was drawn anew: the words that were looked at are found again. */
  redraw(): void;
}

interface Place {
  readonly offset: number;
  readonly removed: boolean;
}

const words = ".ep-token, .ep-removed";

function placeOf(word: Element): Place | null {
  const removed = word.getAttribute("data-at");
  const span = word.getAttribute("data-span");
  if (removed !== null) return { offset: Number(removed), removed: true };
  return span === null ? null : { offset: Number(span.split("-")[0]), removed: false };
}

/**
 * Lets the arrow keys go from word to word of a text that has the focus; the word's numbers are told below it, and on hover too. Delete takes a word out of an
 * editable text and puts a removed one back, and so do Alt and a click, or a click and the button beside the numbers.
 */
export function followWords(root: HTMLElement, actions: WordActions): WordCursor {
  const places = new Map<string, Place>();
  /** The text whose word was clicked: the pointer on its way to the button does not choose others. */
  let held: string | null = null;

  const pathOf = (box: Element): string => box.getAttribute("data-words") ?? "";
  const readoutOf = (path: string): Element | undefined =>
    [...root.querySelectorAll("[data-readout]")].find((one) => one.getAttribute("data-readout") === `words/${path}`);

  const mark = (box: Element, word: Element): void => {
    const path = pathOf(box);
    for (const other of box.querySelectorAll(".ep-current")) other.classList.remove("ep-current");
    word.classList.add("ep-current");
    const place = placeOf(word);
    if (place === null) places.delete(path);
    else places.set(path, place);
    const readout = readoutOf(path);
    if (readout === undefined) return;
    const told = word.getAttribute("title") ?? "";
    if (readout.textContent !== told) readout.textContent = told;
    const button = readout.parentElement?.querySelector("[data-word-action]");
    button?.toggleAttribute("hidden", place === null || !actions.removable(path));
    if (button !== null && button !== undefined) button.textContent = place?.removed === true ? t("Put back") : t("Remove");
  };

  const act = (box: Element, word: Element | null): void => {
    const path = pathOf(box);
    const place = word === null ? null : placeOf(word);
    if (word === null || place === null || !actions.removable(path)) return;
    if (place.removed) {
      const text = word.getAttribute("data-text") ?? "";
      places.set(path, { offset: place.offset + text.length - text.trimStart().length, removed: false });
      actions.putBack(path, place.offset, text);
    } else {
      const end = Number(word.getAttribute("data-span")?.split("-")[1]);
      places.set(path, { offset: place.offset, removed: true });
      actions.remove(path, place.offset, end);
    }
  };

  const under = (event: Event): { readonly box: Element; readonly word: Element } | null => {
    const word = event.target instanceof Element ? event.target.closest(words) : null;
    const box = word?.closest("[data-words]");
    return word === null || box === null || box === undefined ? null : { box, word };
  };

  root.addEventListener("mouseover", (event) => {
    const found = under(event);
    if (found !== null && pathOf(found.box) !== held) mark(found.box, found.word);
  });
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-word-action]") : null;
    if (button !== null) {
      const box = [...root.querySelectorAll("[data-words]")].find((one) => pathOf(one) === button.getAttribute("data-word-action"));
      if (box !== undefined) act(box, box.querySelector(".ep-current"));
      return;
    }
    const found = under(event);
    held = null;
    // Who marks a passage to copy it chooses no word.
    if (found === null || document.getSelection()?.isCollapsed === false) return;
    mark(found.box, found.word);
    if (event instanceof MouseEvent && event.altKey) act(found.box, found.word);
    else held = pathOf(found.box);
  });
  root.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!(box instanceof Element) || !box.hasAttribute("data-words") || event.altKey || event.ctrlKey || event.metaKey) return;
    const current = box.querySelector(".ep-current");
    const removed = current !== null && placeOf(current)?.removed === true;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") held = null;
    else if (event.key === "Delete" || event.key === "Backspace" || (event.key === "Enter" && removed)) {
      event.preventDefault();
      act(box, current);
    } else if (step !== undefined) {
      const all = [...box.querySelectorAll(words)];
      const at = all.findIndex((word) => word === current);
      const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
      if (next === undefined) return;
      event.preventDefault();
      mark(box, next);
      next.scrollIntoView({ block: "nearest" });
    }
  });

  const far = (word: Element, to: Place): number => {
    const place = placeOf(word);
    return place === null ? Infinity : 2 * Math.abs(place.offset - to.offset) + (place.removed === to.removed ? 0 : 1);
  };
  return {
    redraw: () => {
      for (const box of root.querySelectorAll("[data-words]")) {
        const place = places.get(pathOf(box));
        if (place === undefined) continue;
        const nearest = [...box.querySelectorAll(words)].reduce<Element | null>(
          (best, word) => (far(word, place) < (best === null ? Infinity : far(best, place)) ? word : best),
          null,
        );
        if (nearest !== null) mark(box, nearest);
        places.set(pathOf(box), place);
      }
    },
  };
}
