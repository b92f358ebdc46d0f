import type { Explanation, Result } from "../protocol/explanation.js";
import { isSaturated } from "./remarks.js";
import type { PredictedRow, Prepared } from "./prepare.js";
import { classOutput } from "./prepare.js";
import type { ResolvedTarget } from "./targets.js";
import { valueBefore } from "./valueBefore.js";

/**
 * Where a probability has saturated, float32 has no gradient left to tell features apart: those results get the explanation of the logit beside their own.
 * @param results in the order of rows, then of each row's targets
 * @param ask explains other rows and targets in the same way
 */
export async function withLogits(
  results: readonly Result[],
  prepared: Prepared,
  ask: (prepared: Prepared) => Promise<Explanation>,
): Promise<readonly Result[]> {
  const { setting, rows, batches } = prepared;
  const probabilities = classOutput(setting);
  const logits = valueBefore(setting.opened.graph, probabilities);
  const perRow = rows.map((row) => row.targets.length);
  if (logits === undefined || results.length !== perRow.reduce((s, n) => s + n, 0)) return results;
  const wanted: (readonly ResolvedTarget[])[] = [];
  /** Of each result, its row among those that are asked again and its place there. */
  const places: ([number, number] | undefined)[] = [];
  const again: PredictedRow[] = [];
  const groups = new Map<string, number[]>();
  const batchOf = new Map(batches.flatMap((batch, b) => batch.map((i) => [i, b] as const)));
  let at = 0;
  for (const [i, row] of rows.entries()) {
    const targets: ResolvedTarget[] = [];
    for (const target of row.targets) {
      const score = results[at++]?.score ?? NaN;
      const saturated = target.value === probabilities && isSaturated(score);
      places.push(saturated ? [again.length, targets.length] : undefined);
      if (saturated) targets.push({ ...target, value: logits });
    }
    if (targets.length === 0) continue;
    const key = `${batchOf.get(i) ?? 0} ${targets.length}`;
    groups.set(key, [...(groups.get(key) ?? []), again.length]);
    again.push({ ...row, targets });
    wanted.push(targets);
  }
  if (again.length === 0) return results;
  const explained = (await ask({ ...prepared, rows: again, batches: [...groups.values()] })).results;
  const starts: number[] = [];
  wanted.reduce((start, list, i) => {
    starts[i] = start;
    return start + list.length;
  }, 0);
  return results.map((result, i) => {
    const place = places[i];
    const found = place === undefined ? undefined : explained[(starts[place[0]] ?? 0) + place[1]];
    if (found === undefined) return result;
    const { row: _, prediction: __, ...logit } = found;
    return { ...result, logit };
  });
}
