import * as v from "valibot";
import { measureNames, methodNames } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";

const text = v.string();
const texts = v.record(text, text);
const row = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const request = v.object({
  model: v.pipe(text, v.nonEmpty()),
  samples: v.exactOptional(text),
  rows: v.exactOptional(v.union([v.array(row), v.literal("all")])),
  values: v.exactOptional(texts),
  method: v.exactOptional(v.picklist(methodNames)),
  targets: v.exactOptional(v.array(text)),
  versus: v.exactOptional(text),
  baselines: v.exactOptional(texts),
  columns: v.exactOptional(v.record(text, v.array(text))),
  layer: v.exactOptional(text),
  neuron: v.exactOptional(text),
  fixed: v.exactOptional(v.array(text)),
  options: v.exactOptional(v.record(text, v.unknown())),
  measures: v.exactOptional(v.array(v.picklist(measureNames))),
  threads: v.exactOptional(row),
});

/** A request that comes from outside the host's code: a keybinding's arguments, or the state a webview kept over a reload. */
export function parseRequest(value: unknown): ExplainRequest | undefined {
  const parsed = v.safeParse(request, value);
  return parsed.success ? parsed.output : undefined;
}

/** The request in the state that a webview kept, wherever the page put it: the state itself, or its `state` field. */
export function savedRequest(saved: unknown): ExplainRequest | undefined {
  const holder = v.safeParse(
    v.union([
      v.object({ request: v.unknown() }),
      v.pipe(
        v.object({ state: v.object({ request: v.unknown() }) }),
        v.transform(({ state }) => state),
      ),
    ]),
    saved,
  );
  return holder.success ? parseRequest(holder.output.request) : undefined;
}
