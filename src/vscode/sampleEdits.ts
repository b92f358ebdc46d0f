import type { Edits } from "../protocol/edits.js";
import type { Result } from "../protocol/explanation.js";

/** A new value for the element at a position of an input. */
export type ElementChange = readonly [position: number, value: number | string];

/** The edits with elements of an input changed; an input that is as it was is no edit. `original` is the sample as it is. */
export function editElements(edits: Edits, original: Result, input: string, changes: readonly ElementChange[]): Edits {
  const { values, dims = [] } = original.attributions[input] ?? {};
  if (values === undefined) return edits;
  const before = edits[input];
  const now = [...(before?.kind === "values" ? before.values : values)];
  for (const [position, value] of changes) if (position < now.length) now[position] = value;
  const { [input]: _, ...others } = edits;
  return now.every((one, i) => one === values[i]) ? others : { ...others, [input]: { kind: "values", values: now, ...(dims.length > 1 ? { dims } : {}) } };
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
      edit.kind === "text" ? edit.text.replace(/^(?=@)/u, " ") : JSON.stringify(edit.values.length === 1 ? edit.values[0] : nested(edit.values, edit.dims)),
    ]),
  );
}

/** A flat list as lists in lists: a picture keeps its shape where the model does not fix it. */
function nested(values: readonly unknown[], [_, ...inner]: readonly number[] = []): readonly unknown[] {
  const size = inner.reduce((product, extent) => product * extent, 1);
  if (inner.length === 0 || size === 0) return values;
  return Array.from({ length: values.length / size }, (_, i) => nested(values.slice(i * size, (i + 1) * size), inner));
}
