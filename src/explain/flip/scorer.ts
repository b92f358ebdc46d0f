import { present } from "../../base/assert.js";
import { toNumbers } from "../../tensor/tensor.js";
import { batches } from "../batches.js";
import { runRows, type PredictedRow, type Prepared } from "../prepare.js";
import type { PreparedRow } from "../sampleRows.js";
import type { ClassScores } from "../targets.js";
import { valueBefore } from "../valueBefore.js";

/** A sample's scores, and the numbers that a last Softmax or Sigmoid makes them of. */
export interface Scored {
  readonly scores: ArrayLike<number>;
  readonly logits?: ArrayLike<number>;
}

/** Runs changed samples and takes their scores out of what comes back. */
export interface Scorer {
  /** Of the sample as it is. */
  readonly own: ClassScores;
  /** So many samples go well into one run. */
  readonly together: number;
  /** `together` at once at most; `before` is called before each run. A sample that is undefined has no scores. */
  run(samples: readonly (PreparedRow["feeds"] | undefined)[], together: number, before: () => void): Promise<readonly (Scored | undefined)[]>;
}

export async function createScorer({ setting: { opened } }: Prepared, base: PredictedRow): Promise<Scorer> {
  const { value, labels } = base.prediction;
  const logits = valueBefore(opened.graph, value);
  const values = logits === undefined ? [value] : [value, logits];
  const [outputs] = await runRows(opened, [base], values, false);
  const scores = present(outputs?.[value], value);
  return {
    own: { value, dims: scores.dims.slice(1), data: toNumbers(scores), ...(labels === undefined ? {} : { labels }) },
    // What can't be laid out for derivatives can be run all the same.
    together: await opened.rowsTogether(base.feeds).catch(() => 1),
    run: async (samples, together, before) => {
      const rows = samples.flatMap((feeds, at) => (feeds === undefined ? [] : [{ feeds, at }]));
      const found: (Scored | undefined)[] = samples.map(() => undefined);
      for (const batch of batches(rows, together > 1, together)) {
        before();
        const members = batch.flatMap((i) => rows[i] ?? []);
        const outputs = await runRows(opened, members, values, together > 1);
        members.forEach(({ at }, i) => {
          const [own, raw] = [outputs[i]?.[value], logits === undefined ? undefined : outputs[i]?.[logits]];
          if (own !== undefined) found[at] = { scores: toNumbers(own), ...(raw === undefined ? {} : { logits: toNumbers(raw) }) };
        });
      }
      return found;
    },
  };
}
