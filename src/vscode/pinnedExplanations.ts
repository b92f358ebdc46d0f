import type { Explanation, Inspection } from "../protocol/explanation.js";
import type { ComparisonView } from "../protocol/viewModel.js";
import { comparisonView, type Pin } from "../viewmodel/compare.js";

/** The oldest goes first. */
const mostPins = 6;

/** Explanations kept to be compared with others, and which of them is compared now. */
export class PinnedExplanations {
  #pins: readonly Pin[] = [];
  #chosen: string | undefined;
  #next = 1;

  pin(explanation: Explanation): void {
    const id = String(this.#next++);
    this.#pins = [...this.#pins, { id, explanation }].slice(-mostPins);
    this.#chosen = id;
  }

  unpin(id: string): void {
    this.#pins = this.#pins.filter((pin) => pin.id !== id);
  }

  choose(id: string): void {
    this.#chosen = id;
  }

  /** The chosen pin beside what is shown; null while there is nothing to compare. */
  beside(explanation: Explanation | undefined, inspection: Inspection | undefined): ComparisonView | null {
    return explanation === undefined ? null : comparisonView(this.#pins, this.#chosen, explanation, inspection);
  }
}
