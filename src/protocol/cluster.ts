/** What comes back from a cluster that explained a data set. Plain data. */

/** One output of the explanation as columns of the result. */
export interface ResultOutput {
  readonly output: string;
  /** `number`: one column an element; `best`: the name of the largest element; `name`: the name of the element that the output counts; `list`: all elements in one cell. */
  readonly kind: "number" | "best" | "name" | "list";
  readonly columns: readonly string[];
  /** For `best` and `name`. */
  readonly names?: readonly string[];
  /** Of credits: the input that they are of. */
  readonly input?: string;
  /** For `list`: how many elements there are. */
  readonly size?: number;
  /** For `list`: the input whose text the elements are tokens of; padding is left out. */
  readonly tokens?: string;
}

/** A row of the result, as a reader of its files would see it, and by input what it was explained with. */
export interface SampledRow {
  readonly cells: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, readonly unknown[]>>;
}

/** A result that lies on a cluster, by how many rows it has and some of them. */
export interface ClusterResult {
  readonly data: string;
  readonly outputs: readonly ResultOutput[];
  /** Columns of the result that name a row and hold its true answer. */
  readonly id: string | null;
  readonly label: string | null;
  readonly rows: number;
  /** Of these, how many have a reason in place of credits. */
  readonly rejected: number;
  /** Drawn at random; of a small result all rows that are explained. */
  readonly sample: readonly SampledRow[];
}
