import { regionBetween, regionKey, regionOf, regionWords } from "../src/charts/region.js";
import type { Region } from "../src/protocol/region.js";
import type { ExplanationView, PixelView } from "../src/protocol/viewModel.js";
import { cursorOf, placeIn, putCursor, stepped, type Pixel } from "./pixelCursor.js";

/** A picture in which a region can be chosen. */
interface Picture {
  readonly id: string;
  readonly box: Element;
  readonly pixels: PixelView;
}

/** From the pixel where a region begins to the one where the hand or the cursor is. */
interface Span extends Picture {
  readonly from: Pixel;
  readonly to: Pixel;
}

interface Drag extends Span {
  readonly grid: Element;
  readonly x: number;
  readonly y: number;
  readonly moved: boolean;
}

/** Pixels of the screen that a hand trembles by. */
const tremble = 3;

/**
 * Lets the reader choose a region: drawn across a picture with mouse, pen or finger, or spanned by Shift with the arrow keys; a click, an arrow key alone or Escape
 * gives it up. It is outlined at once in all pictures of the input; `choose` gets its key, "" for none, when the hand or the key is lifted.
 */
export function followRegions(root: HTMLElement, view: () => ExplanationView | null, choose: (picture: string, region: string) => void): void {
  let drag: Drag | null = null;
  /** The last region, to be made larger or smaller by keys; `spanning` until the key is lifted. */
  let last: Span | null = null;
  let spanning = false;

  const pictureAt = (target: EventTarget | null): Picture | null => {
    const box = target instanceof Element ? target.closest("[data-image]") : null;
    const id = box?.getAttribute("data-image") ?? "";
    const input = view()?.inputs.find((one) => `input/${one.name}` === id);
    return box === null || input?.kind !== "image" || box.querySelector("[data-region]") === null ? null : { id, box, pixels: input.pixels };
  };
  const outlined = ({ box, pixels }: Picture): Region | null => regionOf(box.querySelector("[data-region]")?.getAttribute("data-region") ?? "", pixels);
  const draw = ({ box }: Picture, name: "region" | "cursor", region: Region | null): void => {
    const { left: x, top: y, width, height } = region ?? { left: 0, top: 0, width: 0, height: 0 };
    for (const line of box.querySelectorAll(`[data-outline=${name}] rect`))
      for (const [attribute, value] of Object.entries({ x, y, width, height })) line.setAttribute(attribute, String(value));
  };
  const outline = (picture: Picture, region: Region | null): void => {
    const { box, id, pixels } = picture;
    draw(picture, "region", region);
    draw(picture, "cursor", null);
    for (const layer of box.querySelectorAll("[data-region]")) layer.setAttribute("data-region", regionKey(region));
    const readout = [...root.querySelectorAll("[data-region-of]")].find((one) => one.getAttribute("data-region-of") === id);
    const check = view()?.check;
    if (readout !== undefined && check !== undefined) readout.textContent = regionWords(pixels, region, check);
  };
  const spanned = ({ from, to }: Span): Region => regionBetween(from, to);
  const giveUp = (picture: Picture): void => {
    outline(picture, null);
    choose(picture.id, "");
  };

  root.addEventListener("pointerdown", (event) => {
    const grid = event.target instanceof Element ? event.target.closest("[data-pixels]") : null;
    const picture = pictureAt(grid);
    if (grid === null || picture === null || event.button !== 0 || !event.isPrimary) return;
    const from = placeIn(grid, event);
    draw(picture, "cursor", null);
    drag = { ...picture, grid, from, to: from, x: event.clientX, y: event.clientY, moved: false };
    grid.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    if (drag === null || !event.isPrimary) return;
    const moved = drag.moved || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > tremble;
    drag = { ...drag, moved, to: placeIn(drag.grid, event) };
    if (moved) outline(drag, spanned(drag));
  });
  root.addEventListener("pointerup", (event) => {
    if (drag === null || !event.isPrimary) return;
    const drawn = drag;
    drag = null;
    putCursor(drawn.id, drawn.to);
    if (drawn.moved) {
      last = drawn;
      choose(drawn.id, regionKey(spanned(drawn)));
    } else if (outlined(drawn) !== null) giveUp(drawn);
  });
  root.addEventListener("pointercancel", () => {
    if (drag !== null) giveUp(drag);
    drag = null;
  });

  root.addEventListener("keydown", (event) => {
    const picture = event.target instanceof Element && event.target.hasAttribute("data-image") ? pictureAt(event.target) : null;
    if (picture === null) return;
    const before = outlined(picture) !== null && last?.id === picture.id ? last : { from: cursorOf(picture.id), to: cursorOf(picture.id) };
    const to = stepped(before.to, event.key, picture.pixels);
    if (to !== null && event.shiftKey) {
      event.preventDefault();
      last = { ...picture, from: before.from, to };
      spanning = true;
      putCursor(picture.id, to);
      outline(picture, spanned(last));
    } else if (to !== null || event.key === "Escape") {
      spanning = false;
      if (outlined(picture) !== null) giveUp(picture);
      const at = cursorOf(picture.id);
      draw(picture, "cursor", to === null ? null : regionBetween(at, at));
    }
  });
  root.addEventListener("focusout", (event) => {
    const picture = pictureAt(event.target);
    if (picture !== null) draw(picture, "cursor", null);
  });
  root.addEventListener("keyup", () => {
    if (spanning && last !== null) choose(last.id, regionKey(spanned(last)));
    spanning = false;
  });
}
