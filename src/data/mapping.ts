import { ExplainError } from "../base/diagnostic.js";
import type { Sidecar } from "../protocol/sidecar.js";
import { lookAtColumns, type ColumnFacts } from "./columns.js";
import { rowWidth, type InputSlot } from "./inputSlot.js";
import type { InputSource } from "./inputSource.js";
import { byMedia, followed } from "./mediaColumns.js";
import type { SampleRow } from "./sampleFile.js";
import { columnOfOne, pairedColumns, tokensBehind } from "./textColumns.js";

export type { InputSlot } from "./inputSlot.js";
export type { InputSource } from "./inputSource.js";

/** Which column feeds which input, and what the other columns are. */
export interface Mapping {
  readonly inputs: Readonly<Record<string, InputSource>>;
  /** Column with the true answer. */
  readonly label?: string;
  readonly id?: string;
  readonly ignored: readonly string[];
  /** For people, one line an input: "measurements ← pregnant, glucose, …". */
  words(): string[];
}

/** Inputs that follow from a token input when no column has their name. */
const derivedRoles = new Set(["mask", "tokenTypes", "positions"]);
const textNames = ["text", "sentence", "review", "content", "comment", "message", "document", "body", "title", "question", "input"];

/**
 * Decides which column feeds which input: by the sidecar, by name, by width, by type. `firstRows` show what the columns hold. Inputs in `given` are fed otherwise.
 * Throws COLUMN_MISSING or COLUMNS_AMBIGUOUS with what was found, what is expected and what to do.
 */
export function mapColumns(
  slots: readonly InputSlot[],
  columns: readonly string[],
  firstRows: readonly SampleRow[],
  sidecar?: Sidecar,
  given: readonly string[] = [],
): Mapping {
  const facts = lookAtColumns(columns, firstRows);
  const open = slots.filter((slot) => !given.includes(slot.name));
  // Arrays, tables without a header, pictures, sounds and lines of text have no names to go by: there the sidecar's columns are names for people, or of another file.
  const nameless =
    columns.every((name) => /^(value|column \d+|input_\d+)$/.test(name) || slots.some((slot) => slot.name === name)) ||
    columns.every((name) => /^(image|audio|text|label)$/.test(name));
  const chosen = new Map<string, InputSource>();
  const taken = new Set<string>();
  const label = findLabel(facts, sidecar);
  const take = (slot: InputSlot, source: InputSource): void => {
    const said = nameless ? sidecar?.inputs?.[slot.name]?.columns : undefined;
    const names =
      sidecar?.inputs?.[slot.name]?.features ??
      (said !== undefined && said.length > 1 ? said : undefined) ??
      source.features ??
      (source.kind === "cell" ? slot.features : undefined);
    const { categories, groups } = sidecar?.inputs?.[slot.name] ?? {};
    chosen.set(slot.name, {
      ...source,
      ...(names === undefined ? {} : { features: names }),
      ...(categories === undefined ? {} : { categories }),
      ...(groups === undefined ? {} : { groups }),
    });
    for (const column of source.columns) taken.add(column);
  };

  // What is said or named comes before what is guessed, so that a guess can't take another input's column.
  for (const slot of open) {
    const said = sidecar?.inputs?.[slot.name]?.columns;
    const source = said === undefined || (nameless && !said.every((name) => columns.includes(name))) ? byName(slot, facts) : bySidecar(slot, said, facts);
    if (source !== undefined) take(slot, source);
  }
  // ONNX test data without names: input_0 is the model's first input.
  if (chosen.size === 0 && columns.every((name) => /^input_\d+$/.test(name)))
    for (const f of facts) {
      const slot = slots[Number(f.name.slice("input_".length))];
      if (slot !== undefined && open.includes(slot) && fits(slot, f)) take(slot, single(slot, f));
    }
  const rest = open.filter((slot) => !chosen.has(slot.name));
  const free = (): ColumnFacts[] => facts.filter((f) => !taken.has(f.name) && f.name !== label);
  const withTypes = open.some((slot) => slot.role === "tokenTypes");
  for (const slot of rest.filter((s) => s.role === "tokens" || s.dtype === "string")) take(slot, byText(slot, free(), rest, withTypes));
  for (const slot of rest.filter((s) => !chosen.has(s.name))) {
    const source = byMedia(slot, free(), rest);
    if (source !== undefined) take(slot, source);
  }
  const heard = [...chosen].find(([, source]) => source.kind === "audio")?.[0];
  const seen = [...chosen].find(([, source]) => source.kind === "image")?.[0];
  for (const slot of rest.filter((s) => !chosen.has(s.name))) {
    const from = derivedRoles.has(slot.role) ? (tokensBehind(slot, open)?.name ?? (slot.role === "mask" ? (heard ?? seen) : undefined)) : followed(slot, heard);
    if (from !== undefined) take(slot, { kind: "derived", columns: [], from });
    else if (slot.value !== undefined) take(slot, { kind: "default", columns: [] });
  }
  const numeric = rest.filter((slot) => !chosen.has(slot.name));
  for (const slot of numeric) take(slot, byWidth(slot, free(), numeric, facts, taken));

  // In the model's order, whatever was decided first.
  const inputs = Object.fromEntries(
    open.flatMap(({ name }) => {
      const source = chosen.get(name);
      return source === undefined ? [] : [[name, source] as const];
    }),
  );
  const unused = facts.filter((f) => !taken.has(f.name));
  const id = unused.find((f) => f.named === "id")?.name;
  const answer = label ?? lastWord(unused);
  return {
    inputs,
    ...(answer === undefined || taken.has(answer) ? {} : { label: answer }),
    ...(id === undefined ? {} : { id }),
    ignored: unused.map((f) => f.name).filter((name) => name !== answer && name !== id),
    words: () => Object.entries(inputs).map(([name, source]) => `${name} ← ${sourceWords(source)}`),
  };
}

function sourceWords({ kind, from = "the tokens", columns }: InputSource): string {
  if (kind === "derived") return `made with ${from}`;
  if (kind === "default") return "the same in every row";
  return columns.join(", ");
}

function bySidecar(slot: InputSlot, said: readonly string[], facts: readonly ColumnFacts[]): InputSource {
  const lost = said.filter((name) => !facts.some((f) => f.name === name));
  if (lost.length > 0)
    throw new ExplainError(
      "COLUMN_MISSING",
      `The input "${slot.name}" needs the column${lost.length > 1 ? "s" : ""} ${list(lost)}, which the sample file does not have. It has ${list(facts.map((f) => f.name))}.`,
      {
        hint: 'Name the column as the sidecar does, or change "columns" in the sidecar.',
      },
    );
  const [only] = said;
  const alone = said.length === 1 ? facts.find((f) => f.name === only) : undefined;
  if (alone !== undefined) return single(slot, alone);
  if (slot.role === "tokens" && said.length === 2 && facts.every((f) => !said.includes(f.name) || f.kind === "text")) return { kind: "text", columns: said };
  return { kind: "columns", columns: said, features: said };
}

/** A column named like the input, numbered columns (`x_0`, `x.1`), or all of the feature names found beside the model. */
function byName(slot: InputSlot, facts: readonly ColumnFacts[]): InputSource | undefined {
  const same = facts.find((f) => normal(f.name) === normal(slot.name));
  if (same !== undefined && fits(slot, same)) return single(slot, same);
  const members = facts.filter(
    (f) => f.name.length > slot.name.length && f.name.toLowerCase().startsWith(slot.name.toLowerCase()) && /^[._[ ]/.test(f.name.slice(slot.name.length)),
  );
  if (members.length > 0 && (rowWidth(slot) ?? members.length) === members.length)
    return { kind: "columns", columns: members.map((f) => f.name), features: members.map((f) => f.name.slice(slot.name.length).replace(/^[._[ ]+|\]$/g, "")) };
  const { features } = slot;
  if (features !== undefined && features.length > 1 && features.every((name) => facts.some((f) => f.name === name)))
    return { kind: "columns", columns: features, features };
  return undefined;
}

function fits(slot: InputSlot, column: ColumnFacts): boolean {
  if (column.media !== null) return slot[column.media] !== undefined || slot.dtype === "string";
  if (column.kind === "text") return slot.role === "tokens" || slot.dtype === "string" || slot.role === "categories";
  const width = rowWidth(slot);
  return width === null || column.width === null || column.width === width || column.kind === "empty";
}

function single(slot: InputSlot, column: ColumnFacts): InputSource {
  if (column.media !== null && slot[column.media] !== undefined) return { kind: column.media, columns: [column.name] };
  if (slot.role === "tokens" && column.kind !== "array" && column.kind !== "number") return { kind: "text", columns: [column.name] };
  if (column.kind === "array") return { kind: "cell", columns: [column.name] };
  return rowWidth(slot) === 1 ? { kind: "columns", columns: [column.name], features: [column.name] } : { kind: "cell", columns: [column.name] };
}

function byText(slot: InputSlot, free: readonly ColumnFacts[], rest: readonly InputSlot[], withTypes: boolean): InputSource {
  const texts = free.filter((f) => f.kind === "text" && f.named === null && f.media === null);
  const rivals = rest.filter((s) => s.role === "tokens" || s.dtype === "string");
  const pair = rivals.length === 1 && slot.role === "tokens" ? pairedColumns(texts, withTypes) : undefined;
  if (pair !== undefined) return { kind: "text", columns: pair.map(({ name }) => name) };
  const mine = rivals.length > 1 ? columnOfOne(slot, rivals, texts) : undefined;
  if (mine !== undefined) return single(slot, mine);
  const known = textNames.map((name) => texts.find((f) => normal(f.name) === name)).filter((f) => f !== undefined);
  const lists = free.filter((f) => f.kind === "array" && f.named === null);
  const ids = lists.length === 1 && rest.length === 1 ? lists : lists.filter((f) => /tok|id/i.test(f.name));
  const choice = rivals.length > 1 ? [] : known.length > 0 ? known.slice(0, 1) : texts.length > 0 ? texts : ids;
  const [only] = choice;
  if (only !== undefined && choice.length === 1) return single(slot, only);
  // One column of sentences among short words.
  const long = texts.filter((f) => f.length >= 20);
  const [sentences] = long;
  if (rivals.length === 1 && sentences !== undefined && long.length === 1) return single(slot, sentences);
  if (texts.length === 0)
    throw new ExplainError(
      "COLUMN_MISSING",
      `The input "${slot.name}" takes text, but the sample file has no column of text. It has ${list(free.map((f) => f.name))}.`,
      {
        hint: `Add a column named "${slot.name}" or "text", or name the column in the sidecar.`,
      },
    );
  throw new ExplainError("COLUMNS_AMBIGUOUS", `The input "${slot.name}" could be fed by ${list(texts.map((f) => f.name))}.`, { hint: sidecarHint(slot) });
}

function byWidth(
  slot: InputSlot,
  free: readonly ColumnFacts[],
  rivals: readonly InputSlot[],
  all: readonly ColumnFacts[],
  taken: ReadonlySet<string>,
): InputSource {
  const width = rowWidth(slot);
  const arrays = free.filter((f) => f.kind === "array" && f.width === width && width !== null);
  const [array] = arrays;
  const sameWidth = rivals.filter((s) => rowWidth(s) === width).length;
  if (array !== undefined && arrays.length === 1 && sameWidth === 1) return { kind: "cell", columns: [array.name] };
  const onlyArray = free.filter((f) => f.kind === "array");
  const [lone] = onlyArray;
  if (width === null && lone !== undefined && onlyArray.length === 1 && rivals.length === 1) return { kind: "cell", columns: [lone.name] };

  const numbers = free.filter((f) => f.kind === "number" || f.kind === "empty");
  const unnamed = numbers.filter((f) => f.named === null);
  const withoutId = numbers.filter((f) => f.named !== "id");
  const withoutLabel = numbers.filter((f) => f.named !== "label");
  const fitting = width === null ? (unnamed.length > 0 ? unnamed : undefined) : [numbers, withoutLabel, withoutId, unnamed].find((set) => set.length === width);
  if (fitting !== undefined && rivals.length === 1) return { kind: "columns", columns: fitting.map((f) => f.name), features: fitting.map((f) => f.name) };

  const wanted = width === null ? "numbers" : `${width} number${width === 1 ? "" : "s"}`;
  const found =
    unnamed.length === 0
      ? "no column of numbers"
      : `${unnamed.length} column${unnamed.length === 1 ? "" : "s"} of numbers (${list(unnamed.map((f) => f.name))})`;
  if (rivals.length > 1 && numbers.length > 0)
    throw new ExplainError(
      "COLUMNS_AMBIGUOUS",
      `The inputs ${list(rivals.map((s) => s.name))} all take numbers, and nothing says which of the columns ${list(numbers.map((f) => f.name))} feed which.`,
      { hint: sidecarHint(slot) },
    );
  if (width !== null && numbers.length < width) {
    const texts = all
      .filter((f) => f.kind === "text" && !taken.has(f.name) && f.example !== null)
      .map((f) => `"${f.name}" holds text ("${shorten(f.example ?? "")}")`);
    const lists = free.filter((f) => f.kind === "array").map((f) => `"${f.name}" holds lists of ${f.width === null ? "different lengths" : f.width}`);
    texts.push(...lists);
    throw new ExplainError(
      "COLUMN_MISSING",
      `The input "${slot.name}" takes ${wanted}, but the sample file has ${found}.${texts.length > 0 ? ` ${texts.join("; ")}.` : ""}`,
      {
        hint: missingHint(slot, all),
      },
    );
  }
  throw new ExplainError(
    "COLUMNS_AMBIGUOUS",
    `The input "${slot.name}" takes ${wanted}, but the sample file has ${found}, and nothing says which of them it takes.`,
    { hint: `Leave out the columns that the model does not take, or: ${sidecarHint(slot)}` },
  );
}

function missingHint(slot: InputSlot, all: readonly ColumnFacts[]): string {
  const lost = (slot.features ?? []).filter((name) => !all.some((f) => f.name === name));
  return lost.length > 0 && lost.length < (slot.features?.length ?? 0)
    ? `Missing: ${list(lost)}.`
    : "Add the missing column, or choose the sample file that belongs to this model.";
}

/** The sidecar's label column, or one that is named like a label. */
function findLabel(facts: readonly ColumnFacts[], sidecar: Sidecar | undefined): string | undefined {
  const said = sidecar?.label;
  if (said !== undefined) return facts.some((f) => f.name === said) ? said : undefined;
  const named = facts.filter((f) => f.named === "label" && f.kind === "text");
  return named.length === 1 ? named[0]?.name : undefined;
}

/** A last column nobody takes that holds a number named as a label, or short words: the usual place of the true answer. */
function lastWord(unused: readonly ColumnFacts[]): string | undefined {
  const named = unused.filter((f) => f.named === "label");
  if (named.length === 1) return named[0]?.name;
  const words = unused.filter((f) => f.kind === "text" && f.length < 30 && f.media === null);
  return words.length === 1 ? words[0]?.name : undefined;
}

function sidecarHint(slot: InputSlot): string {
  return `say it in the sidecar: "inputs": { "${slot.name}": { "columns": [ … ] } }.`;
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `"${name}"`);
  return names.length === 0 ? "none" : `${shown.join(", ")}${names.length > 12 ? ` and ${names.length - 12} more` : ""}`;
}

function shorten(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
