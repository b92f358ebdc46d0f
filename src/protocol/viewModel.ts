import type { Diagnostic } from "../base/diagnostic.js";
import type { ExplainRequest } from "./request.js";

/** What the panel, the HTML report and the command line's tables show: plain data, complete at every update. */

/** One signed bar of a chart: a feature, a layer, a unit. */
export interface Bar {
  readonly label: string;
  /** The sample's value, formatted; "" when there is none. */
  readonly value: string;
  readonly credit: number;
  /** Half-width of the error bar; absent when there is no estimate. */
  readonly error?: number;
  /** What a click selects (a layer's value name, a unit's index); absent when nothing. */
  readonly key?: string;
}

/** One word or token with its credit. */
export interface TokenMark {
  readonly text: string;
  readonly credit: number;
  readonly error?: number;
  /** Whitespace that follows in the original text. */
  readonly after: string;
}

export type InputView =
  | { readonly kind: "features"; readonly name: string; readonly share: number; readonly bars: readonly Bar[] }
  | { readonly kind: "tokens"; readonly name: string; readonly share: number; readonly tokens: readonly TokenMark[] }
  /** Anything else: shape and the largest credits. */
  | { readonly kind: "tensor"; readonly name: string; readonly share: number; readonly dims: readonly number[]; readonly bars: readonly Bar[] };

export interface Check {
  readonly state: "good" | "poor" | "none";
  /** One sentence: can the numbers be trusted, and if not what to do. */
  readonly sentence: string;
  readonly score: number | null;
  readonly baselineScore: number | null;
  readonly delta: number | null;
  readonly points: number;
  readonly largestError: number | null;
  readonly milliseconds: number;
}

export interface LayerView {
  readonly value: string;
  readonly path: string;
  readonly units: number;
  readonly total: number;
  /** Of the change in score; null when undefined. */
  readonly share: number | null;
  /** The layer's class without its package ("Linear"), when the model tells. */
  readonly kind?: string;
  /** Where the layer is defined ("network.py:13"), when the model tells. */
  readonly source?: string;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** Why it can't be chosen; absent when it can. */
  readonly reason?: string;
}

/** A unit's drivers, shown in the same form as the inputs. */
export interface UnitView {
  readonly layer: string;
  readonly unit: string;
  readonly activation: number | null;
  /** What of the target's change in score passes through the unit: the sum of its drivers; absent when they credit the unit's own value. */
  readonly conductance?: number;
  readonly inputs: readonly InputView[];
}

/** The sample explained: everything below one prediction. */
export interface ExplanationView {
  readonly model: string;
  readonly row: number;
  readonly rows: number | null;
  /** The row in one line ("glucose 134, mass 23.8, …"). */
  readonly sample: string;
  readonly prediction: {
    readonly classes: readonly { readonly label: string; readonly score: number; readonly explained: boolean; readonly target: string }[];
    readonly sentence: string;
    /** What was predicted, alone, and how sure, as text; "" when there is no such number. */ readonly label?: string;
    readonly confidence?: string;
  };
  readonly target: string;
  readonly targets: readonly Choice[];
  readonly method: string;
  readonly methods: readonly Choice[];
  readonly baseline: string;
  readonly baselines: readonly Choice[];
  readonly check: Check;
  readonly inputs: readonly InputView[];
  readonly layers: readonly LayerView[];
  /** The chosen layer's units, signed conductance, key = unit index. */
  readonly units: {
    readonly layer: string;
    readonly bars: readonly Bar[];
    /** How many units the layer has, when only the largest are listed. */ readonly total?: number;
  } | null;
  readonly unit: UnitView | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the panel shows: always the whole state, never a change to it. */
export interface PanelState {
  readonly phase: "empty" | "running" | "done" | "failed" | "cancelled" | "stale";
  readonly message: string;
  readonly fraction?: number;
  readonly view: ExplanationView | null;
  readonly error: Diagnostic | null;
  /** What was asked; the webview keeps it with the state, so that the host can ask again after the window was reloaded. */
  readonly request?: ExplainRequest;
}

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
  | { readonly kind: "export"; readonly format: "html" | "json" | "csv" };
