import { constant, distinct, fed, gradientCase, ints, variable, type GradientCase } from "../gradientCase.js";

const scatterIndices = constant("int64", [2, 2], [1, 0, -1, 2]);
/** A grid whose values lie between those of `distinct`. */
const between = { distinct: true, gap: 0.15 } as const;
const reductions = ["none", "add", "mul", "min", "max"];

export const indexing: readonly GradientCase[] = [
  gradientCase("Gather", [variable([4, 2]), ints([2, 0, 2])]),
  gradientCase("Gather", [variable([4, 2]), constant("int64", [], [-1])]),
  gradientCase("Gather", [variable([null, 3, 4]), ints([0, 2, 2])], { axis: 1 }),
  gradientCase("Gather", [variable([2, 3, 4]), constant("int64", [2, 2], [0, 3, 3, -1])], { axis: -1 }),
  gradientCase("Gather", [variable([null, 5, 2]), ints([1, 2, 3])], { axis: 1 }),
  gradientCase("Gather", [variable([null, 5]), constant("int64", [], [2])], { axis: 1 }),
  gradientCase("Gather", [variable([null, 3]), constant("int64", [], [0])], { axis: 0 }),
  gradientCase("Gather", [variable([4, 3]), fed("int64", [3], [1, -1, 1])]),
  gradientCase("Gather", [variable([null, 3, 2]), fed("int32", [2, 2], [1, -1, 1, 0])], { axis: 1 }),
  gradientCase("Gather", [variable([2, 3]), fed("int64", [], [1])], { axis: 1 }),
  gradientCase("Gather", [
    variable([300, 2]),
    constant(
      "int64",
      [300],
      Array.from({ length: 300 }, (_, i) => (i * 7) % 300),
    ),
  ]),
  gradientCase("Gather", [variable([2, 3]), ints([])], { axis: 1 }),
  gradientCase("GatherElements", [variable([3, 3]), constant("int64", [2, 3], [1, 2, 0, 2, 0, 0])]),
  gradientCase("GatherElements", [variable([3, 3]), fed("int64", [3, 2], [1, 2, 0, -1, 0, 0])], { axis: 1 }),
  gradientCase("GatherElements", [variable([2, 2, 2]), constant("int32", [2, 2, 1], [0, 1, 1, 1])], { axis: -1 }),
  gradientCase("GatherND", [variable([3, 2]), constant("int64", [2, 2], [0, 1, 2, 0])]),
  gradientCase("GatherND", [variable([3, 2]), constant("int64", [3, 1], [0, -1, 0])]),
  gradientCase("GatherND", [variable([2, 3, 4]), constant("int64", [2, 2, 1], [1, 0, 2, 2])], { batch_dims: 1 }),
  gradientCase("GatherND", [variable([3, 2, null]), constant("int64", [2, 2], [0, 1, 2, 0])]),
  gradientCase("GatherND", [variable([2, 2, 3, 2]), fed("int64", [2, 2, 1], [1, 0, -1, -1])], { batch_dims: 2 }),
  gradientCase("GatherND", [variable([2, 3, 2]), constant("int64", [2], [1, 2])]),
  ...reductions.flatMap((reduction) => [
    gradientCase("ScatterElements", [variable([3, 3], distinct), scatterIndices, variable([2, 2], between)], { reduction }),
    gradientCase("ScatterElements", [variable([2, 4], distinct), constant("int64", [2, 2], [1, 3, 0, 2]), variable([2, 2], between)], { axis: 1, reduction }),
    gradientCase("ScatterND", [variable([4, 2], distinct), constant("int64", [2, 1], [1, 3]), variable([2, 2], between)], { reduction }),
    gradientCase("ScatterND", [variable([2, 3, 2], distinct), constant("int64", [2, 1, 2], [1, 0, 0, 2]), variable([2, 1, 2], between)], { reduction }),
  ]),
  gradientCase(
    "ScatterElements",
    [variable([3, 2]), constant("int64", [3, 2], [1, 1, 1, 0, 1, 1]), variable([3, 2])],
    { reduction: "add" },
    { form: "repeated positions add" },
  ),
  gradientCase(
    "ScatterND",
    [variable([3, 2]), constant("int64", [3, 1], [0, 2, 0]), variable([3, 2])],
    { reduction: "add" },
    { form: "repeated positions add" },
  ),
  gradientCase("Compress", [variable([4, null]), constant("bool", [4], [1, 0, 1, 1])], { axis: 0 }),
  gradientCase("Compress", [variable([2, 4]), constant("bool", [3], [0, 1, 1])], { axis: -1 }),
  gradientCase("Compress", [variable([2, 3]), constant("bool", [6], [1, 0, 0, 1, 1, 0])]),
  gradientCase("Compress", [variable([3, 2]), fed("bool", [3], [1, 0, 1])], { axis: 0 }),
  gradientCase("OneHot", [constant("int64", [3], [2, 0, -1]), constant("int64", [], [4]), variable([2])], {}, { dtype: "float32" }),
  gradientCase("OneHot", [constant("int64", [2, 2], [2, 0, 1, 1]), constant("int64", [], [3]), variable([2])], { axis: 0 }, { dtype: "float32" }),
  gradientCase("ai.onnx.ml:ArrayFeatureExtractor", [variable([null, 4]), ints([2, 0, 2])]),
];
