import { mostCreditColumns, type BatchPlan } from "../../protocol/batch.js";
import type { ObservedCredit, ObservedPicture, ObservedRow } from "../../protocol/summary.js";
import type { BatchLine } from "./batchCells.js";

/** How the cells of a result's rows are laid out. */
export type RowLayout = Pick<BatchPlan, "columns" | "inputs" | "scores" | "id" | "label">;

/** What a line of a piece's file adds to the summary. Made once for a plan, for all its lines. */
export function lineObserver(plan: RowLayout): (line: BatchLine) => ObservedRow {
  const column = (name: string): number => plan.columns.findIndex((one) => one.name === name);
  const at = { prediction: column("prediction"), delta: column("delta"), credits: column("delta") + 1 };
  const several = plan.inputs.length > 1;
  const nameOf = (input: string, label: string): string => (several ? `${input}: ${label}` : label);
  const labels = plan.inputs.map(({ name, labels: own }) => own.map((label) => nameOf(name, label)));

  return ({ cells, right, values }) => {
    const scores = cells.slice(at.prediction + 1, at.prediction + 1 + plan.scores).map(Number);
    const delta = cells[at.delta];
    const id = plan.id === null ? null : cells[1];
    const credits: ObservedCredit[] = [];
    const pictures: ObservedPicture[] = [];
    let cell = at.credits;
    let element = 0;
    plan.inputs.forEach(({ name, form, picture, labels: own }, i) => {
      if (form === "columns") {
        const numbers = cells.slice(cell, cell + own.length).map((x) => Number(x ?? NaN));
        if (picture !== undefined) pictures.push({ input: name, dims: picture, credits: numbers });
        else
          numbers.forEach((credit, k) => {
            const value = values?.[element + k] ?? null;
            credits.push({ key: String(element + k), input: name, label: labels[i]?.[k] ?? "", credit, value, word: false });
          });
        cell += own.length;
        element += own.length;
        return;
      }
      const elements = JSON.parse(String(cells[cell++] ?? "[]")) as readonly string[];
      const numbers = (JSON.parse(String(cells[cell++] ?? "[]")) as readonly (number | null)[]).map((credit) => credit ?? 0);
      if (picture !== undefined) return void pictures.push({ input: name, dims: picture, credits: numbers });
      // A word that stands several times in a text is one word with one credit.
      const found = new Map<string, number>();
      numbers.forEach((credit, k) => found.set(elements[k] ?? String(k), (found.get(elements[k] ?? String(k)) ?? 0) + credit));
      for (const [word, credit] of found) credits.push({ key: `${name}\n${word}`, input: name, label: nameOf(name, word), credit, value: null, word: true });
    });
    return {
      row: Number(cells[0]),
      id: id === null || id === undefined ? null : String(id),
      predicted: plan.scores === 1 ? null : String(cells[at.prediction] ?? ""),
      truth: plan.label === null ? null : String(cells[at.prediction - 1] ?? ""),
      ...(right === undefined ? {} : { right }),
      score: Math.max(...scores),
      delta: typeof delta === "number" ? delta : null,
      credits,
      pictures,
      drawn: values !== undefined && credits.length <= mostCreditColumns,
    };
  };
}
