import { float } from "../../../src/graph/builder.js";
import { absent, anywhere, awayFrom, gradientCase, positive, variable, weight, type CaseInput, type GradientCase } from "../gradientCase.js";

const epsilon = float(0.01);
const images = [
  [null, 3, 2],
  [2, 3, 2, 2],
  [2, 3, 2, 1, 2],
];
const single = { dtype: "float32" } as const;

function skipCase(op: string, sizes: { readonly skip: readonly number[]; readonly bias?: boolean; readonly sum?: boolean }): GradientCase {
  const centred = op === "com.microsoft:SkipLayerNormalization";
  const bias: CaseInput[] = sizes.bias === true ? [variable([4])] : [];
  return gradientCase(
    op,
    [variable([2, 3, 4]), variable(sizes.skip), variable([4]), ...(centred ? [variable([4])] : []), ...bias],
    { epsilon },
    { ...single, outputs: sizes.sum === true ? [true, false, false, true] : 1, form: JSON.stringify(sizes) },
  );
}

export const normalization: readonly GradientCase[] = [
  ...[
    [null, 3],
    [2, 3, 4],
    [2, 3, 2, 2],
    [2, 3, 2, 1, 2],
  ].flatMap((dims) => [
    gradientCase("BatchNormalization", [variable(dims), weight([3]), weight([3]), weight([3]), weight([3], positive)], { epsilon }),
    gradientCase("BatchNormalization", [variable(dims), variable([3]), variable([3]), variable([3], anywhere), variable([3], positive)]),
  ]),
  gradientCase(
    "BatchNormalization",
    [variable([4, 3, 2, 2]), variable([3]), variable([3]), weight([3]), weight([3], positive)],
    { epsilon, training_mode: 1 },
    { outputs: 3, seeded: [0] },
  ),
  // Single precision kernels only.
  ...images.map((dims) => gradientCase("InstanceNormalization", [variable(dims), variable([3]), variable([3])], { epsilon }, single)),
  gradientCase("InstanceNormalization", [variable([2, 3, 4]), weight([3]), weight([3])], {}, single),
  ...[1, 2, 4].flatMap((groups) => [
    gradientCase(
      "GroupNormalization",
      [variable([null, 4, 3]), variable([4]), variable([4])],
      { epsilon, num_groups: groups, stash_type: 11 },
      { opset: 21, form: `[n,4,3] groups ${groups}` },
    ),
    gradientCase(
      "GroupNormalization",
      [variable([2, 4, 2, 2]), weight([4]), weight([4])],
      { epsilon, num_groups: groups, stash_type: 11 },
      { opset: 21, form: `[2,4,2,2] groups ${groups}` },
    ),
  ]),
  gradientCase("LayerNormalization", [variable([null, 4]), variable([4]), variable([4])]),
  gradientCase("LayerNormalization", [variable([2, 3, 4]), variable([4])], { epsilon }),
  ...[1, -2].map((axis) => gradientCase("LayerNormalization", [variable([2, 3, 4]), variable([3, 4]), variable([3, 4])], { axis, epsilon })),
  gradientCase("LayerNormalization", [variable([2, 3, 4]), weight([4]), weight([4])], { epsilon }, { ...single, outputs: 3 }),
  gradientCase("LayerNormalization", [variable([null, 4]), weight([4])], { epsilon }, { ...single, outputs: 3, seeded: [1, 2], form: "statistics alone" }),
  gradientCase("LayerNormalization", [variable([2, 4]), weight([4]), absent], { epsilon }, { ...single, outputs: [true, false, true] }),
  gradientCase("RMSNormalization", [variable([null, 4]), variable([4])], { epsilon }, { opset: 23 }),
  gradientCase("RMSNormalization", [variable([2, 3, 4]), variable([3, 4])], { axis: 1, epsilon }, { opset: 23 }),
  gradientCase("SimplifiedLayerNormalization", [variable([null, 4]), variable([4])], { epsilon }, single),
  gradientCase("SimplifiedLayerNormalization", [variable([2, 3, 4]), variable([4])], { epsilon }, { ...single, outputs: 2 }),
  ...["com.microsoft:SkipLayerNormalization", "com.microsoft:SkipSimplifiedLayerNormalization"].flatMap((op) => [
    skipCase(op, { skip: [2, 3, 4] }),
    skipCase(op, { skip: [2, 3, 4], bias: true, sum: true }),
    skipCase(op, { skip: [3, 4], bias: true }),
    skipCase(op, { skip: [1, 3, 4], sum: true }),
  ]),
  gradientCase("MeanVarianceNormalization", [variable([2, 3, 2, 2])], {}, single),
  gradientCase("MeanVarianceNormalization", [variable([null, 3, 4])], { axes: [2] }, single),
  ...[1, 2].flatMap((p) => [
    gradientCase("LpNormalization", [variable([null, 4], awayFrom([0]))], { p }),
    gradientCase("LpNormalization", [variable([2, 3, 4], awayFrom([0]))], { p, axis: 1 }),
  ]),
  ...[1, 3, 5].map((size) => gradientCase("LRN", [variable([null, 5, 2, 2])], { size, alpha: float(0.5), beta: float(0.6), bias: float(1.5) }, single)),
  gradientCase("LRN", [variable([2, 5, 3, 1])], { size: 3 }, single),
];
