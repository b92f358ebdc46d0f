/** How a layer with weights divides its relevance among its inputs: z are the contributions x · w to one output, the bias is one more. */
export type LayerRule =
  /** In proportion to z. */
  | { readonly kind: "epsilon" }
  /** In proportion to z + γ z⁺. */
  | { readonly kind: "gamma"; readonly gamma: number }
  /** In proportion to z + γ z⁺ where the output is positive, z + γ z⁻ where it is negative: denominators never vanish between the two. */
  | { readonly kind: "generalizedGamma"; readonly gamma: number }
  /** α parts in proportion to z⁺, −β in proportion to z⁻; α − β = 1. */
  | { readonly kind: "alphaBeta"; readonly alpha: number; readonly beta: number }
  /** In proportion to z⁺, the bias left out: it takes nothing. */
  | { readonly kind: "zPlus" }
  /** Evenly. */
  | { readonly kind: "flat" }
  /** In proportion to w². */
  | { readonly kind: "wSquare" }
  /** In proportion to z − low · w⁺ − high · w⁻, for inputs that lie between two bounds. */
  | { readonly kind: "zBox"; readonly low: number; readonly high: number };

/** Rules by the kind of layer: a composite where they differ. */
export interface RelevanceSettings {
  readonly convolution: LayerRule;
  readonly dense: LayerRule;
  /** For the layers that no layer with weights comes before; default: by their kind. */
  readonly first?: LayerRule;
  /** Added to every denominator, away from 0. */
  readonly epsilon: number;
  /** As Captum computes: weights changed whatever the sign of their inputs, biases as they are, batch normalisation a layer of its own. */
  readonly captum: boolean;
}
