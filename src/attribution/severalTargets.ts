import { present } from "../base/assert.js";
import type { NumberTensor } from "../protocol/explanation.js";
import type { AttributionRequest, TargetElement } from "../protocol/request.js";
import type { Method, MethodContext } from "./method.js";
import type { AttributionResult, Plan } from "./plan.js";
import { eachVariant, mapMeasures, rowCount, type PlanOf } from "./variants.js";

/**
 * Explains `targetsPerRow` targets of every row in one run: targets are listed row by row, and so are the results' rows.
 * Where rows can't be stacked, one target follows the other.
 */
export function severalTargets(context: MethodContext, method: Method, plan: PlanOf): Plan {
  const { targetsPerRow = 1, ...request } = context.request;
  const one = { ...context, request };
  return targetsPerRow === 1 || !method.needs.target ? plan(one) : spreadTargets(one, targetsPerRow, method, plan);
}

function* spreadTargets(context: MethodContext, perRow: number, method: Method, plan: PlanOf): Plan {
  const { bound, request } = context;
  const rows = Math.max(rowCount(bound, request), (request.targets?.length ?? perRow) / perRow);
  const nth = (list: readonly TargetElement[] | undefined, t: number): readonly TargetElement[] | undefined =>
    list === undefined || list.length !== rows * perRow ? list : Array.from({ length: rows }, (_, r) => present(list[r * perRow + t], "target"));
  const variant = (t: number): AttributionRequest => {
    const [targets, versus] = [nth(request.targets, t), nth(request.versus, t)];
    return { ...request, ...(targets === undefined ? {} : { targets }), ...(versus === undefined ? {} : { versus }) };
  };
  const results: AttributionResult[] = [];
  yield* eachVariant(context, perRow, variant, plan, (result) => results.push(result), method.acrossRows === true);
  return interleaved(results, rows);
}

/** One result whose rows are (row 0, target 0), (row 0, target 1), … */
function interleaved(results: readonly AttributionResult[], rows: number): AttributionResult {
  const first = present(results[0], "result");
  const tensors = (pick: (r: AttributionResult) => Readonly<Record<string, NumberTensor>> | null): Readonly<Record<string, NumberTensor>> =>
    Object.fromEntries(
      Object.entries(pick(first) ?? {}).map(([name, { dims, data }]) => {
        const size = data.length / rows;
        const parts = results.map((r) => present(pick(r)?.[name], name).data);
        return [
          name,
          {
            dims: [rows * results.length, ...dims.slice(1)],
            data: Array.from({ length: rows }, (_, r) => parts.flatMap((p) => p.slice(r * size, (r + 1) * size))).flat(),
          },
        ];
      }),
    );
  const list = (pick: (r: AttributionResult) => readonly number[] | null): readonly number[] | null =>
    results.some((r) => pick(r) === null) ? null : Array.from({ length: rows }, (_, r) => results.map((one) => pick(one)?.[r] ?? NaN)).flat();
  return {
    ...first,
    attributions: tensors((r) => r.attributions),
    error: results.some((r) => r.error === null) ? null : tensors((r) => r.error),
    delta: list((r) => r.delta),
    score: list((r) => r.score),
    baselineScore: list((r) => r.baselineScore),
    ...(first.measures === undefined
      ? {}
      : {
          measures: mapMeasures(first.measures, (_, name) =>
            Array.from({ length: rows }, (_r, r) => results.flatMap((one) => one.measures?.[name]?.[r] ?? [])).flat(),
          ),
        }),
    points: Math.max(...results.map((r) => r.points)),
    converged: results.every((r) => r.converged),
  };
}
