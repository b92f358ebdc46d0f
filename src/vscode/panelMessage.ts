import * as v from "valibot";
import { measureNames } from "../protocol/names.js";
import { regionEdits } from "../protocol/region.js";
import type { FromPanel } from "../protocol/panelMessages.js";

const text = v.pipe(v.string(), v.maxLength(1000));
const row = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const extent = v.pipe(row, v.minValue(1));

/** A whole document may be typed; a picture is as large as a screen at most. */
const longText = v.pipe(v.string(), v.maxLength(1_000_000));
const pictureData = v.pipe(v.string(), v.maxLength(30_000_000));

/** A region of a picture at most. */
const mostChanges = 1_000_000;
const elementChange = v.strictTuple([row, v.union([v.pipe(v.number(), v.finite()), text])]);

const tableQuery = v.strictObject({
  from: row,
  sort: v.picklist(["row", "score", "predicted", "label"]),
  descending: v.boolean(),
  only: v.picklist(["all", "wrong", "right"]),
  predicted: text,
  search: text,
});

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
  v.strictObject({ kind: v.literal("versus"), versus: text }),
  v.strictObject({ kind: v.literal("ask"), what: v.picklist(["target", "versus", "baseline", "columns"]) }),
  v.strictObject({ kind: v.literal("isolated") }),
  v.strictObject({ kind: v.literal("back") }),
  v.strictObject({ kind: v.literal("forward") }),
  v.strictObject({ kind: v.literal("home") }),
  v.strictObject({ kind: v.literal("edit"), input: text, changes: v.pipe(v.array(elementChange), v.maxLength(mostChanges)) }),
  v.strictObject({ kind: v.literal("region"), input: text, what: v.picklist(regionEdits), left: row, top: row, width: extent, height: extent }),
  v.strictObject({ kind: v.literal("editText"), input: text, text: longText }),
  v.strictObject({ kind: v.literal("reset") }),
  v.strictObject({ kind: v.literal("measure"), measure: v.picklist([...measureNames, "all"]) }),
  v.strictObject({ kind: v.literal("stopMeasuring") }),
  v.strictObject({ kind: v.literal("flip"), to: text, input: text }),
  v.strictObject({ kind: v.literal("stopFlip") }),
  v.strictObject({ kind: v.literal("applyFlip") }),
  v.strictObject({ kind: v.literal("pin") }),
  v.strictObject({ kind: v.literal("unpin"), pin: text }),
  v.strictObject({ kind: v.literal("compare"), pin: text }),
  v.strictObject({ kind: v.literal("table"), query: tableQuery }),
  v.strictObject({ kind: v.literal("many"), what: v.picklist(["start", "stop", "csv", "command", "dataset"]) }),
  v.strictObject({ kind: v.literal("manyLook"), look: v.strictObject({ group: text, search: text, most: v.pipe(row, v.minValue(1), v.maxValue(1000)) }) }),
  v.strictObject({ kind: v.literal("copy"), what: v.picklist(["markdown", "command", "python"]) }),
  v.strictObject({ kind: v.literal("picture"), name: text, format: v.picklist(["svg", "png"]), data: pictureData }),
  v.strictObject({ kind: v.literal("export"), format: v.picklist(["html", "json", "csv"]) }),
]);

/** A message of the webview, or undefined when it is none of those the panel may send. */
export function parsePanelMessage(message: unknown): FromPanel | undefined {
  const parsed = v.safeParse(fromPanel, message);
  return parsed.success ? parsed.output : undefined;
}
