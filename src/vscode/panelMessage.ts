import * as v from "valibot";
import type { FromPanel } from "../protocol/viewModel.js";

const text = v.pipe(v.string(), v.maxLength(1000));
const row = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const fromPanel = v.variant("kind", [
  v.strictObject({ kind: v.literal("ready") }),
  v.strictObject({ kind: v.literal("target"), target: text }),
  v.strictObject({ kind: v.literal("method"), method: text }),
  v.strictObject({ kind: v.literal("baseline"), baseline: text }),
  v.strictObject({ kind: v.literal("row"), row }),
  v.strictObject({ kind: v.literal("layer"), layer: text }),
  v.strictObject({ kind: v.literal("source"), layer: text }),
  v.strictObject({ kind: v.literal("unit"), layer: text, unit: text }),
  v.strictObject({ kind: v.literal("cancel") }),
  v.strictObject({ kind: v.literal("retry") }),
  v.strictObject({ kind: v.literal("export"), format: v.picklist(["html", "json", "csv"]) }),
]);

/** A message of the webview, or undefined when it is none of those the panel may send. */
export function parsePanelMessage(message: unknown): FromPanel | undefined {
  const parsed = v.safeParse(fromPanel, message);
  return parsed.success ? parsed.output : undefined;
}
