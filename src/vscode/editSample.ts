import type { Edits } from "../protocol/edits.js";
import type { Explanation } from "../protocol/explanation.js";
import type { FromPanel } from "../protocol/panelMessages.js";
import { editRegion } from "./regionEdits.js";
import { editElements, editText } from "./sampleEdits.js";

/** What the page asks of the sample: other values, another text, a region of a picture changed, or all as it was. */
export type EditMessage = Extract<FromPanel, { kind: "edit" | "editText" | "region" | "reset" }>;

/** The edits after a message of the page. `base` is the answer for the sample as it is. */
export function editSample(edits: Edits, base: Explanation, message: EditMessage): Edits {
  const [original] = base.results;
  if (original === undefined) return edits;
  switch (message.kind) {
    case "edit":
      return editElements(edits, original, message.input, message.changes);
    case "editText":
      return editText(edits, original, message.input, message.text);
    case "region":
      return editRegion(edits, base, message.input, message, message.what);
    case "reset":
      return {};
  }
}
