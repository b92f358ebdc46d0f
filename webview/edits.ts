import type { FromPanel } from "../src/protocol/panelMessages.js";

interface Field extends HTMLElement {
  value: string;
}

const isField = (element: Element): element is Field => "value" in element;

/** Puts the present values into the fields; the one in the reader's hands is left alone. */
export function fillFields(root: HTMLElement): void {
  for (const field of root.querySelectorAll("[data-now]")) {
    if (!isField(field) || field.contains(document.activeElement) || field === document.activeElement) continue;
    const now = field.getAttribute("data-now") ?? "";
    if (field.value !== now) field.value = now;
  }
}

/** What a field's value asks for; null while it is no number. */
function editOf(field: Field): FromPanel | null {
  const input = field.getAttribute("data-edit") ?? "";
  const category = field.getAttribute("data-category");
  if (category !== null) return { kind: "edit", input, changes: category.split(",").map((position) => [Number(position), position === field.value ? 1 : 0]) };
  const position = field.getAttribute("data-position");
  if (position === null) return { kind: "editText", input, text: field.value };
  if (field.hasAttribute("data-text")) return { kind: "edit", input, changes: [[Number(position), field.value]] };
  const value = Number(field.value.replace("−", "-").replace(",", "."));
  return field.value.trim() === "" || !Number.isFinite(value) ? null : { kind: "edit", input, changes: [[Number(position), value]] };
}

const patienceMilliseconds = 250;
const frameMilliseconds = 16;

/** Sends what is edited: sliders at once and then with each frame, what is typed after a pause. */
export function followEdits(root: HTMLElement, send: (message: FromPanel) => void): void {
  let waiting: FromPanel | null = null;
  let timer = 0;
  const sendWaiting = (): void => {
    timer = 0;
    const message = waiting;
    waiting = null;
    if (message !== null) send(message);
  };
  const afterPause = (message: FromPanel | null): void => {
    if (message === null) return;
    waiting = message;
    window.clearTimeout(timer);
    timer = window.setTimeout(sendWaiting, patienceMilliseconds);
  };
  const withFrame = (message: FromPanel | null): void => {
    if (message === null) return;
    waiting = message;
    if (timer !== 0) return;
    sendWaiting();
    timer = window.setTimeout(() => {
      timer = 0;
      withFrame(waiting);
    }, frameMilliseconds);
  };
  root.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof Element) || !isField(field) || !field.hasAttribute("data-edit") || field.matches("vscode-dropdown")) return;
    // The number beside a slider follows the hand.
    if (field instanceof HTMLInputElement) {
      const beside = field.closest(".what-row")?.querySelector("vscode-text-field");
      if (beside !== null && beside !== undefined && isField(beside)) beside.value = String(Number(field.valueAsNumber.toPrecision(4)));
      withFrame(rounded(editOf(field)));
    } else afterPause(editOf(field));
  });
  root.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof Element && isField(field) && field.matches("vscode-dropdown[data-edit]")) withFrame(editOf(field));
  });
}

/** A slider has no use for sixteen digits. */
function rounded(message: FromPanel | null): FromPanel | null {
  if (message?.kind !== "edit") return message;
  return { ...message, changes: message.changes.map(([position, value]) => [position, typeof value === "number" ? Number(value.toPrecision(4)) : value]) };
}
