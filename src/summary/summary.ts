import type { BatchSummary, WrongPrediction } from "../protocol/batch.js";
import type { DriverSummary, GroupSummary, ObservedRow, SwarmSummary } from "../protocol/summary.js";
import { CreditSums, type KeyedFeature } from "./creditSums.js";

const mostWrong = 20;
const mostConfusions = 20;
const mostClasses = 20;
const reasonsShown = 3;

/** Which rows are looked at: all, those predicted as a class, right ones, wrong ones. */
export type RowGroup = "all" | "right" | "wrong" | { readonly predicted: string };

/** What is wanted of a group: as many features as `features`, of those whose name holds `search`; as many of them as swarms, of about `dots` dots together. */
export interface GroupQuery {
  readonly features: number;
  readonly search?: string;
  readonly swarms?: { readonly features: number; readonly dots: number };
}

/** Who was asked what of which data. */
export type SummaryHead = Pick<BatchSummary, "model" | "samples" | "method" | "baseline">;

/** A row that is drawn: of thousands of credits, no more than the dots tell. */
interface DrawnRow extends Pick<ObservedRow, "row" | "predicted" | "right"> {
  readonly keys: readonly string[];
  readonly credits: readonly number[];
  readonly values: readonly (number | string | null)[];
}

/** What a report shows of all rows, and of each class. */
const reported = { all: { features: 40, swarms: { features: 20, dots: 10_000 } }, class: { features: 40 } } satisfies Record<string, GroupQuery>;

/** Adds up rows one by one: of all of them, of each class, of right and wrong ones. Rows that are drawn are kept, all others only counted. */
export class Summary {
  readonly #all = new CreditSums();
  readonly #byClass = new Map<string, CreditSums>();
  readonly #judged = { right: new CreditSums(), wrong: new CreditSums() };
  readonly #confusions = new Map<string, { readonly truth: string; readonly predicted: string; rows: number }>();
  readonly #drawn: DrawnRow[] = [];
  #wrongest: readonly WrongPrediction[] = [];
  #delta: number | null = null;

  /** The classes that were predicted, the commonest first. */
  get classes(): readonly { readonly label: string; readonly rows: number }[] {
    return [...this.#byClass].map(([label, { rows }]) => ({ label, rows })).sort((a, b) => b.rows - a.rows);
  }

  get rows(): number {
    return this.#all.rows;
  }

  get right(): number {
    return this.#judged.right.rows;
  }

  get wrong(): number {
    return this.#judged.wrong.rows;
  }

  add(row: ObservedRow): void {
    const { predicted, right, delta } = row;
    this.#all.add(row);
    if (predicted !== null) this.#classOf(predicted)?.add(row);
    if (delta !== null) this.#delta = Math.max(this.#delta ?? 0, Math.abs(delta));
    if (row.drawn) this.#drawn.push(drawnRow(row));
    if (right === undefined || predicted === null) return;
    this.#judged[right ? "right" : "wrong"].add(row);
    const truth = row.truth ?? "";
    const key = JSON.stringify([truth, predicted]);
    const confusion = this.#confusions.get(key);
    if (confusion === undefined) this.#confusions.set(key, { truth, predicted, rows: 1 });
    else confusion.rows++;
    if (!right) this.#keepWrong(row, truth, predicted);
  }

  /** The means of a group of rows; undefined for one that has none. */
  group(which: RowGroup, { features: most, search = "", swarms }: GroupQuery): GroupSummary | undefined {
    const sums = this.#sumsOf(which);
    if (sums === undefined || sums.rows === 0) return undefined;
    const wanted = search.trim().toLowerCase();
    const features = sums.features().filter(({ label }) => label.toLowerCase().includes(wanted));
    return {
      rows: sums.rows,
      features: features.slice(0, most).map(({ key: _, ...feature }) => feature),
      count: features.length,
      swarms: swarms === undefined ? [] : this.#swarms(features.slice(0, swarms.features), which, swarms.dots),
      pictures: sums.pictures(),
      shares: sums.shares(),
    };
  }

  /** How wrong predictions differ from right ones; null without both. */
  drivers({ features: most, search = "" }: GroupQuery): DriverSummary | null {
    const { right, wrong } = this.#judged;
    if (right.rows === 0 || wrong.rows === 0) return null;
    const wanted = search.trim().toLowerCase();
    const ofRight = new Map(right.features().map((feature) => [feature.key, feature]));
    const rightPictures = new Map(right.pictures().map((picture) => [picture.input, picture]));
    return {
      right: right.rows,
      wrong: wrong.rows,
      features: wrong
        .features()
        .flatMap((feature) => {
          const other = ofRight.get(feature.key);
          if (other === undefined || !feature.label.toLowerCase().includes(wanted)) return [];
          return {
            label: feature.label,
            input: feature.input,
            right: other.mean,
            wrong: feature.mean,
            difference: feature.mean - other.mean,
            interval: Math.min(feature.rows, other.rows) < 2 ? null : Math.hypot(feature.meanInterval, other.meanInterval),
          };
        })
        .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
        .slice(0, most),
      pictures: wrong.pictures().flatMap(({ input, dims, mean }) => {
        const other = rightPictures.get(input);
        if (other?.dims.join() !== dims.join()) return [];
        const difference = mean.map((x, i) => x - (other.mean[i] ?? NaN));
        return { input, dims, mean: difference, meanAbs: difference.map(Math.abs) };
      }),
    };
  }

  finish(head: SummaryHead, counts: { readonly rejected: number }): BatchSummary {
    const all = this.group("all", reported.all) ?? { rows: 0, features: [], count: 0, swarms: [], pictures: [], shares: [] };
    const judged = this.right + this.wrong;
    return {
      ...head,
      ...counts,
      ...all,
      classes: this.classes.flatMap(({ label }) => {
        const own = this.group({ predicted: label }, reported.class);
        return own === undefined ? [] : { label, ...own };
      }),
      drivers: this.drivers(reported.class),
      judged: judged === 0 ? null : judged,
      wrong: this.wrong,
      confusions: [...this.#confusions.values()].sort((a, b) => b.rows - a.rows).slice(0, mostConfusions),
      wrongest: this.#wrongest,
      delta: this.#delta,
    };
  }

  #sumsOf(which: RowGroup): CreditSums | undefined {
    if (which === "all") return this.#all;
    return typeof which === "string" ? this.#judged[which] : this.#byClass.get(which.predicted);
  }

  #classOf(label: string): CreditSums | undefined {
    const known = this.#byClass.get(label);
    if (known !== undefined || this.#byClass.size >= mostClasses) return known;
    const sums = new CreditSums();
    this.#byClass.set(label, sums);
    return sums;
  }

  /** The credits of features in rows of a group that are spread over those that were kept. */
  #swarms(features: readonly KeyedFeature[], which: RowGroup, most: number): readonly SwarmSummary[] {
    const own = this.#drawn.filter(
      ({ predicted, right }) => which === "all" || (typeof which === "string" ? right === (which === "right") : predicted === which.predicted),
    );
    const stride = Math.max(1, (own.length * features.length) / most);
    const dots = new Map(features.map(({ key }) => [key, [] as SwarmSummary["dots"][number][]]));
    for (let i = 0; i < own.length; i += stride) {
      const { row = 0, keys = [], credits = [], values = [] } = own[Math.floor(i)] ?? {};
      keys.forEach((key, k) => dots.get(key)?.push([row, credits[k] ?? NaN, values[k] ?? null]));
    }
    return features.map(({ key, label }) => ({ label, dots: dots.get(key) ?? [] }));
  }

  #keepWrong({ row, id, score, credits }: ObservedRow, truth: string, predicted: string): void {
    const least = this.#wrongest.at(-1);
    if (this.#wrongest.length >= mostWrong && least !== undefined && least.score >= score) return;
    const reasons = [...credits]
      .sort((a, b) => Math.abs(b.credit) - Math.abs(a.credit))
      .slice(0, reasonsShown)
      .map(({ label, credit }) => ({ label, credit }));
    this.#wrongest = [...this.#wrongest, { row, id, truth, predicted, score, reasons }].sort((a, b) => b.score - a.score || a.row - b.row).slice(0, mostWrong);
  }
}

function drawnRow({ row, predicted, right, credits }: ObservedRow): DrawnRow {
  return {
    row,
    predicted,
    ...(right === undefined ? {} : { right }),
    keys: credits.map(({ key }) => key),
    credits: credits.map(({ credit }) => credit),
    values: credits.map(({ value }) => value),
  };
}
