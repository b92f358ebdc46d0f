import { textChunk } from "../src/charts/tokenText.js";
import type { ExplanationView } from "../src/protocol/viewModel.js";

/** Colours the parts of long texts that are in sight. */
export interface LongText {
  /** What is in sight is drawn anew: the answer or the way to look at it changed. */
  redraw(): void;
}

/** `level` says whether an input is shown by its tokens rather than by words. */
export function followLongText(root: HTMLElement, view: () => ExplanationView | null, byTokens: (input: string) => boolean): LongText {
  const visible = new Set<Element>();
  const draw = (part: Element): void => {
    const name = part.closest("[data-section]")?.getAttribute("data-section") ?? "";
    const shown = view();
    const input = shown?.inputs.find((one) => `input/${one.name}` === name);
    if (shown === null || input?.kind !== "tokens") return;
    const tokens = byTokens(input.name) ? (input.pieces ?? input.tokens) : input.tokens;
    part.innerHTML = textChunk(tokens, Number(part.getAttribute("data-chunk")), { largest: shown.largest });
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
