import type { MeasureName } from "./names.js";
import type { Region, RegionEdit } from "./region.js";
import type { ManyLook, PanelState, TableQuery } from "./viewModel.js";

/** Host → webview. */
export type ToPanel = { readonly kind: "state"; readonly state: PanelState };

/** Webview → host: small intents, validated by the host. */
export type FromPanel =
  | { readonly kind: "ready" }
  | { readonly kind: "target"; readonly target: string }
  | { readonly kind: "method"; readonly method: string }
  | { readonly kind: "baseline"; readonly baseline: string }
  | { readonly kind: "row"; readonly row: number }
  | { readonly kind: "layer"; readonly layer: string }
  /** Shows the line of source that defines the layer. */
  | { readonly kind: "source"; readonly layer: string }
  | { readonly kind: "unit"; readonly layer: string; readonly unit: string }
  | { readonly kind: "cancel" }
  | { readonly kind: "retry" }
  /** The class that the target is compared with; "" for none. */
  | { readonly kind: "versus"; readonly versus: string }
  /** Chosen from lists and boxes of the editor: there may be a thousand classes. */
  | { readonly kind: "ask"; readonly what: "target" | "versus" | "baseline" | "columns" }
  | { readonly kind: "isolated" }
  | { readonly kind: "back" }
  | { readonly kind: "forward" }
  /** Out of the layer and the unit, to the prediction as a whole. */
  | { readonly kind: "home" }
  /** New values for elements of an input, by position. */
  | { readonly kind: "edit"; readonly input: string; readonly changes: readonly (readonly [position: number, value: number | string])[] }
  | ({ readonly kind: "region"; readonly input: string; readonly what: RegionEdit } & Region)
  | { readonly kind: "editText"; readonly input: string; readonly text: string }
  | { readonly kind: "reset" }
  /** Takes a measure of how far the answer can be trusted, or all that are missing. */
  | { readonly kind: "measure"; readonly measure: MeasureName | "all" }
  | { readonly kind: "stopMeasuring" }
  /** Looks for the smallest change that flips the prediction; `to`: a class or a value, "" for any other class; `input`: the only one that may change, "" for any. */
  | { readonly kind: "flip"; readonly to: string; readonly input: string }
  | { readonly kind: "stopFlip" }
  /** Makes the change that was found the edits of the sample. */
  | { readonly kind: "applyFlip" }
  | { readonly kind: "pin" }
  | { readonly kind: "unpin"; readonly pin: string }
  | { readonly kind: "compare"; readonly pin: string }
  | { readonly kind: "table"; readonly query: TableQuery }
  /** Explains the rows that the table's filter leaves, or stops that; takes what came of it away; the whole file as a data set. */
  | { readonly kind: "many"; readonly what: "start" | "stop" | "csv" | "command" | "dataset" }
  | { readonly kind: "manyLook"; readonly look: ManyLook }
  | { readonly kind: "copy"; readonly what: "markdown" | "command" | "python" }
  /** A chart as the page drew it: SVG text, or a PNG's data in base 64. */
  | { readonly kind: "picture"; readonly name: string; readonly format: "svg" | "png"; readonly data: string }
  | { readonly kind: "export"; readonly format: "html" | "json" | "csv" };
