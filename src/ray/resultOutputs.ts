import type { CompiledExplanation } from "../protocol/compiled.js";
import type { ModelValue } from "../protocol/explanation.js";

/** One output of the explanation as columns of the result. */
export interface ResultOutput {
  readonly output: string;
  /** `number`: one column an element; `best`: the name of the largest element; `name`: the name of the element that the output counts; `list`: all elements in one cell. */
  readonly kind: "number" | "best" | "name" | "list";
  readonly columns: readonly string[];
  /** For `best` and `name`. */
  readonly names?: readonly string[];
  /** For `list`: the input whose text the elements are tokens of; padding is left out. */
  readonly tokens?: string;
}

/** Inputs with more elements than this are one list a row, as in the results of this machine. */
const mostColumns = 2048;

/** The columns of a result, named as those of a data set that was explained on this machine: prediction, target, scores, then credits as INPUT.FEATURE. */
export function resultOutputs(compiled: CompiledExplanation): readonly ResultOutput[] {
  const { outputs, labels, features, feeds } = compiled;
  const found = new Map(outputs.map((output) => [output.name, output]));
  const number = (name: string): readonly ResultOutput[] => (found.has(name) ? [{ output: name, kind: "number", columns: [name] }] : []);
  const credits = outputs.flatMap((output): readonly ResultOutput[] => {
    if (!output.name.startsWith(creditPrefix)) return [];
    const input = output.name.slice(creditPrefix.length);
    const dims = behind(output);
    const size = product(dims);
    if (feeds[input]?.kind === "text") return [{ output: output.name, kind: "list", columns: [`${input}.elements`, input], tokens: input }];
    if (size > mostColumns) return [{ output: output.name, kind: "list", columns: [`${input}.elements`, input] }];
    const own = features[input];
    const names = own?.length === size ? own : Array.from({ length: size }, (_, i) => position(i, dims));
    return [{ output: output.name, kind: "number", columns: unique(names).map((name) => `${input}.${name}`) }];
  });
  return [...prediction(found.get("prediction"), labels), ...target(compiled), ...["score", "baselineScore", "delta"].flatMap(number), ...credits];
}

const creditPrefix = "attributions/";

function prediction(output: ModelValue | undefined, labels: readonly string[] | undefined): readonly ResultOutput[] {
  if (output === undefined) return [];
  const size = product(behind(output));
  if (size === 1) return [{ output: output.name, kind: "number", columns: ["prediction"] }];
  const names = Array.from({ length: size }, (_, i) => (labels?.length === size ? (labels[i] ?? String(i)) : String(i)));
  return [
    { output: output.name, kind: "best", columns: ["prediction"], names },
    { output: output.name, kind: "number", columns: unique(names).map((name) => `prediction.${name}`) },
  ];
}

function target({ outputs, target: explained, labels }: CompiledExplanation): readonly ResultOutput[] {
  if (explained === undefined || !outputs.some(({ name }) => name === "target")) return [];
  const { value, dims } = explained;
  const size = product(dims);
  const names = Array.from({ length: size }, (_, i) => (labels?.length === size ? (labels[i] ?? "") : `${value}[${position(i, dims)}]`));
  return [{ output: "target", kind: "name", columns: ["target"], names }];
}

function behind({ dims }: ModelValue): readonly number[] {
  return (dims ?? []).slice(1).map((d) => (typeof d === "number" ? d : 1));
}

function product(dims: readonly number[]): number {
  return dims.reduce((size, d) => size * d, 1);
}

/** A flat position as the indices along the axes, with commas. */
function position(flat: number, dims: readonly number[]): string {
  const index: number[] = [];
  let rest = flat;
  for (const d of dims.toReversed()) {
    index.unshift(rest % d);
    rest = Math.floor(rest / d);
  }
  return index.join(",");
}

function unique(names: readonly string[]): readonly string[] {
  const taken = new Map<string, number>();
  return names.map((name) => {
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
