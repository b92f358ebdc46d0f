import { float } from "../../../src/graph/builder.js";
import { absent, anywhere, constant, fed, gradientCase, ints, variable, type CaseInput, type Domain, type GradientCase } from "../gradientCase.js";

const scales = (values: readonly number[]): CaseInput => constant("float32", [values.length], values);
const coordinates = ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"];
const rounding = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];
/** Enlarged, shrunk, and by ratios that are no integers. */
const sizes = [
  [6, 8],
  [2, 2],
  [5, 3],
  [1, 7],
] as const;
const single = { dtype: "float32" } as const;
const image = variable([null, 2, 3, 4]);
const region = constant("float32", [4], [0.1, 0.2, 0.8, 1.3]);

const resized: readonly GradientCase[] = [
  ...coordinates.flatMap((coordinate_transformation_mode) =>
    sizes.flatMap((size) => [
      ...rounding.map((nearest_mode) =>
        gradientCase("Resize", [image, absent, absent, ints(size)], { mode: "nearest", axes: [2, 3], nearest_mode, coordinate_transformation_mode }, single),
      ),
      gradientCase("Resize", [image, absent, absent, ints(size)], { mode: "linear", axes: [2, 3], coordinate_transformation_mode }, single),
      ...[0, 1].map((exclude_outside) =>
        gradientCase(
          "Resize",
          [image, absent, absent, ints(size)],
          { mode: "cubic", axes: [2, 3], exclude_outside, coordinate_transformation_mode, cubic_coeff_a: float(-0.5) },
          single,
        ),
      ),
    ]),
  ),
  ...["linear", "cubic"].flatMap((mode) =>
    sizes.flatMap((size) =>
      [0, 1].map((exclude_outside) =>
        gradientCase("Resize", [image, absent, absent, ints(size)], { mode, antialias: 1, exclude_outside, axes: [2, 3] }, single),
      ),
    ),
  ),
  ...["nearest", "linear", "cubic"].flatMap((mode) => [
    gradientCase("Resize", [image, absent, scales([1, 1, 1.7, 0.6])], { mode }, single),
    gradientCase("Resize", [image, absent, scales([1, 1, 2, 2])], { mode }, single),
    gradientCase(
      "Resize",
      [image, region, absent, ints([3, 5])],
      { mode, axes: [2, 3], coordinate_transformation_mode: "tf_crop_and_resize", extrapolation_value: float(2) },
      single,
    ),
    gradientCase("Resize", [variable([1, 1, 3, 4]), absent, absent, ints([7, 6])], { mode, axes: [2, 3], keep_aspect_ratio_policy: "not_larger" }, single),
    gradientCase("Resize", [variable([1, 1, 3, 4]), absent, absent, ints([7, 6])], { mode, axes: [2, 3], keep_aspect_ratio_policy: "not_smaller" }, single),
  ]),
  ...["nearest", "linear"].flatMap((mode) => [
    gradientCase("Resize", [variable([null, 2, 4]), absent, scales([1, 1, 2])], { mode }, single),
    gradientCase("Resize", [variable([1, 2, 2, 2, 3]), absent, scales([1, 1, 2, 2, 1.5])], { mode }, single),
  ]),
  gradientCase("Resize", [variable([2, 3]), absent, scales([2, 2])], { mode: "linear" }, single),
  gradientCase("Resize", [variable([null, 3, 4, 2]), absent, scales([1, 2, 2, 1])], { mode: "linear" }, single),
];

/** Grid values whose pixel coordinates stay off the kinks (whole pixels and edges) is left to luck of the seed with a wide net: few samples, several forms. */
const gridDomains: readonly Domain[] = [[[-0.9, 0.9]], [[-1.7, 1.7]]];
/** Rounding jumps where the grid moves: it stays. */
const still = fed("float", [2, 2, 2, 2], [0.1, -0.3, 0.9, 0.62, -0.77, -0.4, 0.31, -0.99, 1.3, 0.2, -1.4, 0.55, 0.21, 1.25, -0.6, -1.7]);

const sampled: readonly GradientCase[] = [0, 1].flatMap((align_corners) =>
  ["zeros", "border", "reflection"].flatMap((padding_mode) =>
    gridDomains.flatMap((domain, wide) =>
      ["linear", "nearest", "cubic"].map((mode) =>
        gradientCase(
          "GridSample",
          mode === "nearest" ? [variable([2, 2, 3, 4]), still] : [variable([null, 2, 3, 4]), variable([null, 2, 2, 2], domain)],
          { mode, padding_mode, align_corners },
          { dtype: "float64", opset: 20, form: `${mode} ${padding_mode} ${align_corners} ${wide}`, tolerance: 2e-2 },
        ),
      ),
    ),
  ),
);

const modes = ["constant", "edge", "reflect", "wrap"];

export const resize: readonly GradientCase[] = [
  ...resized,
  ...sampled,
  gradientCase(
    "GridSample",
    [variable([1, 1, 2, 3, 2]), variable([1, 1, 2, 2, 3], anywhere)],
    { mode: "linear", padding_mode: "border" },
    { opset: 20, tolerance: 2e-2 },
  ),
  ...modes.flatMap((mode) => [
    gradientCase("Pad", [variable([null, 4]), ints([0, 2, 0, 1])], { mode }, { opset: 19 }),
    gradientCase("Pad", [variable([null, 3, 4]), ints([1, 2, 2, 1]), absent, ints([1, -1])], { mode }, { opset: 19 }),
    gradientCase("Pad", [variable([2, 5]), ints([0, -1, 0, -2])], { mode }, { opset: 19 }),
    gradientCase("Pad", [variable([2, 5]), ints([0, 2, 0, -2])], { mode }, { opset: 19 }),
    gradientCase(
      "Pad",
      [variable([2, 5]), ints([-1, -2, 1, 1])],
      { mode: mode === "reflect" ? "constant" : mode },
      { opset: 19, form: `cropped and padded ${mode}` },
    ),
  ]),
  gradientCase("Pad", [variable([2, 3]), ints([1, 0, 0, -1]), variable([])]),
  gradientCase("Pad", [variable([null, 3]), ints([1, 0, 0, 2])]),
  gradientCase("Col2Im", [variable([null, 4, 4]), ints([3, 3]), ints([2, 2])], {}, single),
  gradientCase("Col2Im", [variable([1, 8, 4]), ints([4, 4]), ints([2, 2])], { strides: [2, 2] }, single),
  gradientCase(
    "Col2Im",
    [variable([2, 4, 9]), ints([3, 4]), ints([2, 2])],
    { pads: [0, 1, 1, 0], dilations: [1, 2] },
    { ...single, form: "padded and dilated" },
  ),
];
