import * as v from "valibot";
import { ExplainError } from "../../base/diagnostic.js";
import { methodNames } from "../../protocol/names.js";
import type { ExplainRequest } from "../../protocol/request.js";

const path = v.pipe(v.string(), v.nonEmpty("is empty"), v.maxLength(4096));
const short = v.pipe(v.string(), v.maxLength(1000));

const explainInput = v.object({
  model: path,
  samples: v.optional(path),
  row: v.optional(v.pipe(v.number(), v.safeInteger("must be a whole number"), v.minValue(0, "counts from 0"))),
  values: v.optional(v.record(short, v.pipe(v.string(), v.maxLength(100_000)))),
  method: v.optional(v.picklist(methodNames, "is no method; ask for the list of methods")),
  target: v.optional(short),
  versus: v.optional(short),
  baseline: v.optional(short),
  layers: v.optional(v.boolean()),
});
const modelInput = v.object({ model: path });

/** What an agent asks of the tools, as package.json declares it. */
export type ExplainInput = v.InferInput<typeof explainInput>;
export type ModelInput = v.InferInput<typeof modelInput>;

/** The request that an agent's input stands for. `resolve` makes paths absolute. Throws OPTION_INVALID with the field that is wrong. */
export function requestOf(input: unknown, resolve: (path: string) => string): { readonly request: ExplainRequest; readonly layers: boolean } {
  const { model, samples, row, values, method, target, versus, baseline, layers } = parsed(explainInput, input);
  return {
    request: {
      model: resolve(model),
      ...(samples === undefined ? {} : { samples: resolve(samples) }),
      ...(row === undefined ? {} : { rows: [row] }),
      ...(values === undefined ? {} : { values }),
      ...(method === undefined ? {} : { method }),
      ...(target === undefined ? {} : { targets: [target] }),
      ...(versus === undefined ? {} : { versus }),
      ...(baseline === undefined ? {} : { baselines: { "": baseline } }),
    },
    layers: layers ?? false,
  };
}

export function modelOf(input: unknown, resolve: (path: string) => string): string {
  return resolve(parsed(modelInput, input).model);
}

function parsed<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? "input";
  throw new ExplainError("OPTION_INVALID", `"${field}" is not right: ${issue.message}.`, { hint: "See the tool's input schema." });
}
