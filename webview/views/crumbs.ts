import { markup, type Markup } from "../../src/charts/markup.js";
import type { ExplanationView, PanelState } from "../../src/protocol/viewModel.js";
import { t } from "../../src/protocol/words.js";

/** Where one is inside the model: prediction › layer › unit, with the ways back and forward. */
export function crumbs(state: PanelState, view: ExplanationView, layerName: (value: string) => string): Markup | null {
  const { path } = state;
  if (path === undefined || view.layers.length === 0) return null;
  const step = (intent: string, sign: string, label: string, allowed: boolean): Markup =>
    markup`<vscode-button appearance="icon" data-intent="${intent}" data-value="" data-focus="${intent}" aria-label="${label}" title="${label}"${allowed ? null : markup` disabled`}>${sign}</vscode-button>`;
  const link = (intent: string, value: string, label: string, last: boolean): Markup =>
    last
      ? markup`<li aria-current="location">${label}</li>`
      : markup`<li><span role="link" tabindex="0" data-intent="${intent}" data-value="${value}" data-focus="crumb/${intent}">${label}</span></li>`;
  const { layer, unit } = path;
  const source = view.layers.find(({ value }) => value === layer)?.source;
  const line =
    layer === undefined || source === undefined
      ? null
      : markup`<span role="link" tabindex="0" class="crumb-source" data-intent="source" data-value="${layer}" data-focus="crumb/source" title="${t("Show the line that defines the layer")}">${source}</span>`;
  return markup`<nav class="crumbs" aria-label="${t("Inside the model")}">${step("back", "←", t("Back"), path.back)}${step("forward", "→", t("Forward"), path.forward)}<ol>${link("home", "", view.prediction.label === undefined || view.prediction.label === "" ? t("prediction") : view.prediction.label, layer === undefined)}${layer === undefined ? null : link("layer", layer, layerName(layer), unit === undefined)}${unit === undefined ? null : link("unit", unit, t("unit {0}", unit), true)}</ol>${line}</nav>`;
}
