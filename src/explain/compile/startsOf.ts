import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import { baselineInput } from "../../attribution/program/frame.js";
import type { Baseline } from "../baselines.js";
import type { PredictedRow } from "../prepare.js";
import type { Run } from "../run.js";
import type { StartOfPath } from "./startOfPath.js";
import { toNumbers } from "../../tensor/tensor.js";

/** The word for a baseline that every row brings along: an input of the compiled explanation. */
export const varyingWord = "input";

/** Where the path of each credited input starts, for every row. Throws BASELINE_INVALID for baselines that depend on the row in a way that one graph can't say. */
export function startsOf({ prepared, baselines }: Run, varying: ReadonlySet<string>): ReadonlyMap<string, StartOfPath> {
  const [row] = prepared.rows;
  return new Map(
    Object.entries(baselines.baselines).map(([name, baseline]): [string, StartOfPath] => {
      const word = baselines.words[name] ?? "";
      return [name, varying.has(name) ? { kind: "input", name: baselineInput(name) } : startOf(name, word, baseline, present(row, "row"), prepared)];
    }),
  );
}

function startOf(name: string, word: string, baseline: Baseline, row: PredictedRow, prepared: Run["prepared"]): StartOfPath {
  const { slots, tokenizer: ofAll } = prepared.setting;
  const tokenizer = slots.find((slot) => slot.name === name)?.tokenizer ?? ofAll;
  if (baseline.kind !== "rows")
    throw refused(name, word, "is several baselines, of which credits would be the average", "Compile one file a baseline, or name a single one");
  if (word === "pad" || word === "mask" || word === "unk") {
    const id = word === "pad" ? tokenizer?.padId : word === "mask" ? tokenizer?.maskId : tokenizer?.unkId;
    return {
      kind: "tokens",
      id: present(id, `the id of ${word}`),
      kept: [...specialIds(name, row), ...(tokenizer === undefined || word === "pad" ? [] : [tokenizer.padId])],
    };
  }
  if (/^blur(:|$)/.test(word)) throw refused(name, word, "is made of each picture", "Give it as an input");
  return { kind: "constant", value: present(baseline.rows[0], `baseline of ${name}`) };
}

/** The ids that the tokenizer put around the sample's text. */
function specialIds(name: string, { feeds, details }: PredictedRow): readonly number[] {
  const { special = [], start = 0 } = details[name] ?? {};
  const ids = toNumbers(present(feeds[name], name));
  return [...new Set(special.flatMap((flag, i) => (flag ? [ids[start + i] ?? 0] : [])))];
}

function refused(name: string, word: string, why: string, instead: string): ExplainError {
  return new ExplainError("BASELINE_INVALID", `The baseline "${word}" of the input "${name}" ${why}: it can't be part of a compiled explanation.`, {
    hint: `${instead} (--baseline ${name}=${varyingWord} makes the baseline an input of the file).`,
  });
}
