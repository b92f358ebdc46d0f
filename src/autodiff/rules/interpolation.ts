/** How Resize reads one axis. Source: https://onnx.ai/onnx/operators/onnx__Resize.html */
export interface Interpolation {
  readonly mode: "nearest" | "linear" | "cubic";
  readonly coordinates: string;
  readonly nearestMode: string;
  readonly cubicCoefficient: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

interface Axis {
  readonly size: number;
  readonly resized: number;
  readonly scale: number;
  /** Start and end of the region of interest, as a share of the axis (tf_crop_and_resize). */
  readonly region: readonly [number, number];
}

/** Resize of one axis as a matrix [resized, size]: row o holds the weights of the input positions that output o reads. */
export function resizeMatrix(axis: Axis, how: Interpolation): Float64Array {
  const { size, resized } = axis;
  const matrix = new Float64Array(resized * size);
  const clamp = (i: number): number => Math.min(Math.max(i, 0), size - 1);
  for (let o = 0; o < resized; o++) {
    const add = (i: number, weight: number): void => {
      matrix[o * size + clamp(i)]! += weight;
    };
    const at = axis.scale === 1 ? o : originalCoordinate(o, axis, how.coordinates);
    // Outside the region the output is a constant: no weight at all.
    if (how.coordinates === "tf_crop_and_resize" && (at < 0 || at > size - 1)) continue;
    if (how.mode === "nearest") add(nearest(at, how.nearestMode), 1);
    else if (how.antialias) for (const [i, weight] of antialiasedTaps(at, axis, how)) add(i, weight);
    else if (how.mode === "linear") {
      const x = Math.min(Math.max(at, 0), size - 1);
      const left = Math.floor(x);
      add(left, 1 - (x - left));
      add(left + 1, x - left);
    } else for (const [i, weight] of cubicTaps(at, size, how)) add(i, weight);
  }
  return matrix;
}

/** Position in the input of output `o`, in single precision as ONNX Runtime computes it: rounding to the nearest pixel depends on it. */
function originalCoordinate(o: number, axis: Axis, mode: string): number {
  const f = Math.fround;
  const scale = f(axis.scale);
  const {
    size,
    resized,
    region: [start, end],
  } = axis;
  const half = (): number => f(f(f(o + 0.5) / scale) - 0.5);
  switch (mode) {
    case "asymmetric":
      return f(o / scale);
    case "pytorch_half_pixel":
      return resized > 1 ? half() : 0;
    case "tf_half_pixel_for_nn":
      return f(f(o + 0.5) / scale);
    case "align_corners":
      return resized === 1 ? 0 : f(f(o * (size - 1)) / f(resized - 1));
    case "tf_crop_and_resize":
      return resized > 1 ? f(f(f(start) * (size - 1)) + f(f(o * f(f(end) - f(start)) * (size - 1)) / (resized - 1))) : f(0.5 * (start + end) * (size - 1));
    case "half_pixel_symmetric": {
      const adjustment = f(resized / f(scale * size));
      // This one is computed in double precision.
      return f(f((size / 2) * f(1 - adjustment)) + (o + 0.5) / scale - 0.5);
    }
    default:
      return half();
  }
}

function nearest(x: number, mode: string): number {
  switch (mode) {
    case "floor":
      return Math.floor(x);
    case "ceil":
      return Math.ceil(x);
    case "round_prefer_ceil":
      return Math.floor(x + 0.5);
    default:
      return Math.ceil(x - 0.5);
  }
}

/** Keys' cubic convolution kernel. */
function cubicKernel(x: number, a: number): number {
  const t = Math.abs(x);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? ((t - 5) * t + 8) * t * a - 4 * a : 0;
}

function cubicTaps(x: number, size: number, how: Interpolation): (readonly [number, number])[] {
  const left = Math.floor(x);
  const taps = [-1, 0, 1, 2].map((k) => [left + k, cubicKernel(x - left - k, how.cubicCoefficient)] as const);
  return how.excludeOutside ? normalized(taps.filter(([i]) => i >= 0 && i < size)) : taps;
}

/** A kernel as wide as the step between outputs: every input has a say when the image shrinks. */
function antialiasedTaps(at: number, axis: Axis, how: Interpolation): (readonly [number, number])[] {
  const stretch = Math.max(1, 1 / axis.scale);
  const kernel = (x: number): number => (how.mode === "linear" ? Math.max(0, 1 - Math.abs(x)) : cubicKernel(x, how.cubicCoefficient));
  const support = (how.mode === "linear" ? 1 : 2) * stretch;
  const taps: (readonly [number, number])[] = [];
  for (let i = Math.floor(at - support); i <= Math.ceil(at + support); i++) {
    if (!how.excludeOutside || (i >= 0 && i < axis.size)) taps.push([i, kernel((i - at) / stretch)]);
  }
  return normalized(taps);
}

function normalized(taps: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const total = taps.reduce((sum, [, weight]) => sum + weight, 0);
  return taps.map(([i, weight]) => [i, weight / total] as const);
}
