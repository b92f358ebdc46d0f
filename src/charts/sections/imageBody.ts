import type { Check, InputView, PixelView } from "../../protocol/viewModel.js";
import { formatSmall } from "../../viewmodel/format.js";
import { imageChart, type ImageKind, type ImageLook } from "../imageChart.js";
import { Markup, markup } from "../markup.js";
import { pixelScale, planeCredits } from "../pixels.js";
import { regionOf } from "../region.js";
import { regionLine } from "./regionLine.js";
import { tableAlternative, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

type Image = Extract<InputView, { kind: "image" }>;

const names = (): Readonly<Record<ImageKind, string>> => ({ original: t("Original"), heat: t("Credit"), masked: t("Masked by credit"), overlay: t("Overlay") });
const formerNames = (): Readonly<Record<Exclude<ImageKind, "masked">, string>> => ({
  original: t("Before the edit"),
  heat: t("Credit before the edit"),
  overlay: t("Overlay before the edit"),
});
const gap = 12;
const widest = 360;
/** In a document that knows no width: three stand side by side in its column. */
const fixed = 180;
const colours = ["red", "green", "blue", "alpha"];

/** How a picture is looked at, by the reader's choices under `id`; beside a former one with the same colours for both. */
function lookOf(id: string, { pixels, former }: Image, look: (key: string) => string | undefined): ImageLook & { readonly scale: number } {
  const chosen = Number(look(`${id}/channel`) ?? "NaN");
  const plane = Number.isInteger(chosen) && chosen >= 0 && chosen < pixels.channels ? chosen : "all";
  const scales = [pixels, ...(former === undefined ? [] : [former])].map((one) => pixelScale(planeCredits(one, plane)));
  return { plane, absolute: look(`${id}/sign`) === "absolute", scale: Math.max(...scales) };
}

function figures(
  pixels: PixelView,
  kinds: readonly (readonly [ImageKind, caption: string])[],
  look: ImageLook,
  title: string,
  options: SectionOptions,
): Markup {
  return markup`${kinds.map(
    ([kind, caption]) =>
      markup`<figure class="ep-figure">${new Markup(imageChart(pixels, kind, look, { ...options, title: `${title}: ${caption.toLowerCase()}` }))}<figcaption>${caption}</figcaption></figure>`,
  )}`;
}

/**
 * A picture's sample, credits and masked sample side by side, or credits over the sample; before an edit the same below. The pixel under the pointer or cursor is told,
 * and with a `check` also a region that is chosen.
 */
export function imageBody(
  id: string,
  input: Image,
  title: string,
  options: SectionOptions,
  check?: Check,
): { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] } {
  const { pixels, former } = input;
  const { controls, look: chosen = () => undefined } = options;
  const hasRegions = check !== undefined && options.interactive;
  const look = { ...lookOf(id, input, chosen), ...(hasRegions ? { region: regionOf(chosen(`${id}/region`), pixels) } : {}) };
  const known = pixels.values.length > 0;
  const form = known ? (chosen(`${id}/form`) ?? "side") : "heat";
  const kinds: readonly ImageKind[] = form === "overlay" ? ["overlay"] : form === "heat" ? ["heat"] : ["original", "heat", "masked"];
  const across = Math.max(1, Math.min(kinds.length, Math.floor((options.width + gap) / (150 + gap))));
  const width = Math.floor(Math.min(!options.interactive ? fixed : kinds.length === 1 ? 480 : widest, (options.width - gap * (across - 1)) / across));
  const sized = { ...options, width };
  const words = { ...names(), ...(former === undefined ? {} : { original: t("Edited") }) };
  const now = figures(
    pixels,
    kinds.map((kind) => [kind, words[kind]] as const),
    look,
    title,
    sized,
  );
  const before = kinds.filter((kind) => kind !== "masked").map((kind) => [kind, formerNames()[kind]] as const);
  const scale = formatSmall(look.scale);
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
      markup`<div class="ep-figures" data-image="${id}"${options.interactive ? markup` tabindex="0" role="group" aria-label="${t("{0}: the arrow keys go from pixel to pixel, with Shift they choose a region", title)}" data-focus="${id}/image"` : null}>${now}</div>`,
      former === undefined ? null : markup`<div class="ep-figures ep-former" data-former="${id}">${figures(former, before, look, title, sized)}</div>`,
      markup`<p class="ep-note"${options.interactive ? markup` data-readout="${id}" aria-live="polite"` : null}>${look.absolute ? t("The deepest colour stands for {0}, either sign.", scale) : t("The deepest colour stands for ±{0}.", scale)}</p>`,
      hasRegions ? regionLine(id, input, check, options) : null,
      tableAlternative(id, input.bars, t("Pixel"), options),
    ],
  };
}
