import type { Edits } from "../protocol/edits.js";
import type { Result } from "../protocol/explanation.js";

/** A new value for the element at a position of an input. */
export type ElementChange = readonly [position: number, value: number | string];

/** The edits with elements of an input changed; an input that is as it was is no edit. `original` is the sample as it is. */
export function editElements(edits: Edits, original: Result, input: string, changes: readonly ElementChange[]): Edits {
  const values = original.attributions[input]?.values;
  if (values === undefined) return edits;
  const before = edits[input];
  const now = [...(before?.kind === "values" ? before.values : values)];
  for (const [position, value] of changes) if (position < now.length) now[position] = value;
  const { [input]: _, ...others } = edits;
  return now.every((one, i) => one === values[i]) ? others : { ...others, [input]: { kind: "values", values: now } };
}

/** The edits with the text of an input changed. */
export function editText(edits: Edits, original: Result, input: string, text: string): Edits {
  const before = original.attributions[input]?.text;
  if (before === undefined) return edits;
  const { [input]: _, ...others } = edits;
  return text === before ? others : { ...others, [input]: { kind: "text", text } };
}

/** Edited inputs as a request takes them. A text keeps its meaning as a text: a leading @ would name a file. */
export function editedValues(edits: Edits): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(edits).map(([input, edit]) => [
      input,
      edit.kind === "text" ? edit.text.replace(/^(?=@)/u, " ") : JSON.stringify(edit.values.length === 1 ? edit.values[0] : edit.values),
    ]),
  );
}
