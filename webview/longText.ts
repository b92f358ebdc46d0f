import { shownText, type ShownText } from "../src/charts/shownText.js";
import { textChunk } from "../src/charts/tokenText.js";
import type { ExplanationView } from "../src/protocol/viewModel.js";

/** Colours the parts of long texts that are in sight. */
export interface LongText {
  /** What is in sight is drawn anew: the answer or the way to look at it changed. */
  redraw(): void;
}

/** The text at a path of the view: "input/NAME", "unit/NAME", "logit/NAME". Only the inputs share a scale. */
function textAt(view: ExplanationView, path: string, level: (input: string) => string | undefined): ShownText | null {
  const [place, name] = [path.slice(0, path.indexOf("/")), path.slice(path.indexOf("/") + 1)];
  const inputs = place === "unit" ? view.unit?.inputs : place === "logit" ? view.logit?.inputs : view.inputs;
  const input = inputs?.find((one) => one.name === name);
  return input?.kind === "tokens" ? shownText(input, level(name), place === "input" ? view.largest : undefined) : null;
}

/** `level` says by what the text of an input is shown: words, tokens, sentences. */
export function followLongText(root: HTMLElement, view: () => ExplanationView | null, level: (input: string) => string | undefined): LongText {
  const visible = new Set<Element>();
  const draw = (part: Element): void => {
    const shown = view();
    const text = shown === null ? null : textAt(shown, part.closest("[data-words]")?.getAttribute("data-words") ?? "", level);
    if (text !== null) part.innerHTML = textChunk(text, Number(part.getAttribute("data-chunk")));
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting && !visible.has(target)) draw(target);
        if (isIntersecting) visible.add(target);
        else visible.delete(target);
      }
    },
    { rootMargin: "600px" },
  );
  const watched = new WeakSet<Element>();
  return {
    redraw: () => {
      for (const part of visible) if (!part.isConnected) visible.delete(part);
      for (const part of root.querySelectorAll("[data-chunk]")) {
        if (!watched.has(part)) observer.observe(part);
        watched.add(part);
        if (visible.has(part)) draw(part);
        // Out of sight its colours may be those of a former answer.
        else if (part.childElementCount > 0) part.textContent = part.textContent;
      }
    },
  };
}
