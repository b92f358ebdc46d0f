import { creditOf, type PixelPlace } from "../src/charts/pixelPlace.js";
import type { ExplanationView, PixelView } from "../src/protocol/viewModel.js";

/** A pixel's column and line, from 0. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Where the cursor stands in each picture, by the picture's name. */
const cursors = new Map<string, Pixel>();

export function cursorOf(picture: string): Pixel {
  return cursors.get(picture) ?? { x: 0, y: 0 };
}

export function putCursor(picture: string, pixel: Pixel): void {
  cursors.set(picture, pixel);
}

const moves: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** The pixel that an arrow key leads to; null for other keys. */
export function stepped({ x, y }: Pixel, key: string, { width, height }: Pick<PixelView, "width" | "height">): Pixel | null {
  const move = moves[key];
  return move === undefined ? null : { x: within(x + move[0], width), y: within(y + move[1], height) };
}

/** The pixel of a grid that a pointer is at, the nearest one from outside. */
export function placeIn(grid: Element, event: MouseEvent): Pixel {
  const [width = 1, height = 1] = (grid.getAttribute("data-pixels") ?? "").split("x").map(Number);
  const area = grid.getBoundingClientRect();
  const at = (fraction: number, count: number): number => within(Math.floor(fraction * count), count);
  return { x: at((event.clientX - area.left) / area.width, width), y: at((event.clientY - area.top) / area.height, height) };
}

/** The picture behind an element, and its numbers. */
function pictureOf(box: Element, view: ExplanationView): { readonly name: string; readonly pixels: PixelView; readonly channel: number | "all" } | null {
  const name = box.getAttribute("data-image") ?? "";
  if (name === "units") {
    const maps = view.units?.maps;
    return maps === undefined ? null : { name, pixels: maps, channel: Number(box.getAttribute("data-channel-of") ?? "0") };
  }
  const input = view.inputs.find((one) => `input/${one.name}` === name);
  return input?.kind === "image" ? { name, pixels: input.pixels, channel: "all" } : null;
}

function tell(box: Element, view: ExplanationView, place: Pixel): void {
  const picture = pictureOf(box, view);
  if (picture === null) return;
  cursors.set(picture.name, place);
  const words = creditOf(picture.pixels, { ...place, channel: picture.channel } satisfies PixelPlace);
  const readout = [...document.querySelectorAll("[data-readout]")].find((one) => one.getAttribute("data-readout") === picture.name);
  if (readout !== undefined && readout.textContent !== words) readout.textContent = words;
}

function placeOf(event: MouseEvent): (Pixel & { readonly box: Element }) | null {
  const grid = event.target instanceof Element ? event.target.closest("[data-pixels]") : null;
  const box = grid?.closest("[data-image]");
  if (grid === null || box === null || box === undefined) return null;
  return { box, ...placeIn(grid, event) };
}

/** Tells the pixel under the pointer, or under a cursor that the arrow keys move; a unit's pixel is chosen by a click or Enter. */
export function followPixels(root: HTMLElement, view: () => ExplanationView | null, choose: (layer: string, unit: string) => void): void {
  const pick = (box: Element, x: number, y: number): void => {
    const units = view()?.units;
    if (box.getAttribute("data-image") === "units" && units !== null && units !== undefined)
      choose(units.layer, box.hasAttribute("data-sequence") ? `${y},${x}` : `${box.getAttribute("data-channel-of") ?? "0"},${y},${x}`);
  };
  root.addEventListener("mousemove", (event) => {
    const place = placeOf(event);
    const shown = view();
    if (place !== null && shown !== null) tell(place.box, shown, { x: place.x, y: place.y });
  });
  root.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (place !== null) pick(place.box, place.x, place.y);
  });
  root.addEventListener("keydown", (event) => {
    const shown = view();
    const box = event.target;
    if (shown === null || !(box instanceof Element) || !box.hasAttribute("data-image")) return;
    const picture = pictureOf(box, shown);
    if (picture === null) return;
    const cursor = cursorOf(picture.name);
    if (event.key === "Enter") pick(box, cursor.x, cursor.y);
    const next = stepped(cursor, event.key, picture.pixels);
    // With Shift the arrow keys choose a region.
    if (next === null || (event.shiftKey && box.querySelector("[data-region]") !== null)) return;
    event.preventDefault();
    tell(box, shown, next);
  });
}
