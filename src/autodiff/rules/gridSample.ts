import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import type { RuleContext } from "../rule.js";
import { product } from "./axes.js";
import { spatial } from "./window.js";

type Mode = "nearest" | "linear" | "cubic";

/** One position that a sample reads along one axis: index, weight, the weight's slope in the coordinate, each [N, S]. */
interface Tap {
  readonly index: string;
  readonly weight: string;
  readonly slope: string;
}

/** Grid positions of several axes, `N` rows of `S` samples. Everything here is known before dY, so the rule is linear in it. */
interface Sampler {
  readonly b: Builder;
  readonly mode: Mode;
  readonly padding: string;
  readonly aligned: boolean;
}

/**
 * Y[n, c, s] = Σ over taps of (Π weights) · X[n, c, tap]. X's cotangent scatters dY · weight to the taps; the grid's is dY · X · the weights' slope.
 * Source: https://onnx.ai/onnx/operators/onnx__GridSample.html
 */
export function gridSample(c: RuleContext): (string | null)[] {
  const { b, a } = c;
  const [x, grid] = [c.x[0]!, c.x[1]!];
  const sizes = spatial(b.dims(x));
  const [n = null, channels = null] = b.dims(x);
  const samples = product(b.dims(grid).slice(1, -1));
  const sampler: Sampler = {
    b,
    mode: samplingMode(a.string("mode", "linear")),
    padding: a.string("padding_mode", "zeros"),
    aligned: a.int("align_corners", 0) !== 0,
  };
  const coordinates = sizes.map((size, i) => coordinate(sampler, grid, sizes.length - 1 - i, size, [n, samples]));
  const axes = coordinates.map(({ at }, i) => tapsOf(sampler, at, sizes[i]!));
  const combinations = axes.reduce<Tap[][]>((all, taps) => all.flatMap((combination) => taps.map((t) => [...combination, t])), [[]]);
  const count = combinations.length;
  // All taps in one axis [N, T, S], flat positions in the image.
  const stack = (values: readonly string[]): string =>
    b.concat(
      values.map((v) => b.unsqueeze(v, [1])),
      1,
    );
  const flat = stack(combinations.map((taps) => taps.map((t) => t.index).reduce((index, next, i) => b.add(b.scale(index, sizes[i]!), next))));
  const long = samples === null ? null : count * samples;
  const everywhere = b.emit("Expand", [b.unsqueeze(b.reshape(flat, [n, long]), [1]), b.ints([1, channels ?? 1, 1])], {
    dtype: "int64",
    dims: [n, channels, long],
  });
  const dy = b.reshape(c.dy[0]!, [n, channels, 1, samples]);
  const cells = sizes.reduce((p, d) => p * d, 1);
  return [c.needs(0) ? imageCotangent() : null, c.needs(1) && sampler.mode !== "nearest" ? gridCotangent() : null];

  function imageCotangent(): string {
    const weights = b.unsqueeze(
      stack(
        combinations.map((taps) =>
          productOf(
            b,
            taps.map((t) => t.weight),
          ),
        ),
      ),
      [1],
    );
    const updates = b.reshape(b.mul(dy, weights), [n, channels, long]);
    const zeros = b.reshape(b.zerosLike(x), [n, channels, cells]);
    return b.reshapeLike(b.emit("ScatterElements", [zeros, everywhere, updates], b.type(zeros), { axis: 2, reduction: "add" }), x);
  }

  function gridCotangent(): string {
    const image = b.reshape(x, [n, channels, cells]);
    const read = b.emit("GatherElements", [image, everywhere], { dtype: b.type(x).dtype, dims: [n, channels, long] }, { axis: 2 });
    const pull = b.sum(b.mul(dy, b.reshape(read, [n, channels, count, samples])), [1], false);
    const parts = sizes.map((_, j) => {
      const slopes = stack(
        combinations.map((taps) =>
          productOf(
            b,
            taps.map((t, i) => (i === j ? t.slope : t.weight)),
          ),
        ),
      );
      return b.unsqueeze(b.mul(b.sum(b.mul(pull, slopes), [1], false), coordinates[j]!.slope), [2]);
    });
    return b.reshapeLike(b.concat(parts.reverse(), 2), grid);
  }
}

function samplingMode(mode: string): Mode {
  return mode === "nearest" ? "nearest" : mode.includes("cubic") ? "cubic" : "linear";
}

function productOf(b: Builder, values: readonly string[]): string {
  return values.reduce((p, q) => b.mul(p, q));
}

/** Pixel coordinate of one component of the grid after the padding mode, and its slope in the component. */
function coordinate(s: Sampler, grid: string, component: number, size: number, dims: readonly Dim[]): { readonly at: string; readonly slope: string } {
  const { b } = s;
  const rank = b.rank(grid);
  const one = b.slice(grid, [rank - 1], [component], [component + 1], [...b.dims(grid).slice(0, -1), 1]);
  const g = b.reshape(one, dims);
  const factor = s.aligned ? (size - 1) / 2 : size / 2;
  const raw = b.shift(b.scale(g, factor), (size - 1) / 2);
  if (s.mode === "nearest") return { at: b.unary("Round", folded(s, raw, size).at), slope: b.scalar(0, raw) };
  if (s.mode === "cubic" || s.padding === "zeros") return { at: raw, slope: b.scalar(factor, raw) };
  const { at, slope } = folded(s, raw, size);
  return { at, slope: b.scale(slope, factor) };
}

/** A coordinate moved into the image by border or reflection, and the slope of that move (0, 1 or −1). */
function folded(s: Sampler, raw: string, size: number): { readonly at: string; readonly slope: string } {
  const { b } = s;
  const number = (value: number): string => b.scalar(value, raw);
  // Between the centres of the outermost pixels; beyond, the image is constant.
  const inside = (at: string): string => b.compare("And", b.compare("Greater", at, number(0)), b.compare("Less", at, number(size - 1)));
  if (s.padding === "zeros") return { at: raw, slope: number(1) };
  if (s.padding === "border") {
    return { at: clamp(b, raw, size), slope: b.where(inside(raw), number(1), number(0)) };
  }
  const [low, span] = s.aligned ? [0, size - 1] : [-0.5, size];
  if (span === 0) return { at: b.scale(raw, 0), slope: number(0) };
  // A triangle wave of period 2 · span.
  const shifted = b.shift(raw, -low);
  const phase = b.sub(shifted, b.scale(b.unary("Floor", b.scale(shifted, 1 / (2 * span))), 2 * span));
  const back = b.compare("Greater", phase, number(span));
  const wave = b.where(back, b.sub(number(2 * span), phase), phase);
  const reflected = b.shift(wave, low);
  return { at: clamp(b, reflected, size), slope: b.where(inside(reflected), b.where(back, number(-1), number(1)), number(0)) };
}

function clamp(b: Builder, value: string, size: number): string {
  return b.emit("Clip", [value, b.scalar(0, value), b.scalar(size - 1, value)], b.type(value));
}

function tapsOf(s: Sampler, at: string, size: number): Tap[] {
  const { b } = s;
  const floor = s.mode === "nearest" ? at : b.unary("Floor", at);
  const fraction = b.sub(at, floor);
  const offsets = s.mode === "nearest" ? [0] : s.mode === "linear" ? [0, 1] : [-1, 0, 1, 2];
  return offsets.map((offset) => {
    const position = b.shift(floor, offset);
    const { weight, slope } =
      s.mode === "nearest"
        ? { weight: b.onesLike(at), slope: b.scalar(0, at) }
        : s.mode === "linear"
          ? linearTap(b, fraction, offset)
          : cubicTap(b, fraction, offset);
    const inside = clamp(b, s.padding === "reflection" && s.mode === "cubic" ? folded(s, position, size).at : position, size);
    const visible = (value: string): string => (s.padding === "zeros" ? b.where(b.compare("Equal", inside, position), value, b.scalar(0, value)) : value);
    return { index: b.cast(b.unary("Round", inside), "int64"), weight: visible(weight), slope: visible(slope) };
  });
}

function linearTap(b: Builder, fraction: string, offset: number): { weight: string; slope: string } {
  return offset === 0 ? { weight: b.sub(b.scalar(1, fraction), fraction), slope: b.scalar(-1, fraction) } : { weight: fraction, slope: b.scalar(1, fraction) };
}

/** Keys' kernel with a = −0.75 at distance t = fraction − offset, in Horner form, and its derivative. */
function cubicTap(b: Builder, fraction: string, offset: number): { weight: string; slope: string } {
  const a = -0.75;
  const side = offset <= 0 ? 1 : -1;
  // t ≥ 0 is the distance; d t / d fraction = side.
  const t = b.shift(b.scale(fraction, side), -side * offset);
  const near = offset === 0 || offset === 1;
  const coefficients = near ? [a + 2, -(a + 3), 0, 1] : [a, -5 * a, 8 * a, -4 * a];
  const horner = (terms: readonly number[]): string => terms.slice(1).reduce<string>((sum, k) => b.shift(b.mul(sum, t), k), b.scalar(terms[0]!, t));
  return { weight: horner(coefficients), slope: b.scale(horner([3 * coefficients[0]!, 2 * coefficients[1]!, coefficients[2]!]), side) };
}
