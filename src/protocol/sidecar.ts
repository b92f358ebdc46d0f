import type { InputRole, MethodName, OutputRole } from "./names.js";

/** `model.explain.json` beside a model: what the files themselves can't say. Every field is optional; paths are relative to the sidecar and stay inside its folder. Schema: schemas/explain.schema.json. */
export interface Sidecar {
  readonly inputs?: Readonly<Record<string, SidecarInput>>;
  readonly outputs?: Readonly<Record<string, { readonly labels?: readonly string[]; readonly role?: OutputRole }>>;
  /** Sample file. */
  readonly samples?: string;
  /** Rows that stand for the population: `mean` and `median` baselines come from it. */
  readonly training?: string;
  /** Column that holds the true label. */
  readonly label?: string;
  readonly method?: MethodName;
  readonly target?: string;
  readonly baselines?: Readonly<Record<string, string>>;
  /** Layers of interest, by module path or value name; default: all. */
  readonly layers?: readonly string[];
}

export interface SidecarInput {
  readonly role?: InputRole;
  /** Columns of the sample file, in order. */
  readonly columns?: readonly string[];
  /** Feature names, when they differ from the columns. */
  readonly features?: readonly string[];
  readonly tokenizer?: string;
  readonly units?: Readonly<Record<string, string>>;
  readonly categories?: Readonly<Record<string, readonly string[]>>;
}
