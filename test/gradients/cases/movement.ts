import { absent, constant, fed, gradientCase, ints, variable, type GradientCase } from "../gradientCase.js";

const all = 2 ** 31 - 1;

const slices: readonly (readonly [readonly (number | null)[], readonly number[], readonly number[], readonly number[], readonly number[]])[] = [
  [[6], [1], [4], [0], [1]], [[6], [0], [6], [0], [2]], [[7], [1], [7], [0], [3]], [[6], [-1], [-7], [0], [-1]], [[7], [5], [0], [0], [-2]], [[7], [-2], [all], [0], [1]],
  [[4, 5], [1, 4], [3, 0], [0, 1], [1, -2]], [[null, 4], [1], [3], [1], [1]], [[null, 4, 5], [-3, 1], [all, 4], [1, -1], [1, 2]], [[null, 4], [0], [all], [0], [1]], [[3, 4], [2], [2], [1], [1]], [[5], [-100], [100], [0], [2]],
];

export const movement: readonly GradientCase[] = [
  gradientCase("Reshape", [variable([2, 6]), ints([3, 4])]), gradientCase("Reshape", [variable([null, 2, 3]), ints([0, -1])]), gradientCase("Reshape", [variable([2, 0, 3]), ints([0, 5])], { allowzero: 1 }), gradientCase("Reshape", [variable([1]), ints([])]),
  gradientCase("Flatten", [variable([2, 3, 4])], { axis: 2 }), gradientCase("Flatten", [variable([null, 3, 2])]), gradientCase("Flatten", [variable([2, 3])], { axis: 0 }), gradientCase("Flatten", [variable([2, 3, 2])], { axis: -1 }),
  gradientCase("Squeeze", [variable([1, 3, 1])]), gradientCase("Squeeze", [variable([null, 1, 3, 1]), ints([1, -1])]), gradientCase("Unsqueeze", [variable([3]), ints([0, 2])]), gradientCase("Unsqueeze", [variable([null, 3]), ints([-1, 1])]),
  gradientCase("Transpose", [variable([2, 3, 4])]), gradientCase("Transpose", [variable([null, 3, 4, 2])], { perm: [0, 3, 1, 2] }), gradientCase("Transpose", [variable([2, 3, 4])], { perm: [1, 2, 0] }),
  gradientCase("Expand", [variable([3, 1]), ints([2, 3, 4])]), gradientCase("Expand", [variable([]), ints([2, 2])]), gradientCase("Expand", [variable([null, 1]), ints([1, 3])]), gradientCase("Expand", [variable([3]), ints([1])]),
  gradientCase("Tile", [variable([2, 3]), ints([2, 2])]), gradientCase("Tile", [variable([null, 2, 1]), ints([1, 2, 3])]), gradientCase("Tile", [variable([3]), ints([1])]), gradientCase("Tile", [variable([2]), fed("int64", [1], [3])]),
  gradientCase("Concat", [variable([2, 3]), variable([1, 3]), variable([2, 3])], { axis: 0 }), gradientCase("Concat", [variable([null, 2]), variable([null, 0]), variable([null, 3])], { axis: -1 }), gradientCase("Concat", [variable([null, 2]), variable([1, 2])], { axis: 0 }),
  gradientCase("Split", [variable([6, 2])], { axis: 0, num_outputs: 3 }, { outputs: 3 }), gradientCase("Split", [variable([null, 6]), ints([1, 3, 2])], { axis: 1 }, { outputs: 3 }), gradientCase("Split", [variable([2, 7])], { axis: -1, num_outputs: 3 }, { outputs: 3 }),
  gradientCase("Split", [variable([null, 6]), ints([1, 3, 2])], { axis: 1 }, { outputs: 3, seeded: [1], form: "[n,6] one part seeded" }),
  ...slices.map(([dims, starts, ends, axes, steps]) => gradientCase("Slice", [variable(dims), ints(starts), ints(ends), ints(axes), ints(steps)])),
  gradientCase("Slice", [variable([4, 3]), ints([1]), ints([3])]), gradientCase("Slice", [variable([4, 3]), ints([1, 0]), ints([3, 2]), absent, ints([1, 1])]), gradientCase("Slice", [variable([null, 2]), ints([0]), ints([1]), ints([0])]), gradientCase("Slice", [variable([null, 2]), ints([1]), ints([all]), ints([0])]),
  gradientCase("Slice", [variable([6, 2]), fed("int64", [1], [1]), fed("int64", [1], [5]), ints([0]), ints([2])]), gradientCase("Slice", [variable([6]), fed("int32", [1], [-1]), fed("int32", [1], [-6]), constant("int32", [1], [0]), constant("int32", [1], [-2])]),
  gradientCase("Trilu", [variable([3, 4])]), gradientCase("Trilu", [variable([null, 3, 3]), constant("int64", [], [-1])], { upper: 0 }), gradientCase("Trilu", [variable([2, 3]), constant("int64", [], [1])], { upper: 1 }),
  gradientCase("ReverseSequence", [variable([4, 3]), ints([1, 2, 4])]), gradientCase("ReverseSequence", [variable([3, 4, 2]), ints([4, 1, 3])], { batch_axis: 0, time_axis: 1 }),
  gradientCase("DepthToSpace", [variable([null, 8, 2, 3])], { blocksize: 2 }), gradientCase("DepthToSpace", [variable([1, 18, 1, 2])], { blocksize: 3, mode: "CRD" }), gradientCase("SpaceToDepth", [variable([null, 2, 4, 6])], { blocksize: 2 }),
];
