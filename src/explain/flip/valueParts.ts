import type { InputSlot } from "../../data/inputSlot.js";
import { toNumbers } from "../../tensor/tensor.js";
import type { PreparedRow } from "../sampleRows.js";
import { choicePart, type Choice } from "./choicePart.js";
import type { FlipPart } from "./flipPart.js";
import { numberPart } from "./numberPart.js";
import { oneHotGroups, oneHotPart } from "./oneHot.js";

/** Inputs with more elements are no table of features. */
const mostElements = 1000;

/** What can be changed of an input of numbers or categories: what other rows of the data have there. `data`: rows that have the same elements; others are left out. */
export function valueParts(slot: InputSlot, base: PreparedRow, data: readonly PreparedRow[]): readonly FlipPart[] {
  const { name } = slot;
  const own = choicesOf(base, name);
  const rows = data.map((row) => choicesOf(row, name)).filter((row) => row.length === own.length);
  if (own.length === 0 || own.length > mostElements || rows.length === 0) return [];
  const { labels, featureGroups } = base.details[name] ?? {};
  const numbers = [own, ...rows].map((row) => row.map(({ value }) => Number(value)));
  const groups = slot.role === "categories" || slot.dtype === "string" ? [] : oneHotGroups(numbers, labels, featureGroups);
  const alone = own.flatMap((from, position): readonly FlipPart[] => {
    if (groups.some(({ positions }) => positions.includes(position))) return [];
    const place = { input: name, position, label: labels?.[position] ?? (own.length === 1 ? name : `${name}[${position}]`) };
    const column = rows.flatMap((row) => row[position] ?? []);
    const inWords = slot.role === "categories" || slot.dtype === "bool" || [from, ...column].some(({ shown }) => typeof shown === "string");
    const part = inWords
      ? choicePart(place, from, column)
      : numberPart(
          place,
          Number(from.shown),
          column.map(({ shown }) => Number(shown)).filter((x) => Number.isFinite(x)),
        );
    return part === undefined ? [] : [part];
  });
  const sample = numbers[0] ?? [];
  const present = (position: number): boolean => numbers.slice(1).some((row) => row[position] === 1);
  return [...alone, ...groups.flatMap((group) => oneHotPart(name, group, sample, labels, present) ?? [])];
}

/** The elements of a row's input as the model takes them and as people read them; none where the two can't be laid side by side. */
function choicesOf({ feeds, details }: PreparedRow, input: string): readonly Choice[] {
  const value = feeds[input];
  const shown = details[input]?.values ?? [];
  if (value === undefined || value.data.length !== shown.length) return [];
  const own = value.dtype === "string" ? (value.data as readonly string[]) : Array.from(toNumbers(value));
  return shown.map((one, i) => ({ shown: one, value: own[i] ?? NaN }));
}
