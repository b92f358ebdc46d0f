import * as v from "valibot";
import type { FromModelView } from "../../protocol/modelView.js";

const layer = v.pipe(v.string(), v.maxLength(2000));

const fromModelView = v.variant("kind", [
  v.strictObject({ kind: v.literal("ready") }),
  v.strictObject({ kind: v.literal("explain") }),
  v.strictObject({ kind: v.literal("sidecar") }),
  v.strictObject({ kind: v.literal("retry") }),
  v.strictObject({ kind: v.literal("source"), layer }),
  v.strictObject({ kind: v.literal("layer"), layer }),
]);

/** A message of the model view, or undefined when it is none of those it may send. */
export function parseModelMessage(message: unknown): FromModelView | undefined {
  const parsed = v.safeParse(fromModelView, message);
  return parsed.success ? parsed.output : undefined;
}
