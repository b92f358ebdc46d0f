import { present } from "../../base/assert.js";
import type { Dim } from "../../graph/ir.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { contractAxis, floatConstant, normalAxis, range } from "./axes.js";
import { gridSample } from "./gridSample.js";
import { resizeMatrix, type Interpolation } from "./interpolation.js";
import { col2im, pad } from "./padding.js";
import { refusal } from "./refusal.js";
import { spatialUnknown } from "./window.js";

/** Resize is linear and works axis by axis: the adjoint is a product with each axis's interpolation matrix. */
function resizeCotangent(c: RuleContext): (string | null)[] {
  const { b, a } = c;
  const from = b.dims(c.x[0]!);
  const to = b.dims(c.y[0]!);
  const rank = from.length;
  const axes = (a.ints("axes") ?? range(rank)).map((axis) => normalAxis(axis, rank));
  const how: Interpolation = {
    mode: interpolationMode(a.string("mode", "nearest")),
    coordinates: a.string("coordinate_transformation_mode", "half_pixel"),
    nearestMode: a.string("nearest_mode", "round_prefer_floor"),
    cubicCoefficient: a.float("cubic_coeff_a", -0.75),
    excludeOutside: a.int("exclude_outside", 0) !== 0,
    antialias: a.int("antialias", 0) !== 0,
  };
  const scales = scalesOf(c, axes, from, to);
  const roi = c.constant(1) ?? [];
  if (how.coordinates === "tf_crop_and_resize" && roi.length !== 2 * axes.length) throw refusal(c, "its region of interest is computed at run time");
  let out = c.dy[0]!;
  axes.forEach((axis, i) => {
    const [size, resized, scale] = [from[axis] ?? null, to[axis] ?? null, scales[i]];
    const region = [roi[i] ?? 0, roi[axes.length + i] ?? 1] as const;
    // ONNX Runtime copies such an axis even where a region of interest is given.
    if (scale === 1 && size === resized) return;
    if (size === null || resized === null || scale === undefined) throw refusal(c, "it resizes an axis that follows the batch");
    const matrix = resizeMatrix({ size, resized, scale, region }, how);
    out = contractAxis(b, out, axis, floatConstant(b, b.type(out).dtype, [resized, size], matrix));
  });
  return [out, null, null, null].slice(0, c.x.length);
}

function interpolationMode(mode: string): Interpolation["mode"] {
  return mode === "linear" || mode === "cubic" ? mode : "nearest";
}

/** The scale of each resized axis: as given, or the ratio of the sizes (one for all axes where the aspect ratio is kept). */
function scalesOf(c: RuleContext, axes: readonly number[], from: readonly Dim[], to: readonly Dim[]): (number | undefined)[] {
  const given = c.x[2] === undefined || c.x[2] === "" ? undefined : c.constant(2);
  if (given !== undefined && given.length === axes.length) return axes.map((_, i) => given[i]);
  const sizes = c.constant(3);
  const policy = c.a.string("keep_aspect_ratio_policy", "stretch");
  const ratios = axes.map((axis, i) => {
    const [size, resized] = [from[axis] ?? null, to[axis] ?? null];
    if (size === null || resized === null) return size === resized ? 1 : undefined;
    return (policy === "stretch" ? resized : (sizes?.[i] ?? resized)) / size;
  });
  if (policy === "stretch") return ratios;
  const known = ratios.map((r) => present(r, "a known size of a resized axis"));
  const common = policy === "not_larger" ? Math.min(...known) : Math.max(...known);
  return ratios.map(() => common);
}

/** Resampling and padding of images. */
export const resize: RuleFamily = {
  Resize: rule(resizeCotangent),
  GridSample: rule(gridSample, spatialUnknown),
  Pad: rule(pad),
  Col2Im: rule(col2im),
};
