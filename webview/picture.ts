import { shownText } from "../src/charts/shownText.js";
import { tokenSvg } from "../src/charts/tokenSvg.js";
import type { FromPanel } from "../src/protocol/panelMessages.js";
import type { ExplanationView, TokenMark } from "../src/protocol/viewModel.js";
import { panelTheme } from "./theme.js";

const margin = 12;
const widestText = 760;
const sharpness = 2;

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

/** Larger parts by their words, which lines can be made of: each has the credit of its part. */
function onWords(words: readonly TokenMark[], parts: readonly TokenMark[]): readonly TokenMark[] {
  if (parts.length >= words.length) return parts;
  return words.map((word) => {
    const part = parts.find(({ span }) => span !== undefined && word.span !== undefined && span[0] <= word.span[0] && word.span[1] <= span[1]);
    return part === undefined ? word : { ...word, credit: part.credit };
  });
}

/** The charts of a section where they stand on the page; a text, which is no drawing there, is drawn. */
function partsOf(box: Element, view: ExplanationView, level: string | undefined): Part[] {
  const text = box.querySelector(".ep-tokens");
  const input = view.inputs.find(({ name }) => `input/${name}` === box.getAttribute("data-section"));
  if (text !== null && input?.kind === "tokens") {
    const holder = document.createElement("div");
    const { marks, largest } = shownText(input, level, view.largest);
    holder.innerHTML = tokenSvg(onWords(input.tokens, marks), { width: widestText, theme: panelTheme, title: `Credit of ${input.name}`, largest });
    const drawing = holder.querySelector("svg");
    return drawing === null ? [] : [{ x: 0, y: 0, width: widestText, height: Number(drawing.getAttribute("height")), text: xml(drawing) }];
  }
  const charts = [...box.querySelectorAll<SVGSVGElement>("svg.ep-chart")].filter((chart) => chart.getBoundingClientRect().width > 0);
  const areas = charts.map((chart) => chart.getBoundingClientRect());
  const left = Math.min(...areas.map((area) => area.left));
  const top = Math.min(...areas.map((area) => area.top));
  return charts.map((chart, i) => {
    const area = areas[i] ?? chart.getBoundingClientRect();
    return { x: area.left - left, y: area.top - top, width: area.width, height: area.height, text: xml(chart) };
  });
}

/** A drawing without what only a page can use, its colours as the page shows them now. */
function xml(chart: SVGSVGElement): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  for (const element of [copy, ...copy.querySelectorAll("*")])
    for (const name of ["class", "tabindex", "aria-pressed", "data-focus", "role"]) if (element !== copy || name !== "role") element.removeAttribute(name);
  const style = getComputedStyle(document.body);
  return new XMLSerializer()
    .serializeToString(copy)
    .replace(/var\((--ep-[\w-]+)\)/gu, (_, name: string) => style.getPropertyValue(name).trim().replaceAll('"', "'") || "currentColor");
}

function compose(parts: readonly Part[]): { readonly width: number; readonly height: number; readonly text: string } {
  const width = Math.ceil(Math.max(...parts.map((part) => part.x + part.width)) + 2 * margin);
  const height = Math.ceil(Math.max(...parts.map((part) => part.y + part.height)) + 2 * margin);
  const background = getComputedStyle(document.body).backgroundColor;
  const placed = parts.map(({ x, y, text }) => `<g transform="translate(${x + margin} ${y + margin})">${text}</g>`).join("");
  return {
    width,
    height,
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${background}"/>${placed}</svg>`,
  };
}

async function raster({ width, height, text }: ReturnType<typeof compose>): Promise<string> {
  const image = new Image();
  const loaded = new Promise((resolve, reject) => {
    image.addEventListener("load", resolve);
    image.addEventListener("error", reject);
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await loaded;
  const canvas = document.createElement("canvas");
  canvas.width = width * sharpness;
  canvas.height = height * sharpness;
  const context = canvas.getContext("2d");
  context?.scale(sharpness, sharpness);
  context?.drawImage(image, 0, 0);
  return canvas.toDataURL("image/png").replace(/^data:image\/png;base64,/u, "");
}

/** A section's charts as one picture file, as they are on the page now, a text at the `level` that is chosen there; null when there is nothing drawn. */
export async function pictureOf(
  root: HTMLElement,
  id: string,
  format: "svg" | "png",
  view: ExplanationView,
  level: string | undefined,
): Promise<FromPanel | null> {
  const box = [...root.querySelectorAll("[data-section]")].find((one) => one.getAttribute("data-section") === id);
  const parts = box === undefined ? [] : partsOf(box, view, level);
  if (parts.length === 0) return null;
  const whole = compose(parts);
  return { kind: "picture", name: id, format, data: format === "svg" ? whole.text : await raster(whole) };
}
