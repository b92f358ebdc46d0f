import { explanationJson } from "../../../src/cli/explanationJson.js";
import { explanationTable } from "../../../src/cli/explanationTable.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import { buildView } from "../../../src/viewmodel/build.js";

/** What an explanation keeps silent about, and what JSON, table and view model would show wrongly: nothing, if all is well. */
export function keptSilent(explanation: Explanation, values = false): readonly string[] {
  const faults: string[] = [];
  const [result] = explanation.results;
  if (result === undefined) return ["no result"];
  const codes = new Set<string>(explanation.diagnostics.map((d) => d.code));
  const says = (...some: readonly string[]): boolean => some.some((code) => codes.has(code));
  const { score, baselineScore, delta } = result;
  const credits = Object.values(result.attributions).flatMap((c) => [...c.data]);
  const finite = [...credits, score ?? 0, baselineScore ?? 0].every(Number.isFinite) && result.prediction.data.every((x) => x < Infinity);
  if (!finite && !says("NOT_FINITE")) faults.push("a number that is not finite");
  if (finite && says("NOT_FINITE")) faults.push("finite, but said not to be");
  if (!values && credits.every((x) => x === 0) && !says("NO_CREDIT", "NO_CHANGE", "SATURATED")) faults.push("only zeros");
  if (score !== null && score === baselineScore && !says("NO_CHANGE")) faults.push("a score that did not change");
  const change = Math.abs((score ?? NaN) - (baselineScore ?? NaN));
  const layer = explanation.request.layer !== undefined;
  if (
    !layer &&
    typeof delta === "number" &&
    Math.abs(delta) > 0.011 * change + 2e-5 * Math.abs(score ?? 0) &&
    !says("NOT_COMPLETE", "NOT_CONVERGED", "NO_CHANGE")
  )
    faults.push(`credits that miss the change by ${delta}`);

  const read = JSON.parse(explanationJson(explanation)) as Explanation;
  const [shown] = read.results;
  const nulls = Object.values(shown?.attributions ?? {}).flatMap((c): readonly (number | null)[] => [...c.data]);
  credits.forEach((x, i) => {
    if ((nulls[i] === null) !== !Number.isFinite(x)) faults.push(`JSON has ${String(nulls[i])} for ${x}`);
  });
  if (read.diagnostics.length !== explanation.diagnostics.length) faults.push("JSON without a remark");
  const table = explanationTable(explanation);
  const numbers = explanation.diagnostics.reduce((text, { message }) => text.replace(message, ""), table);
  if (/NaN|Infinity|undefined/.test(numbers)) faults.push("the table has NaN, Infinity or undefined");
  for (const { message } of explanation.diagnostics) if (!table.includes(message.slice(0, 40))) faults.push(`the table does not say: ${message}`);
  const view = buildView({ explanation: read });
  if (view.check.state === "good" && says("NOT_FINITE", "NOT_COMPLETE", "NOT_CONVERGED", "NO_CHANGE")) faults.push(`the panel says: ${view.check.sentence}`);
  if (/NaN|Infinity|undefined|\d{15}/.test(view.check.sentence)) faults.push(`the panel says: ${view.check.sentence}`);
  if (!Number.isFinite(view.largest)) faults.push(`the panel's largest credit is ${view.largest}`);
  if (view.diagnostics.length !== new Set(read.diagnostics.map((d) => d.code + d.message)).size) faults.push("the panel without a remark");
  return faults;
}
