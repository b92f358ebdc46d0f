import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { MeasureName } from "../../protocol/names.js";
import { rowsPerRun } from "../cost.js";
import type { Steps } from "../evaluate.js";
import type { MeasureContext } from "../measure.js";
import { playersOf, type Players } from "../perturb/players.js";
import { scoreVariants, subjectOf, type Subject, type Variant } from "../perturb/subject.js";
import { Rows } from "../rows.js";
import { targetValue } from "../setup.js";

/** Methods whose numbers are sensitivities: what a change of x changes, not what x contributed. */
const sensitivities = new Set(["saliency", "guidedBackprop", "deconvolution"]);

/** The sample's features as players that can be replaced by their baseline, and the credit each one got. */
export interface Ablated {
  readonly rows: number;
  readonly players: number;
  /** The credits of one row's players. */
  credits(row: number): Float64Array;
  /** Scores of variants of one row, each said by who is absent. */
  scores(row: number, variants: readonly ((player: number) => boolean)[]): Steps<number[]>;
}

/** Throws OPTION_INVALID when the method's credits are not those of the inputs of a score. */
export function ablated(context: MeasureContext, measure: MeasureName): Ablated {
  const { bound, request, method, result } = context;
  const refuse = (why: string): never => {
    throw new ExplainError("OPTION_INVALID", `The measure ${measure} compares credits of inputs with the score's change: ${why}.`, {
      hint: "Measure a method for inputs, such as integratedGradients; sensitivity, randomisation and agreement work with any.",
    });
  };
  if (!method.needs.target) refuse(`${method.name} explains no score`);
  const target = targetValue(context);
  const rows = new Rows(bound, request, target);
  const subject = subjectOf(context, rows, target, 3 * rowsPerRun(bound));
  for (const part of subject.parts)
    if (result.attributions[part.name]?.data.length !== part.size * rows.count) refuse(`${method.name} has none for "${part.name}"`);
  const players = playersOf(subject, request.options ?? {});
  return {
    rows: rows.count,
    players: players.count,
    credits: (row) => playerCredits(context, subject, players, row),
    scores: (row, variants) =>
      scoreVariants(
        subject,
        row,
        variants.map((absent): Variant => ({ row, absent: (part, element) => absent(players.of[part]![element]!) })),
      ),
  };
}

function playerCredits({ method, request, result }: MeasureContext, subject: Subject, players: Players, row: number): Float64Array {
  const credits = new Float64Array(players.count);
  const options = request.options ?? {};
  const sensitivity = sensitivities.has(method.name) || options["multiplyByInputs"] === false;
  // Perturbation methods write a group's credit to each of its elements; others give each element its own.
  const repeated = method.family === "perturbation" && options["groups"] !== undefined;
  subject.parts.forEach((part, p) => {
    const { data } = present(result.attributions[part.name], part.name);
    const isNumber = part.value.dtype === "float32" || part.value.dtype === "float64";
    for (let e = 0; e < part.size; e++) {
      const at = row * part.size + e;
      const baseline = part.baseline.data[part.baseline.data.length === part.size ? e : at];
      const factor = sensitivity && isNumber ? Number(part.value.data[at]) - Number(baseline) : 1;
      const player = players.of[p]![e]!;
      const credit = data[at]! * factor;
      credits[player] = repeated ? credit : credits[player]! + credit;
    }
  });
  return credits;
}
