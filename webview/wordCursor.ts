/** Lets the arrow keys go from word to word of a text that has the focus; the word's numbers are told below it, and on hover too. */
export function followWords(root: HTMLElement): void {
  const tell = (box: Element, word: Element): void => {
    for (const other of box.querySelectorAll(".ep-current")) other.classList.remove("ep-current");
    word.classList.add("ep-current");
    const name = `words/${box.getAttribute("aria-label") ?? ""}`;
    const readout = [...root.querySelectorAll("[data-readout]")].find((one) => one.getAttribute("data-readout") === name);
    if (readout !== undefined) readout.textContent = word.getAttribute("title");
  };
  root.addEventListener("mouseover", (event) => {
    const word = event.target instanceof Element ? event.target.closest(".ep-token") : null;
    const box = word?.closest("[data-words]");
    if (word !== null && box !== null && box !== undefined) tell(box, word);
  });
  root.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!(box instanceof Element) || !box.hasAttribute("data-words")) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const words = [...box.querySelectorAll(".ep-token")];
    const at = words.findIndex((word) => word.classList.contains("ep-current"));
    const next = words[at < 0 ? 0 : Math.max(0, Math.min(words.length - 1, at + step))];
    if (next === undefined) return;
    event.preventDefault();
    tell(box, next);
    next.scrollIntoView({ block: "nearest" });
  });
}
