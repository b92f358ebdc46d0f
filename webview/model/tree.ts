import type { LayerCredit } from "../../src/protocol/modelView.js";
import { element } from "./dom.js";
import { totalParameters, visibleRows, type OutlineRow } from "./outline.js";

const rowHeight = 24;
/** Rows drawn above and below those in sight. */
const spare = 12;

/** What a person does with a row. */
export interface TreeActions {
  source(layer: string): void;
  layer(layer: string): void;
}

/** The outline as a tree of which only the rows in sight exist: a model of thousands of layers scrolls like a small one. By keyboard as trees are used. */
export class OutlineTree {
  readonly root = element("div", { class: "outline", role: "tree", tabindex: "0", "aria-label": "Layers" });
  readonly #space = element("div", { class: "outline-space", role: "presentation" });
  readonly #folded = new Set<string>();
  #rows: readonly OutlineRow[] = [];
  #shown: readonly OutlineRow[] = [];
  #credit: LayerCredit | null = null;
  #search = "";
  #active = "";
  #parameters = 0;

  constructor(private readonly actions: TreeActions) {
    this.root.append(this.#space);
    this.root.addEventListener("scroll", () => this.#draw());
    this.root.addEventListener("click", (event) => this.#click(event));
    this.root.addEventListener("keydown", (event) => {
      if (this.#key(event.key)) event.preventDefault();
    });
    new ResizeObserver(() => this.#draw()).observe(this.root);
  }

  get count(): number {
    return this.#shown.length;
  }

  show(rows: readonly OutlineRow[], credit: LayerCredit | null): void {
    this.#rows = rows;
    this.#credit = credit;
    this.#parameters = totalParameters(rows);
    this.#update();
  }

  search(text: string): void {
    this.#search = text;
    this.root.scrollTop = 0;
    this.#update();
  }

  #update(): void {
    this.#shown = visibleRows(this.#rows, this.#folded, this.#search);
    this.#space.style.height = `${this.#shown.length * rowHeight}px`;
    if (!this.#shown.some(({ path }) => path === this.#active)) this.#active = this.#shown[0]?.path ?? "";
    this.#draw();
  }

  #draw(): void {
    const first = Math.max(0, Math.floor(this.root.scrollTop / rowHeight) - spare);
    const last = Math.min(this.#shown.length, Math.ceil((this.root.scrollTop + this.root.clientHeight) / rowHeight) + spare);
    this.#space.replaceChildren(...this.#shown.slice(first, last).map((row, i) => this.#row(row, first + i)));
    this.root.setAttribute("aria-activedescendant", `row-${this.#shown.findIndex(({ path }) => path === this.#active)}`);
  }

  #row(row: OutlineRow, at: number): HTMLElement {
    const { layer, path, children } = row;
    const open = this.#search !== "" || !this.#folded.has(path);
    const share = this.#credit?.shares[path];
    const source = layer?.source ?? null;
    const kind = layer?.class?.split(".").at(-1) ?? layer?.operators.slice(0, 3).join(", ") ?? "";
    const made = element(
      "div",
      {
        id: `row-${at}`,
        class: `row${path === this.#active ? " active" : ""}`,
        role: "treeitem",
        "aria-level": String(row.depth + 1),
        "aria-setsize": String(this.#shown.length),
        "aria-posinset": String(at + 1),
        "aria-selected": String(path === this.#active),
        "data-path": path,
        ...(children.length > 0 ? { "aria-expanded": String(open) } : {}),
      },
      element(
        "span",
        { class: "name", title: path },
        element("span", { class: "twist", "aria-hidden": "true" }, children.length === 0 ? "" : open ? "▾" : "▸"),
        row.name,
      ),
      element("span", { class: "kind", title: layer?.operators.join(", ") ?? "" }, kind),
      element("span", { class: "shape" }, shapeText(layer?.dims)),
      element("span", { class: "parameters" }, this.#parametersText(layer?.parameters ?? 0)),
      element("span", { class: "range", title: "Least and largest value for the explained row" }, rangeText(this.#credit?.ranges[path])),
      element("span", { class: "credit" }, share === undefined ? "" : this.#shareBar(share)),
      source === null ? element("span", { class: "source" }) : sourceLink(source),
    );
    made.style.top = `${at * rowHeight}px`;
    made.style.setProperty("--depth", String(row.depth));
    return made;
  }

  #shareBar(share: number | null): HTMLElement {
    if (share === null) return element("span", {}, "n/a");
    const bar = element("span", { class: share < 0 ? "bar against" : "bar for" });
    bar.style.setProperty("--share", String(Math.min(1, Math.abs(share))));
    return element("button", { class: "share", "data-action": "layer", tabindex: "-1", title: "Open in the explanation" }, bar, percent(share));
  }

  #parametersText(count: number): string {
    return count === 0 ? "" : `${count.toLocaleString("en")}${this.#parameters === 0 ? "" : ` · ${percent(count / this.#parameters)}`}`;
  }

  #click(event: Event): void {
    if (!(event.target instanceof Element)) return;
    const path = event.target.closest("[data-path]")?.getAttribute("data-path");
    if (path === null || path === undefined) return;
    const action = event.target.closest("[data-action]")?.getAttribute("data-action");
    this.#active = path;
    if (action === "source") this.actions.source(path);
    else if (action === "layer") this.actions.layer(path);
    else this.#toggle(path);
    this.#update();
  }

  #toggle(path: string): void {
    if (!this.#folded.delete(path)) this.#folded.add(path);
  }

  /** Whether the key meant something. */
  #key(key: string): boolean {
    const at = this.#shown.findIndex(({ path }) => path === this.#active);
    const row = this.#shown[at];
    const page = Math.max(1, Math.floor(this.root.clientHeight / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: this.#shown.length - 1,
      PageDown: at + page,
      PageUp: at - page,
    };
    const to = steps[key];
    if (to !== undefined) this.#move(to);
    else if (row === undefined) return false;
    else if (key === "ArrowLeft" && row.children.length > 0 && !this.#folded.has(row.path)) this.#folded.add(row.path);
    else if (key === "ArrowLeft") this.#move(this.#shown.findLastIndex((other, i) => i < at && other.depth < row.depth));
    else if (key === "ArrowRight" && this.#folded.has(row.path)) this.#folded.delete(row.path);
    else if (key === "ArrowRight" && row.children.length > 0) this.#move(at + 1);
    else if (key === "Enter" && row.layer?.source != null) this.actions.source(row.path);
    else if (key === " " && this.#credit?.shares[row.path] !== undefined) this.actions.layer(row.path);
    else return false;
    this.#update();
    return true;
  }

  #move(to: number): void {
    const at = Math.max(0, Math.min(this.#shown.length - 1, to));
    this.#active = this.#shown[at]?.path ?? "";
    const top = at * rowHeight;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    if (top + rowHeight > this.root.scrollTop + this.root.clientHeight) this.root.scrollTop = top + rowHeight - this.root.clientHeight;
  }
}

/** "−1.2 … 3.4": three digits are enough to see a layer that is dead or runs away. */
function rangeText(range: readonly [number, number] | undefined): string {
  const short = (x: number): string => String(Number(x.toPrecision(3))).replace("-", "−");
  return range === undefined ? "" : `${short(range[0])} … ${short(range[1])}`;
}

/** 0.642 → "64 %"; what is less than a half says so instead of reading zero. */
function percent(fraction: number): string {
  const rounded = Math.round(fraction * 100);
  return rounded === 0 && fraction !== 0 ? "< 1 %" : `${rounded < 0 ? "−" : ""}${Math.abs(rounded)} %`;
}

/** "[batch, 5]"; "" when nothing is known. */
export function shapeText(dims: readonly (number | string | null)[] | null | undefined): string {
  return dims == null ? "" : `[${dims.map((dim) => dim ?? "?").join(", ")}]`;
}

function sourceLink(source: { readonly file: string; readonly definition: number | null; readonly differs?: true }): HTMLElement {
  const text = `${source.file}${source.definition === null ? "" : `:${source.definition}`}`;
  const title = source.differs === true ? "The source differs from the exported model" : "Show the line that defines it";
  return element(
    "span",
    { class: "source" },
    element("button", { class: "link", "data-action": "source", tabindex: "-1", title }, `${source.differs === true ? "≠ " : ""}${text}`),
  );
}
