import type { AttributionResult } from "../attribution/plan.js";
import type { Credit, Result, UnitGroups } from "../protocol/explanation.js";
import { creditsOf, rowOfNumbers, withoutPadding } from "./credits.js";
import type { Tensor } from "../tensor/tensor.js";
import type { PredictedRow } from "./prepare.js";

/** One row of an engine's result. `input`: the one input that moved, in isolated mode. */
export interface RowResult {
  readonly row: number;
  readonly result: AttributionResult;
  readonly input?: string | undefined;
  /** Position in the row's list of targets. */
  readonly slot?: number;
  /** Where the row's path began, by input; of one baseline. */
  readonly starts?: Readonly<Record<string, Tensor>>;
  /** In isolated mode: by input. */
  readonly deltas?: Readonly<Record<string, number>>;
}

/** One row's results of isolated paths as one: each input's attributions from its own path. A single result stays as it is. */
export function merged(parts: readonly RowResult[], slot: number): RowResult {
  const [first] = parts;
  if (first === undefined) throw new Error("missing result of a row");
  if (first.input === undefined) return { ...first, slot };
  const own = parts.map(({ result, input = "" }) => ({ result, input }));
  const pick = (table: (r: AttributionResult) => AttributionResult["attributions"] | null): AttributionResult["attributions"] =>
    Object.fromEntries(
      own.flatMap(({ result, input }) =>
        Object.entries(table(result) ?? {}).map(([key, numbers]) => [own.some((o) => o.input === key) ? key : `${key} (${input})`, numbers] as const),
      ),
    );
  return {
    row: first.row,
    slot,
    ...(first.starts === undefined ? {} : { starts: first.starts }),
    deltas: Object.fromEntries(own.flatMap(({ result, input }) => (result.delta?.[first.row] === undefined ? [] : [[input, result.delta[first.row] ?? NaN]]))),
    result: {
      attributions: pick((r) => r.attributions),
      error: own.every(({ result }) => result.error === null) ? null : pick((r) => r.error),
      delta: null,
      score: first.result.score,
      // Every path starts somewhere else.
      baselineScore: null,
      points: own.reduce((sum, { result }) => sum + result.points, 0),
      converged: own.every(({ result }) => result.converged),
    },
  };
}

/** The sums of a layer's units by channel or position, where it has them. */
export type Grouped = (name: string, credit: Credit) => UnitGroups | undefined;

/** A row's result as the protocol has it. */
export function toResult(row: PredictedRow, part: RowResult, hasTarget: boolean, grouped: Grouped = () => undefined): Result {
  const { result, row: at, slot = 0, deltas } = part;
  const target = hasTarget ? row.targets[slot] : undefined;
  const error =
    result.error === null
      ? undefined
      : Object.fromEntries(Object.entries(result.error).map(([name, t]) => [name, withoutPadding(rowOfNumbers(t, at), row.details[name])]));
  return {
    row: row.row,
    ...(target === undefined ? {} : { target }),
    prediction: row.prediction,
    score: result.score?.[at] ?? null,
    baselineScore: result.baselineScore?.[at] ?? null,
    delta: deltas !== undefined && Object.keys(deltas).length > 0 ? deltas : (result.delta?.[at] ?? null),
    points: result.points,
    ...(error === undefined ? {} : { error }),
    attributions: Object.fromEntries(
      Object.entries(creditsOf(result.attributions, at, row.details, part.starts)).map(([name, credit]) => {
        const groups = grouped(name, credit);
        return [name, groups === undefined ? credit : { ...credit, groups }];
      }),
    ),
    ...(result.measures === undefined ? {} : { measures: measuresOf(result.measures, at) }),
  };
}

function measuresOf(measures: NonNullable<AttributionResult["measures"]>, at: number): NonNullable<Result["measures"]> {
  return Object.fromEntries(Object.entries(measures).flatMap(([name, rows]) => (rows[at] === undefined ? [] : [[name, rows[at]]])));
}
