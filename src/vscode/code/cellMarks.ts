import { betweenTexts } from "../../protocol/betweenTexts.js";
import type { Credit, Result, SamplePage } from "../../protocol/explanation.js";
import { creditFormatter } from "../../viewmodel/format.js";
import { mergeWords } from "../../viewmodel/words.js";
import type { RecordCell } from "./recordCells.js";

/** The credit of a piece of a sample file: a cell, a number in a list, a word. Offsets are in the record's text. */
export interface CellMark {
  readonly from: number;
  readonly to: number;
  readonly credit: number;
  /** |credit| as a part of the row's largest. */
  readonly strength: number;
  /** "glucose = 134", for people. */
  readonly what: string;
  /** Where the value's path began; of numbers with one baseline. */
  readonly baseline?: number;
  /** The credit with the decimals that fit the row. */
  readonly shown: string;
}

type Placed = Omit<CellMark, "strength" | "shown">;

/** What the pieces of an explained row are credited with, on one scale over all inputs. */
export function cellMarks(cells: ReadonlyMap<string, RecordCell>, feeds: NonNullable<SamplePage["feeds"]>, result: Result): readonly CellMark[] {
  const placed = Object.entries(result.attributions).flatMap(([input, credit]) => {
    const feed = feeds[input];
    return feed === undefined ? [] : place(feed, credit, cells);
  });
  const most = Math.max(0, ...placed.map(({ credit }) => Math.abs(credit)));
  const format = creditFormatter(most);
  return placed.map((mark) => ({ ...mark, strength: most === 0 ? 0 : Math.abs(mark.credit) / most, shown: format(mark.credit) }));
}

function place(feed: NonNullable<SamplePage["feeds"]>[string], credit: Credit, cells: ReadonlyMap<string, RecordCell>): Placed[] {
  const [first = ""] = feed.columns;
  const only = cells.get(first);
  switch (feed.kind) {
    case "derived":
    case "default":
      return [];
    case "text":
      if (feed.columns.length > 1) return pairWords(credit, feed.columns, cells);
      return only === undefined ? [] : words(credit, only);
    case "columns":
      return feed.columns.length !== credit.data.length
        ? []
        : feed.columns.flatMap((column, i) => {
            const cell = cells.get(column);
            return cell === undefined ? [] : element(credit, i, column, cell.from, cell.to);
          });
    case "image":
    case "audio":
    case "cell":
      if (only === undefined) return [];
      // A list whose numbers can't be told apart has the credit of all of them.
      if (only.items.length !== credit.data.length) return [{ from: only.from, to: only.to, credit: sum(credit.data), what: first }];
      return only.items.flatMap(([from, to], i) => element(credit, i, `${first}[${i}]`, from, to));
  }
}

function element(credit: Credit, i: number, column: string, from: number, to: number): Placed[] {
  const number = credit.data[i];
  const value = credit.values?.[i];
  const start = credit.baseline?.[i];
  const what = `${credit.labels?.[i] ?? column}${value === undefined ? "" : ` = ${value}`}`;
  return number === undefined || !Number.isFinite(number) ? [] : [{ from, to, credit: number, what, ...(start === undefined ? {} : { baseline: start }) }];
}

function words(credit: Credit, cell: RecordCell): Placed[] {
  return mergeWords(credit).flatMap(({ span, text, credit: number }) => {
    const from = span === undefined ? undefined : cell.units[span[0]];
    const last = span === undefined ? undefined : cell.units[span[1]];
    return from === undefined || last === undefined || !Number.isFinite(number) ? [] : [{ from, to: last, credit: number, what: text }];
  });
}

/** Words of two texts that the model read as one: those behind what stands between them are the second column's. */
function pairWords(credit: Credit, columns: readonly string[], cells: ReadonlyMap<string, RecordCell>): Placed[] {
  const whole = credit.text ?? "";
  const [first = "", second = ""] = whole.split(betweenTexts);
  const starts = [0, whole.length - second.length];
  return columns.flatMap((column, i) => {
    const cell = cells.get(column);
    const start = starts[i] ?? 0;
    const end = i === 0 ? first.length : whole.length;
    if (cell === undefined) return [];
    const own = {
      ...credit,
      spans: (credit.spans ?? []).map(([from, to]) => (from >= start && to <= end ? ([from - start, to - start] as const) : ([0, 0] as const))),
    };
    return words({ ...own, text: whole.slice(start, end) }, cell);
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
