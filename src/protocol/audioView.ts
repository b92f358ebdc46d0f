/** Samples of a sound that stand side by side, [start, end): their lowest and highest value and the sum of their credits. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly low: number;
  readonly high: number;
  readonly credit: number;
}

/** A sound with its credit along time. */
export interface AudioView {
  readonly samples: readonly number[];
  /** Of equal length but for the last; together the whole sound. */
  readonly stretches: readonly Stretch[];
  /** Samples a second; absent where nothing says it. */
  readonly rate?: number;
}
