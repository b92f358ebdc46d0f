import type { Credit, Inspection, Result } from "../protocol/explanation.js";
import type { InputView } from "../protocol/viewModel.js";
import { creditBars } from "./elements.js";
import { rank, totalCredit } from "./rank.js";
import { mergeWords } from "./words.js";

/** More bars than this help nobody; the sentence above the chart still counts all elements. */
const mostBars = 200;
const mostElements = 20;

type Roles = ReadonlyMap<string, string>;

/** What the model's inputs are, as far as the inspection tells. */
export function inputRoles(inspection: Inspection | undefined): Roles {
  return new Map((inspection?.inputs ?? []).map((input) => [input.name, input.role]));
}

function inputView(name: string, credit: Credit, result: Pick<Result, "error">, share: number, roles: Roles): InputView {
  const error = result.error?.[name];
  const flat = credit.dims.filter((extent) => extent !== 1).length <= 1;
  if (flat && (credit.spans !== undefined || (roles.get(name) === "tokens" && credit.labels !== undefined))) {
    return { kind: "tokens", name, share, tokens: mergeWords(credit, error) };
  }
  const bars = rank(creditBars(credit, error));
  if (flat && (credit.labels !== undefined || credit.data.length <= mostElements)) return { kind: "features", name, share, bars: bars.slice(0, mostBars) };
  return { kind: "tensor", name, share, dims: credit.dims, bars: bars.slice(0, mostElements) };
}

/** Every credited input of a result, the one with most credit first. `share` is its part of Σ |credit| over all inputs. */
export function inputViews(result: Pick<Result, "attributions" | "error">, roles: Roles): InputView[] {
  const entries = Object.entries(result.attributions);
  const totals = entries.map(([, credit]) => totalCredit(credit.data));
  const all = totals.reduce((a, b) => a + b, 0);
  return entries.map(([name, credit], i) => inputView(name, credit, result, all === 0 ? 0 : (totals[i] ?? 0) / all, roles)).sort((a, b) => b.share - a.share);
}
