import { uniqueNames } from "../base/uniqueNames.js";
import { mostCreditColumns } from "../protocol/batch.js";
import type { ResultOutput } from "../protocol/cluster.js";
import type { CompiledExplanation } from "../protocol/compiled.js";
import type { ModelValue } from "../protocol/explanation.js";
import { sizeOf } from "../tensor/tensor.js";
import { unravel } from "../tensor/unravel.js";

/** The columns of a result, named as those of a data set that was explained on this machine: prediction, target, scores, then credits as INPUT.FEATURE. */
export function resultOutputs(compiled: CompiledExplanation): readonly ResultOutput[] {
  const { outputs, labels, features, feeds } = compiled;
  const found = new Map(outputs.map((output) => [output.name, output]));
  const number = (name: string): readonly ResultOutput[] => (found.has(name) ? [{ output: name, kind: "number", columns: [name] }] : []);
  const credits = outputs.flatMap((output): readonly ResultOutput[] => {
    if (!output.name.startsWith(creditPrefix)) return [];
    const input = output.name.slice(creditPrefix.length);
    const dims = behind(output);
    const size = sizeOf(dims);
    const list = { output: output.name, input, kind: "list", size, columns: [`${input}.elements`, input] } as const;
    if (feeds[input]?.kind === "text") return [{ ...list, tokens: input }];
    if (size > mostCreditColumns) return [list];
    const own = features[input];
    const names = own?.length === size ? own : Array.from({ length: size }, (_, i) => unravel(i, dims).join(","));
    return [{ output: output.name, input, kind: "number", columns: uniqueNames(names).map((name) => `${input}.${name}`) }];
  });
  return [...prediction(found.get("prediction"), labels), ...target(compiled), ...["score", "baselineScore", "delta"].flatMap(number), ...credits];
}

const creditPrefix = "attributions/";

function prediction(output: ModelValue | undefined, labels: readonly string[] | undefined): readonly ResultOutput[] {
  if (output === undefined) return [];
  const size = sizeOf(behind(output));
  if (size === 1) return [{ output: output.name, kind: "number", columns: ["prediction"] }];
  const names = Array.from({ length: size }, (_, i) => (labels?.length === size ? (labels[i] ?? String(i)) : String(i)));
  return [
    { output: output.name, kind: "best", columns: ["prediction"], names },
    { output: output.name, kind: "number", columns: uniqueNames(names).map((name) => `prediction.${name}`) },
  ];
}

function target({ outputs, target: explained, labels }: CompiledExplanation): readonly ResultOutput[] {
  if (explained === undefined || !outputs.some(({ name }) => name === "target")) return [];
  const { value, dims } = explained;
  const size = sizeOf(dims);
  const names = Array.from({ length: size }, (_, i) => (labels?.length === size ? (labels[i] ?? "") : `${value}[${unravel(i, dims).join(",")}]`));
  return [{ output: "target", kind: "name", columns: ["target"], names }];
}

function behind({ dims }: ModelValue): readonly number[] {
  return (dims ?? []).slice(1).map((d) => (typeof d === "number" ? d : 1));
}
