import { ExplainError } from "../../base/diagnostic.js";
import { assemble } from "../assemble.js";
import { rowsPerRun } from "../cost.js";
import type { Integral } from "../integral.js";
import type { Method, MethodContext } from "../method.js";
import { readSizes } from "../options.js";
import { scoreVariants, subjectOf, type Part, type Variant } from "../perturb/subject.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { Rows } from "../rows.js";
import { targetValue } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

/** F(x) − F(x with a window at its baseline), the window sliding over each input; overlaps are averaged. */
export const occlusion: Method = {
  name: "occlusion",
  title: "Occlusion",
  family: "perturbation",
  question: "How much does the score fall when this window of the input is hidden?",
  paper: "https://arxiv.org/abs/1311.2901",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: false,
  plan,
};

function* plan(context: MethodContext): Plan {
  const target = targetValue(context);
  requireValue(context.bound, target, "target");
  const options = context.request.options ?? {};
  const [windows, strides] = [readSizes(options, "window"), readSizes(options, "stride")];
  const rows = new Rows(context.bound, context.request, target);
  const subject = subjectOf(context, rows, target, 3 * rowsPerRun(context.bound));
  const sweeps = subject.parts.map((part) => windowsOf(part, windows[part.name], strides[part.name]));
  const integrals: Integral[] = [];
  for (let row = 0; row < rows.count; row++) {
    const variants: Variant[] = [
      { row, absent: () => false },
      ...sweeps.flatMap((sweep, p) => sweep.map((hidden): Variant => ({ row, absent: (part, element) => part === p && hidden.has(element) }))),
    ];
    const scores = yield* scoreVariants(subject, row, variants);
    let next = 1;
    const credit = new Map(
      subject.parts.map((part, p) => {
        const sum = new Float64Array(part.size);
        const count = new Float64Array(part.size);
        for (const hidden of sweeps[p]!) {
          const fall = scores[0]! - scores[next++]!;
          for (const e of hidden) {
            sum[e] = sum[e]! + fall;
            count[e] = count[e]! + 1;
          }
        }
        return [part.name, sum.map((s, e) => (count[e] === 0 ? 0 : s / count[e]!))];
      }),
    );
    integrals.push({ credit, error: null, score: scores[0]!, baselineScore: NaN, points: variants.length, converged: true });
    yield { kind: "progress", fraction: (row + 1) / rows.count };
  }
  return { ...assemble({ ...shapeOf(context, rows, false), complete: false }, integrals), baselineScore: null };
}

/** The elements of every window: starts at 0, s, 2s, …, ⌈(d − w)/s⌉ + 1 of them an axis, the last clipped at the edge. */
function windowsOf(part: Part, window: readonly number[] | undefined, stride: readonly number[] | undefined): ReadonlySet<number>[] {
  const size = window ?? part.dims.map(() => 1);
  const step = stride ?? part.dims.map(() => 1);
  if (size.length !== part.dims.length || step.length !== part.dims.length)
    throw new ExplainError(
      "OPTION_INVALID",
      `The window of "${part.name}" has ${size.length} sizes and its stride ${step.length}, but the input has ${part.dims.length} axes behind the batch.`,
    );
  let windows: number[][] = [[]];
  let spans: number[][][] = [[]];
  part.dims.forEach((d, axis) => {
    const starts = Array.from({ length: Math.max(0, Math.ceil((d - size[axis]!) / step[axis]!)) + 1 }, (_, i) => i * step[axis]!);
    spans = spans.flatMap((before) =>
      starts.map((start) => [...before, Array.from({ length: Math.max(0, Math.min(d, start + size[axis]!) - start) }, (_, i) => start + i)]),
    );
  });
  return spans.map((axes) => {
    windows = [[]];
    for (const positions of axes) windows = windows.flatMap((w) => positions.map((p) => [...w, p]));
    return new Set(windows.map((index) => index.reduce((at, x, axis) => at * part.dims[axis]! + x, 0)));
  });
}
