import type { TableQuery } from "../protocol/viewModel.js";

/** What is kept of a row of a sample file: of a hundred thousand of them, no more than the table shows, sorts and searches. */
export interface KeptSample {
  readonly row: number;
  /** Its cells, one behind the other. */
  readonly text: string;
  readonly label: string;
  readonly predicted: string;
  readonly score: number;
  readonly right: boolean | null;
}

const byName = new Intl.Collator(undefined, { numeric: true });

function matcher({ only, predicted, search }: TableQuery): (sample: KeptSample) => boolean {
  const wanted = search.trim().toLowerCase();
  return (sample) =>
    (only === "all" || sample.right === (only === "right")) &&
    (predicted === "" || sample.predicted === predicted) &&
    (wanted === "" || sample.text.toLowerCase().includes(wanted));
}

function comparer({ sort, descending }: TableQuery): (a: KeptSample, b: KeptSample) => number {
  const sign = descending ? -1 : 1;
  // What is no number goes last whichever way.
  const score = (sample: KeptSample): number => (Number.isNaN(sample.score) ? sign * Infinity : sample.score);
  const difference = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
  const order = (a: KeptSample, b: KeptSample): number => {
    switch (sort) {
      case "row":
        return 0;
      case "score":
        return difference(score(a), score(b));
      case "predicted":
        return a.predicted === b.predicted ? 0 : byName.compare(a.predicted, b.predicted);
      case "label":
        return a.label === b.label ? 0 : byName.compare(a.label, b.label);
    }
  };
  return (a, b) => sign * order(a, b) || (sort === "row" ? sign * (a.row - b.row) : a.row - b.row);
}

const same = (a: TableQuery, b: TableQuery): boolean =>
  a.sort === b.sort && a.descending === b.descending && a.only === b.only && a.predicted === b.predicted && a.search === b.search;

/** Rows that a query leaves, in its order. Rows that come later are merged in: nothing is sorted twice. */
export class SampleOrder {
  #query: TableQuery | undefined;
  #taken = 0;
  #sorted: readonly KeptSample[] = [];

  /** All matching ones of `rows`, of which only new ones are looked at when the query is the former one. */
  of(rows: readonly KeptSample[], query: TableQuery): readonly KeptSample[] {
    if (this.#query === undefined || !same(this.#query, query) || this.#taken > rows.length) {
      this.#taken = 0;
      this.#sorted = [];
    }
    this.#query = query;
    if (this.#taken < rows.length) {
      const compare = comparer(query);
      const added = rows.slice(this.#taken).filter(matcher(query)).sort(compare);
      this.#sorted = this.#sorted.length === 0 ? added : merged(this.#sorted, added, compare);
      this.#taken = rows.length;
    }
    return this.#sorted;
  }
}

function merged<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): readonly T[] {
  const result: T[] = [];
  let i = 0;
  for (const next of b) {
    for (let own = a[i]; own !== undefined && compare(own, next) <= 0; own = a[i]) {
      result.push(own);
      i++;
    }
    result.push(next);
  }
  for (; i < a.length; i++) {
    const own = a[i];
    if (own !== undefined) result.push(own);
  }
  return result;
}
