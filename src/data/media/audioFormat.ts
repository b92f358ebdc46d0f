import type { DeclaredDim } from "../../graph/ir.js";
import type { SidecarAudio } from "../../protocol/sidecar.js";

/** How a sound becomes an input's numbers. */
export interface AudioFormat {
  /** Samples a second that the model takes; null: as the file has them. */
  readonly rate: number | null;
  readonly channels: number;
  /** Samples that the model sees, where its shape does not fix them; null: all. */
  readonly length: number | null;
  readonly scale: number;
  readonly standardise: boolean;
}

/** An audio input's format: what is said on top of what its shape tells ([N, samples], [N, channels, samples] or [samples]). */
export function audioFormat(dims: readonly DeclaredDim[] | null, said: SidecarAudio): AudioFormat {
  const second = dims?.length === 3 && typeof dims[1] === "number" ? dims[1] : 1;
  return {
    rate: said.rate ?? null,
    channels: said.channels ?? second,
    length: said.length ?? null,
    scale: said.scale ?? 1,
    standardise: said.standardise ?? false,
  };
}

/** The format in words: "16000 samples a second, 1 channel". */
export function audioWords({ rate, channels, length, scale, standardise }: AudioFormat): string {
  const range = scale === 1 ? "" : `, −${scale} to ${scale}`;
  return `${rate === null ? "samples at the file's rate" : `${rate} samples a second`}, ${channels} channel${channels === 1 ? "" : "s"}${length === null ? "" : `, the first ${length}`}${range}${standardise ? ", standardised" : ""}`;
}
