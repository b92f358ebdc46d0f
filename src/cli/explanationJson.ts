import type { Explanation } from "../protocol/explanation.js";
import { shortFloats } from "./numbers.js";

/** The explanation as JSON: numbers of results as shortest float32, NaN and infinities null, long lists on one line. */
export function explanationJson(explanation: Explanation): string {
  const { schema, model, request, mapping, results, aggregate, classes, milliseconds, diagnostics } = explanation;
  return compactJson({
    schema,
    model,
    request,
    mapping,
    results: shortFloats(results),
    ...(aggregate === undefined ? {} : { aggregate: shortFloats(aggregate) }),
    ...(classes === undefined ? {} : { classes: shortFloats(classes) }),
    milliseconds,
    diagnostics,
  });
}

const inlineLength = 160;

/** JSON with indentation, except that short objects and all lists of plain values stand on one line. */
export function compactJson(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const flat = JSON.stringify(value);
  const items: readonly unknown[] = Object.values(value);
  const plain = items.every((item) => typeof item !== "object" || item === null);
  if (flat.length <= inlineLength || (Array.isArray(value) && plain)) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => `${deeper}${compactJson(item, deeper)}`).join(",\n")}\n${indent}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{\n${entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${compactJson(item, deeper)}`).join(",\n")}\n${indent}}`;
}
