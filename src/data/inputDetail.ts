import type { FeatureGroup } from "../protocol/explanation.js";

/** What one row of one input holds, for people. For tokens: as many entries as there are real tokens. */
export interface InputDetail {
  readonly labels?: readonly string[];
  /** Features that belong together. */
  readonly featureGroups?: readonly FeatureGroup[];
  readonly values: readonly (number | string)[];
  readonly spans?: readonly (readonly [number, number])[];
  /** The text the tokens come from. */
  readonly text?: string;
  /** Samples a second of a sound. */
  readonly rate?: number;
  /** Tokens the tokenizer added. */
  readonly special?: readonly boolean[];
  /** The word of the text each token is part of. */
  readonly words?: readonly (number | null)[];
  /** Where the real tokens are on the sequence axis: padding is before or after. */
  readonly start?: number;
  readonly length?: number;
}
