import type { InputView, PixelView } from "../../protocol/viewModel.js";
import { formatSmall } from "../../viewmodel/format.js";
import { imageChart, type ImageKind, type ImageLook } from "../imageChart.js";
import { Markup, markup } from "../markup.js";
import { pixelScale, planeCredits } from "../pixels.js";
import { tableAlternative, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

type Image = Extract<InputView, { kind: "image" }>;

const names = (): Readonly<Record<ImageKind, string>> => ({ original: t("Original"), heat: t("Credit"), masked: t("Masked by credit"), overlay: t("Overlay") });
const gap = 12;
const widest = 360;
/** In a document that knows no width: three stand side by side in its column. */
const fixed = 180;
const colours = ["red", "green", "blue", "alpha"];

/** How a picture is looked at, by the reader's choices under `id`. */
function lookOf(id: string, pixels: PixelView, look: (key: string) => string | undefined): ImageLook {
  const plane = Number(look(`${id}/channel`) ?? "NaN");
  return { plane: Number.isInteger(plane) && plane >= 0 && plane < pixels.channels ? plane : "all", absolute: look(`${id}/sign`) === "absolute" };
}

/** A picture's sample, credits and masked sample side by side, or credits over the sample; the pixel under the pointer or cursor is told below. */
export function imageBody(
  id: string,
  input: Image,
  title: string,
  options: SectionOptions,
): { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] } {
  const { pixels } = input;
  const { controls, look: chosen = () => undefined } = options;
  const look = lookOf(id, pixels, chosen);
  const known = pixels.values.length > 0;
  const form = known ? (chosen(`${id}/form`) ?? "side") : "heat";
  const kinds: readonly ImageKind[] = form === "overlay" ? ["overlay"] : form === "heat" ? ["heat"] : ["original", "heat", "masked"];
  const across = Math.max(1, Math.min(kinds.length, Math.floor((options.width + gap) / (150 + gap))));
  const width = Math.floor(Math.min(!options.interactive ? fixed : kinds.length === 1 ? 480 : widest, (options.width - gap * (across - 1)) / across));
  const figures = kinds.map(
    (kind) =>
      markup`<figure class="ep-figure">${new Markup(imageChart(pixels, kind, look, { ...options, width, title: `${title}: ${names()[kind].toLowerCase()}` }))}<figcaption>${names()[kind]}</figcaption></figure>`,
  );
  const scale = formatSmall(pixelScale(planeCredits(pixels, look.plane)));
  return {
    tools: [
      known
        ? controls?.pick(
            `${id}/form`,
            t("Form"),
            [
              ["side", t("Side by side")],
              ["overlay", t("Overlay")],
            ],
            form,
          )
        : null,
      controls?.pick(
        `${id}/sign`,
        t("Sign"),
        [
          ["signed", t("Signed")],
          ["absolute", t("Absolute")],
        ],
        look.absolute ? "absolute" : "signed",
      ),
      pixels.channels > 1
        ? controls?.pick(
            `${id}/channel`,
            t("Channel"),
            [
              ["all", t("All channels")] as const,
              ...Array.from({ length: pixels.channels }, (_, c) => [String(c), pixels.channels > 2 ? (colours[c] ?? String(c)) : String(c)] as const),
            ],
            String(look.plane),
          )
        : null,
      form === "overlay" ? controls?.range(`${id}/opacity`, t("Opacity"), Number(chosen(`${id}/opacity`) ?? "80")) : null,
    ],
    body: [
      markup`<div class="ep-figures" data-image="${id}"${options.interactive ? markup` tabindex="0" role="group" aria-label="${t("{0}: the arrow keys go from pixel to pixel", title)}" data-focus="${id}/image"` : null}>${figures}</div>`,
      markup`<p class="ep-note"${options.interactive ? markup` data-readout="${id}" aria-live="polite"` : null}>${look.absolute ? t("The deepest colour stands for {0}, either sign.", scale) : t("The deepest colour stands for ±{0}.", scale)}</p>`,
      tableAlternative(id, input.bars, t("Pixel"), options),
    ],
  };
}
