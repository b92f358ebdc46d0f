/** A sound as samples of −1 … 1, one list a channel. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number;
  readonly channels: readonly Float32Array[];
}

/** Most samples (all channels together) that a sound file may decode to: twenty minutes of stereo at 48 kHz. */
export const sampleLimit = 115_200_000;
