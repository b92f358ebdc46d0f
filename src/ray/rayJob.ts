import type { CompiledExplanation, FeedSource } from "../protocol/compiled.js";
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

/** One output of the explanation as columns of the result. */
interface ResultOutput {
  readonly output: string;
  readonly kind: "number" | "label";
  readonly columns: readonly string[];
  readonly labels?: readonly string[];
}

/** Columns that every result has. */
const resultNames = { row: "row", file: "file", reason: "reason" } as const;

/** What the driver reads as job.json. */
export interface RayJob {
  readonly data: string;
  readonly out: string;
  readonly resume: boolean;
  readonly id: string | null;
  readonly explanation: string | null;
  /** Columns of the data that are read. */
  readonly needed: readonly string[];
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
    return [name, feed.kind === "text" ? { ...feed, tokenizer: "tokenizer.json" } : feed] as const;
  });
  const varying = compiled.inputs.find(({ name }) => compiled.feeds[name] === undefined);
  if (varying !== undefined)
    throw new ExplainError("OPTION_INVALID", `The explanation takes the baseline as an input (${varying.name}), which a data set has no columns for.`, {
      hint: "Name a baseline that is the same for every row.",
    });
  const id = question.id ?? compiled.id ?? null;
  const read = inputs.flatMap(([, feed]) => ("columns" in feed ? feed.columns : []));
  return {
    data: question.data,
    out: question.out,
    resume: question.resume,
    id,
    explanation: question.explanation ?? null,
    needed: [...new Set([...read, ...(id === null ? [] : [id])])],
    inputs: Object.fromEntries(inputs),
    outputs: resultOutputs(compiled),
    names: resultNames,
    rowsPerRun: compiled.rowsPerRun,
  };
}

/** The explanation's outputs as columns, in the order of the file. */
function resultOutputs({ outputs, features, labels }: CompiledExplanation): readonly ResultOutput[] {
  return outputs.map(({ name, dims }): ResultOutput => {
    const width = (dims ?? []).slice(1).reduce<number>((size, d) => size * (typeof d === "number" ? d : 1), 1);
    if (name === "target" && labels !== undefined) return { output: name, kind: "label", columns: [name], labels };
    const slash = name.indexOf("/");
    const [stem, input] = slash < 0 ? [name, ""] : [name.slice(0, slash), name.slice(slash + 1)];
    const elements = name === "prediction" ? labels : features[input];
    const prefix = stem === "attributions" ? input : name === "prediction" ? name : slash < 0 ? name : `${stem}.${input}`;
    if (width === 1 && (dims ?? []).length <= 1) return { output: name, kind: "number", columns: [name] };
    return {
      output: name,
      kind: "number",
      columns: Array.from({ length: width }, (_, i) => `${prefix}.${elements?.length === width ? (elements[i] ?? i) : i}`),
    };
  });
}
