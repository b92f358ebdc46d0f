import type { ResultOutput } from "../protocol/cluster.js";
import type { CompiledExplanation, FeedSource } from "../protocol/compiled.js";
import { resultOutputs } from "./resultOutputs.js";
import { ExplainError } from "../base/diagnostic.js";

/** What is asked of the cluster beside the explanation. Paths are as its nodes see them. */
export interface RayQuestion {
  /** A Parquet or CSV file, or a folder of such; a path or an address such as s3://…. */
  readonly data: string;
  /** A folder, which is made. */
  readonly out: string;
  readonly resume: boolean;
  /** The column that names a row; default: the one that is called so in the sample file. */
  readonly id?: string;
  /** Where the nodes see the compiled explanation, if it is not to be uploaded. */
  readonly explanation?: string;
}

/** Columns that a result has beside those of a data set explained on this machine: a row is a file's own, and bad ones stay with the reason. */
const resultNames = { row: "row", file: "file", reason: "reason" } as const;

/** What the driver reads as job.json. */
export interface RayJob {
  readonly data: string;
  readonly out: string;
  readonly resume: boolean;
  /** Columns of the data that go into the result as they are, by the names they have there. */
  readonly kept: Readonly<Record<string, string>>;
  /** Which of these names a row, and which holds its true answer. */
  readonly id: string | null;
  readonly label: string | null;
  readonly explanation: string | null;
  /** Columns of the data that are read. */
  readonly needed: readonly string[];
  /** Columns that are read too where the data has them: the sample file had them, and was another file perhaps. */
  readonly optional: readonly string[];
  readonly inputs: Readonly<Record<string, Exclude<FeedSource, { kind: "refused" }>>>;
  readonly outputs: readonly ResultOutput[];
  readonly names: typeof resultNames;
  readonly rowsPerRun: number;
}

/** The job of a compiled explanation. Throws OPTION_INVALID for inputs that only this program can read, each with the reason. */
export function rayJob(compiled: CompiledExplanation, question: RayQuestion): RayJob {
  const inputs = Object.entries(compiled.feeds).map(([name, feed]) => {
    if (feed.kind === "refused")
      throw new ExplainError("OPTION_INVALID", `The input "${name}" can't be read on a Ray cluster: ${feed.reason}.`, {
        hint: 'Numbers, lists of numbers and texts with a tokenizer.json can. Name columns with --column NAME=A,B; the engine "local" reads everything.',
      });
    // Without a mask the model would read padding as text: only texts of the explanation's own length have its numbers.
    const masked = Object.values(compiled.feeds).some((other) => other.kind === "mask" && other.from === name);
    return [name, feed.kind === "text" ? { ...feed, tokenizer: "tokenizer.json", exact: !masked } : feed] as const;
  });
  const varying = compiled.inputs.find(({ name }) => compiled.feeds[name] === undefined);
  if (varying !== undefined)
    throw new ExplainError("OPTION_INVALID", `The explanation takes the baseline as an input (${varying.name}), which a data set has no columns for.`, {
      hint: "Name a baseline that is the same for every row.",
    });
  const [id, label] = [question.id ?? compiled.id ?? null, compiled.label ?? null];
  const kept = [...new Set([id, label].filter((name) => name !== null))];
  const asked = question.id === undefined ? [] : [question.id];
  const outputs = resultOutputs(compiled);
  const own = new Set([...Object.values(resultNames), ...outputs.flatMap((output) => output.columns)]);
  const read = inputs.flatMap(([, feed]) => ("columns" in feed ? feed.columns : []));
  return {
    data: question.data,
    out: question.out,
    resume: question.resume,
    kept: Object.fromEntries(kept.map((name) => [name, own.has(name) ? `${name} (data)` : name])),
    id,
    label,
    explanation: question.explanation ?? null,
    needed: [...new Set([...read, ...asked])],
    optional: kept.filter((name) => !read.includes(name) && !asked.includes(name)),
    inputs: Object.fromEntries(inputs),
    outputs,
    names: resultNames,
    rowsPerRun: compiled.rowsPerRun,
  };
}
