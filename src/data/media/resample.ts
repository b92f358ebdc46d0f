/** Zero crossings of the filter on each side, and the part of the lower rate's band that is kept: the defaults of torchaudio's resample. */
const crossings = 6;
const rolloff = 0.99;

/**
 * Samples at another rate, by a Hann-windowed sinc: ⌈n · to / from⌉ of them.
 * Source: J. O. Smith, Digital Audio Resampling, https://ccrma.stanford.edu/~jos/resample/.
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const cutoff = (Math.min(from, to) / from) * rolloff;
  const reach = crossings / cutoff;
  const length = Math.ceil((samples.length * to) / from);
  const filters = new Map<number, Float64Array>();
  const taps = 2 * Math.ceil(reach) + 1;
  const filter = (phase: number): Float64Array => {
    const known = filters.get(phase);
    if (known !== undefined) return known;
    const made = Float64Array.from({ length: taps }, (_, k) => weight(k - (taps - 1) / 2 - phase / phases, cutoff, reach));
    filters.set(phase, made);
    return made;
  };
  return Float32Array.from({ length }, (_, i) => {
    const whole = Math.floor((i * step) / phases);
    const weights = filter((i * step) % phases);
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += (samples[whole + k - (taps - 1) / 2] ?? 0) * (weights[k] ?? 0);
    return sum;
  });
}

/** The filter at a distance of `x` samples of the original rate. */
function weight(x: number, cutoff: number, reach: number): number {
  if (Math.abs(x) >= reach) return 0;
  const angle = Math.PI * x * cutoff;
  const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
  return cutoff * sinc * Math.cos((Math.PI * x) / reach / 2) ** 2;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
