import { basename } from "node:path";
import { throwIfCancelled } from "../../base/cancellation.js";
import { closest } from "../../base/closest.js";
import { ExplainError, type Diagnostic } from "../../base/diagnostic.js";
import { present } from "../../base/assert.js";
import type { Prediction } from "../../protocol/explanation.js";
import type { FlipAnswer, FlipAsk } from "../../protocol/flip.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { OpenModel } from "../../runtime/openModel.js";
import { fixedInputs } from "../fixedInputs.js";
import { prepare, type ExplainContext, type Prepared } from "../prepare.js";
import { uniqueRemarks } from "../remarks.js";
import { changedFeeds, editsOf, type Changeable } from "./changedRow.js";
import { goalOf, judge } from "./goal.js";
import type { Change, Outcome } from "./part.js";
import { partsOf } from "./partsOf.js";
import { createScorer } from "./scorer.js";
import { searchFlip, type Found, type FlipStage } from "./search.js";

const usualRuns = 20_000;
/** Changed samples that are made at once, at most and at least: more than a few pictures would fill the memory, of small samples many go into one run. */
const mostAtOnce = 512;
const leastAtOnce = 16;

const stages: Readonly<Record<FlipStage, string>> = {
  single: "Trying single changes",
  pairs: "Trying pairs of changes",
  more: "Trying more changes together",
  smaller: "Making the change smaller",
};

/**
 * Looks for the smallest change of the request's row with which the model predicts another class (or its score reaches a value), by running the model only. Every answer
 * was verified by running the changed sample alone. Throws as explaining does, OPTION_INVALID where nothing can be flipped or changed, CANCELLED.
 */
export async function flip(
  request: ExplainRequest,
  ask: FlipAsk,
  open: (file: string) => Promise<OpenModel>,
  context: ExplainContext = {},
): Promise<FlipAnswer> {
  if (request.rows === "all" || (request.rows?.length ?? 1) !== 1)
    throw new ExplainError("OPTION_INVALID", "The smallest change is looked for one row at a time.", { hint: "Name one row." });
  const mostRuns = ask.mostRuns ?? usualRuns;
  context.progress?.({ message: "Opening the model" });
  const opened = await open(request.model);
  const { versus: _, ...question } = request;
  const prepared = await prepare({ ...question, targets: ["predicted"] }, opened, context);
  const base = present(prepared.rows[0], "row of the request");
  const { setting } = prepared;
  const { names, remarks: fixed } = changingInputs(prepared, request, ask);
  const { parts, population, remarks } = await partsOf(prepared, base, request, names);
  if (parts.length === 0)
    throw new ExplainError("OPTION_INVALID", `Nothing of this sample can be changed. ${[...fixed, ...remarks].map(({ message }) => message).join(" ")}`, {
      hint: "Name a sample file of several rows: it tells what values there are.",
    });
  const scorer = await createScorer(prepared, base);
  const goal = goalOf(scorer.own, ask.to, setting.outputs.find(({ name }) => name === base.prediction.value)?.role === "probabilities");
  const sample: Changeable = { setting, base, parts };
  const search = (together: number): Promise<Found> =>
    searchFlip(
      parts,
      async (changes) => {
        throwIfCancelled(context.signal);
        const feeds = await Promise.all(changes.map((change) => changedFeeds(sample, change)));
        const scores = await scorer.run(feeds, together, () => throwIfCancelled(context.signal));
        return scores.map((one): Outcome => (one === undefined ? { margin: NaN, reached: false } : judge(goal, one.scores, one.logits)));
      },
      {
        mostRuns,
        portion: Math.min(mostAtOnce, Math.max(leastAtOnce, together)),
        progress: (stage, runs) => context.progress?.({ message: `${stages[stage]} (${runs} runs)` }),
      },
    );
  const aloneAfter = async (change: Change): Promise<readonly number[]> => {
    const [one] = await scorer.run([await changedFeeds(sample, change)], 1, () => undefined);
    return Array.from(one?.scores ?? []);
  };
  let found = await search(scorer.together);
  let after = await aloneAfter(found.best ?? found.nearest);
  const diagnostics: Diagnostic[] = [...prepared.diagnostics, ...remarks];
  if (found.best !== undefined && !judge(goal, after, undefined).reached) {
    diagnostics.push({
      code: "BATCH_NOT_INDEPENDENT",
      severity: "info",
      message: "The model's answer for a row depends on the rows beside it, so the rows were run one at a time.",
    });
    found = await search(1);
    after = await aloneAfter(found.best ?? found.nearest);
  }
  const change = found.best ?? found.nearest;
  if (found.ended)
    diagnostics.push({
      code: "LIMIT_EXCEEDED",
      severity: "warning",
      message: `The search ended after ${found.runs} runs of the model, before it had tried everything.`,
      hint: "Allow more runs, or fewer inputs to change.",
    });
  // Largest first, equals in the order of the sample.
  const changes = [...change]
    .sort(([a], [b]) => a - b)
    .flatMap(([part, level]) => parts[part]?.describe(level) ?? [])
    .sort((a, b) => b.size - a.size);
  return {
    schema: 1,
    model: { file: basename(request.model) },
    request,
    ask: { ...ask, inputs: names, mostRuns },
    row: base.row,
    goal,
    found: found.best !== undefined,
    changes,
    size: changes.reduce((sum, { size }) => sum + size, 0),
    before: base.prediction,
    after: { ...plainPrediction(base.prediction), data: after },
    runs: found.runs,
    minimal: found.minimal,
    fewest: found.fewest,
    tried: parts.length,
    ...(population === undefined ? {} : { population: { file: population.file, rows: population.rows.length } }),
    edits: editsOf(sample, change),
    diagnostics: uniqueRemarks(diagnostics),
  };
}

/** What the file says is true is so of the sample as it is. */
function plainPrediction({ truth: _, ...prediction }: Prediction): Prediction {
  return prediction;
}

function changingInputs(
  { setting: { slots } }: Prepared,
  request: ExplainRequest,
  { inputs }: FlipAsk,
): { readonly names: readonly string[]; readonly remarks: readonly Diagnostic[] } {
  const { fixed, remarks } = fixedInputs(slots, request.fixed ?? [], []);
  const free = slots.map(({ name }) => name).filter((name) => !fixed.includes(name));
  if (inputs === undefined) return { names: free, remarks };
  for (const name of inputs)
    if (!free.includes(name)) {
      const near = closest(name, free);
      throw new ExplainError("UNKNOWN_INPUT", `"${name}" is no input that could be changed.`, {
        hint: `${near === undefined ? "" : `Did you mean ${near}? `}Inputs that can: ${free.join(", ")}.`,
      });
    }
  return { names: free.filter((name) => inputs.includes(name)), remarks: [] };
}
