import { absent, anywhere, awayFrom, constant, gradientCase, unaryCases, variable, type GradientCase } from "../gradientCase.js";

const bound = (value: number) => constant("float", [], [value]);
const clipped = awayFrom([-0.4, 0.6]);

export const selection: readonly GradientCase[] = [
  ...unaryCases("Clip", anywhere),
  gradientCase("Clip", [variable([null, 3], clipped), bound(-0.4), bound(0.6)]),
  gradientCase("Clip", [variable([], clipped), bound(-0.4)]),
  gradientCase("Clip", [variable([2, 0, 3], clipped), absent, bound(0.6)]),
  gradientCase("Clip", [variable([2, 5], awayFrom([-1, 1])), variable([], [[-1.02, -0.98]]), variable([], [[0.98, 1.02]])], {}, { form: "computed bounds" }),
  gradientCase("Clip", [variable([2, 5], awayFrom([-1, 1])), variable([], [[0.98, 1.02]]), variable([], [[-1.02, -0.98]])], {}, { form: "crossed bounds" }),
  ...["Max", "Min"].flatMap((op) => [
    gradientCase(op, [variable([null, 3])]),
    gradientCase(op, [
      variable(
        [2, 3],
        [
          [-2, -0.2],
          [0.9, 2],
        ],
      ),
      variable([3], [[0.1, 0.6]]),
    ]),
    gradientCase(op, [variable([2, 1], [[-2, -1.5]]), variable([3], [[-1, 1]]), variable([], [[1.5, 2]])]),
    gradientCase(op, [variable([], [[1.5, 2]]), variable([2, 3], [[-2, -1.5]]), variable([2, 1], [[-1, 1]])]),
    gradientCase(op, [variable([2, 0, 3]), variable([3])]),
    gradientCase(op, [variable([null, 3], awayFrom([0.3])), bound(0.3)]),
  ]),
];
