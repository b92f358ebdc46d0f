import type { Inspection } from "../protocol/explanation.js";

type Input = Inspection["inputs"][number];

/** Number of elements one row of the input has, or undefined while a dimension behind the batch axis is open. */
export function elementsOf({ dims }: Pick<Input, "dims">): number | undefined {
  const sizes = dims?.slice(1) ?? [];
  return sizes.every((size) => typeof size === "number") ? sizes.reduce((product, size) => product * size, 1) : undefined;
}

/** Whether plain text can be typed for an input: words for tokens, strings as they are. Anything else takes numbers. */
export const takesText = ({ role, type }: Pick<Input, "role" | "type">): boolean => role === "tokens" || type === "string";

/** Numbers as people type or paste them: separated by commas, semicolons, spaces or tabs, with or without brackets. Undefined when something else is among them. */
function parseNumbers(text: string): readonly number[] | undefined {
  const words = text
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  const numbers = words.map(Number);
  return numbers.length === 0 || numbers.some(Number.isNaN) ? undefined : numbers;
}

/** What is wrong with a typed value: nothing, not numbers, or another count than the input has. */
export function checkTyped(
  input: Input,
  text: string,
):
  | { readonly kind: "fine" }
  | { readonly kind: "empty" }
  | { readonly kind: "notNumbers" }
  | { readonly kind: "count"; readonly found: number; readonly wanted: number } {
  if (text.trim() === "") return { kind: "empty" };
  if (takesText(input) || text.trim().startsWith("@")) return { kind: "fine" };
  if (text.trim().startsWith("[[")) return { kind: "fine" };
  const numbers = parseNumbers(text);
  if (numbers === undefined) return { kind: "notNumbers" };
  const wanted = elementsOf(input);
  return wanted === undefined || wanted === numbers.length ? { kind: "fine" } : { kind: "count", found: numbers.length, wanted };
}

/** A typed value as the request takes it: text as it is, one number plain, several as a JSON array. */
export function typedToRequest(input: Input, text: string): string {
  const trimmed = text.trim();
  if (takesText(input) || trimmed.startsWith("@") || trimmed.startsWith("[[")) return trimmed;
  const numbers = parseNumbers(trimmed) ?? [];
  return numbers.length === 1 && elementsOf(input) === 1 && !trimmed.startsWith("[") ? String(numbers[0]) : JSON.stringify(numbers);
}
