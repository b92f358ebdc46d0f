import type { Diagnostic } from "../base/diagnostic.js";
import type { Inspection, ModelOutline } from "./explanation.js";

/** What the last explanation of a model says about its layers. */
export interface LayerCredit {
  /** What was explained, for people. */
  readonly target: string;
  /** Of the change in score, by module path; null when undefined. */
  readonly shares: Readonly<Record<string, number | null>>;
  /** The range of what each layer puts out for the explained row, by module path; empty until it was measured. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
}

/** What inspecting tells beyond the outline, which has the layers. */
export type ModelAbilities = Omit<Inspection, "layers">;

/** A model as its view shows it: always the whole. */
export interface ModelViewState {
  readonly file: string;
  readonly outline: ModelOutline;
  /** Roles, methods and operators; null until the runtime has opened the model. */
  readonly inspection: ModelAbilities | null;
  /** Whether a sidecar lies beside the model. */
  readonly sidecar: boolean;
  readonly credit: LayerCredit | null;
}

/** Host → model view. */
export type ToModelView =
  { readonly kind: "model"; readonly state: ModelViewState } | { readonly kind: "reading" } | { readonly kind: "failed"; readonly diagnostic: Diagnostic };

/** Model view → host: small intents, validated by the host. */
export type FromModelView =
  | { readonly kind: "ready" }
  | { readonly kind: "explain" }
  | { readonly kind: "sidecar" }
  | { readonly kind: "retry" }
  /** Shows the line of source that defines a layer. */
  | { readonly kind: "source"; readonly layer: string }
  /** Opens the explanation at a layer. */
  | { readonly kind: "layer"; readonly layer: string };
