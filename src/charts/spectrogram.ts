/** How strong each frequency is at each moment: `frames` × `bins` levels, a frame's lowest frequency first. */
export interface Spectrogram {
  readonly frames: number;
  readonly bins: number;
  /** 0 (80 dB below the strongest, or less) … 255. */
  readonly levels: Uint8Array;
}

const mostFrames = 400;
const longestFrame = 512;
const shortestFrame = 16;
const decibels = 80;

/**
 * The short-time Fourier transform of a sound in logarithmic size, under a Hann window, frames half overlapping or spread evenly over long sounds. Null for sounds too short to have one.
 * Source: Allen & Rabiner 1977, https://doi.org/10.1109/PROC.1977.10770
 */
export function spectrogram(samples: readonly number[]): Spectrogram | null {
  let size = longestFrame;
  while (size > shortestFrame && size * 4 > samples.length) size /= 2;
  if (samples.length < size) return null;
  const bins = size / 2;
  const frames = Math.min(mostFrames, 1 + Math.ceil((samples.length - size) / bins));
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  const powers = new Float64Array(frames * bins);
  for (let frame = 0; frame < frames; frame++) {
    const start = frames === 1 ? 0 : Math.round((frame * (samples.length - size)) / (frames - 1));
    const real = Float64Array.from({ length: size }, (_, i) => (samples[start + i] ?? 0) * (window[i] ?? 0));
    const imaginary = new Float64Array(size);
    transform(real, imaginary);
    for (let bin = 0; bin < bins; bin++) powers[frame * bins + bin] = (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
  }
  const most = powers.reduce((a, b) => Math.max(a, b), 0);
  const level = (power: number): number => (most === 0 || power === 0 ? 0 : Math.max(0, 255 * (1 + (10 * Math.log10(power / most)) / decibels)));
  return { frames, bins, levels: Uint8Array.from(powers, level) };
}

/** The discrete Fourier transform in place, for lengths that are powers of two. Source: Cooley & Tukey 1965, https://doi.org/10.1090/S0025-5718-1965-0178586-1 */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (const part of [real, imaginary]) part.set(bitReversed(part));
  for (let size = 2; size <= n; size *= 2)
    for (let start = 0; start < n; start += size)
      for (let k = 0; k < size / 2; k++) {
        const angle = (-2 * Math.PI * k) / size;
        const [a, b] = [start + k, start + k + size / 2];
        const [re, im] = [real[b] ?? 0, imaginary[b] ?? 0];
        const turned = [re * Math.cos(angle) - im * Math.sin(angle), re * Math.sin(angle) + im * Math.cos(angle)] as const;
        for (const [part, change] of [
          [real, turned[0]],
          [imaginary, turned[1]],
        ] as const) {
          const own = part[a] ?? 0;
          part[a] = own + change;
          part[b] = own - change;
        }
      }
}

/** Each element at the place whose binary digits are its own backwards: the order in which halves can be joined in place. */
function bitReversed(part: Float64Array): Float64Array {
  const digits = Math.log2(part.length);
  return part.map((_, i) => {
    let place = 0;
    for (let digit = 0; digit < digits; digit++) place |= ((i >> digit) & 1) << (digits - 1 - digit);
    return part[place] ?? 0;
  });
}
