import {
  anywhere,
  awayFrom,
  distinct,
  fed,
  gradientCase,
  ints,
  positive,
  variable,
  type CaseOptions,
  type Domain,
  type GradientCase,
} from "../gradientCase.js";

/** Axes missing, one, several, negative, empty with and without noop, given by the run; kept and not; a scalar, an empty axis, rank 5, a free batch. */
function reductionCases(op: string, domain: Domain, options: CaseOptions = {}): GradientCase[] {
  return [0, 1].flatMap((keepdims) => [
    gradientCase(op, [variable([2, 3], domain)], { keepdims }, options),
    gradientCase(op, [variable([], domain)], { keepdims }, options),
    gradientCase(op, [variable([2, 3, 4], domain), ints([1])], { keepdims }, options),
    gradientCase(op, [variable([2, 3, 4], domain), ints([-1, 0])], { keepdims }, options),
    gradientCase(op, [variable([2, 1, 3, 1, 2], domain), ints([1, 2, -1])], { keepdims }, options),
    gradientCase(op, [variable([2, 3], domain), ints([])], { keepdims, noop_with_empty_axes: 0 }, options),
    gradientCase(op, [variable([2, 3], domain), fed("int64", [1], [-2])], { keepdims }, options),
    gradientCase(op, [variable([null, 3], domain), ints([1])], { keepdims }, options),
    gradientCase(op, [variable([null, 3], domain), ints([0])], { keepdims }, options),
    gradientCase(op, [variable([null, 3], domain)], { keepdims }, options),
  ]);
}

export const reduction: readonly GradientCase[] = [
  // Nothing is reduced; an operator that also maps the elements still does.
  ...["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"].flatMap(
    (op) =>
      [18, 21].flatMap((opset) => [
        gradientCase(op, [variable([2, 3], positive), ints([])], { noop_with_empty_axes: 1 }, { opset, form: `noop opset ${opset}` }),
        gradientCase(op, [variable([2, 3], positive)], { noop_with_empty_axes: 1 }, { opset, form: `noop without axes opset ${opset}` }),
      ]),
  ),
  ...["ReduceSum", "ReduceMean"].flatMap((op) => [...reductionCases(op, anywhere), gradientCase(op, [variable([2, 0, 3]), ints([2])])]),
  ...reductionCases("ReduceMax", distinct),
  ...reductionCases("ReduceMin", distinct),
  ...reductionCases("ReduceProd", awayFrom([0])),
  ...reductionCases("ReduceL1", awayFrom([0])),
  ...reductionCases("ReduceL2", awayFrom([0])),
  ...reductionCases("ReduceSumSquare", anywhere),
  ...reductionCases("ReduceLogSum", positive),
  ...reductionCases("ReduceLogSumExp", anywhere),
  ...[0, 1].flatMap((largest) =>
    [0, 1].flatMap((sorted) =>
      [1, -1].map((axis) => gradientCase("TopK", [variable([null, 3, 4], distinct), ints([2])], { axis, largest, sorted }, { outputs: 2 })),
    ),
  ),
  gradientCase("TopK", [variable([5], distinct), fed("int64", [1], [3])], {}, { outputs: 2 }),
  ...[0, 1].flatMap((exclusive) =>
    [0, 1].flatMap((reverse) =>
      [1, -3].map((axis) =>
        gradientCase("CumSum", [variable([null, 3, 2]), { kind: "constant", dtype: "int64", dims: [], values: [axis] }], { exclusive, reverse }),
      ),
    ),
  ),
];
