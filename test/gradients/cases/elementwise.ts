import { anywhere, awayFrom, binaryCases, constant, fed, gradientCase, positive, unaryCases, variable, type GradientCase } from "../gradientCase.js";

const nonzero = awayFrom([0], 0.4);

/** Arithmetic and what passes values on. */
export const elementwise: readonly GradientCase[] = [
  ...binaryCases("Add", anywhere),
  ...binaryCases("Sub", anywhere),
  ...binaryCases("Mul", anywhere),
  ...binaryCases("Div", anywhere, nonzero),
  ...unaryCases("Neg", anywhere),
  gradientCase("Sum", [variable([2, 3])]),
  gradientCase("Sum", [variable([2, 1]), variable([3]), variable([])]),
  gradientCase("Mean", [variable([2, 1]), variable([3]), variable([])], {}, { dtype: "float32" }),
  gradientCase("Mean", [variable([null, 3])], {}, { dtype: "float32" }),
  // Quotients away from whole numbers: 7.3 to 7.7 over ±1, 0.2 to 0.8 over ±1.
  gradientCase(
    "Mod",
    [
      variable([2, 3], [[0.5, 0.7]]),
      variable(
        [3],
        [
          [0.21, 0.23],
          [-0.23, -0.21],
        ],
      ),
    ],
    { fmod: 1 },
  ),
  gradientCase("Mod", [variable([2, 3], [[-0.7, -0.5]]), variable([], [[0.21, 0.23]])], { fmod: 1 }),
  ...binaryCases("Pow", positive, anywhere),
  ...[-2, -1, 0, 1, 2, 3].map((p) => gradientCase("Pow", [variable([2, 3], nonzero), constant("float", [], [p])], {}, { form: `constant ${p}` })),
  gradientCase("Pow", [variable([null, 3], positive), constant("float", [1], [0.5])]),
  gradientCase("Pow", [variable([2, 3], positive), constant("float", [3], [0.5, 0, -1.5])]),
  gradientCase("Pow", [variable([2, 3], nonzero), constant("int64", [3], [2, 0, 3])]),
  gradientCase("Pow", [variable([2, 3], nonzero), fed("int64", [3], [2, 0, 3])]),
  ...unaryCases("Identity", anywhere),
  gradientCase("Dropout", [variable([null, 3])]),
  gradientCase("Dropout", [variable([2, 3]), constant("float", [], [0.5]), constant("bool", [], [0])]),
  gradientCase("Cast", [variable([null, 3])], { to: 11 }),
  gradientCase("CastLike", [variable([2, 3]), constant("float", [1], [0])]),
  ...[[2, 3], [3], []].flatMap((dims) => [
    gradientCase("Where", [constant("bool", [2, 1], [1, 0]), variable(dims), variable([1, 3])]),
    gradientCase("Where", [fed("bool", [2, 3], [1, 0, 1, 0, 0, 1]), variable([2, 1]), variable(dims)]),
  ]),
  gradientCase("Where", [constant("bool", [3], [1, 0, 1]), variable([null, 3]), variable([])]),
];
