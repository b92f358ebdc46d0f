import { basename } from "node:path";
import { limitOf, overLimit } from "../../base/limits.js";

/** A sound as samples of −1 … 1, one list a channel. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number;
  readonly channels: readonly Float32Array[];
}

/** Throws SAMPLES_INVALID when a sound has, or announces, more samples (all channels together) than the limit. */
export function checkSamples(count: number, file: string): void {
  if (count > limitOf("soundSamples"))
    throw overLimit("soundSamples", `${basename(file)} has`, count, { code: "SAMPLES_INVALID", file, hint: "Cut out the part to explain." });
}
