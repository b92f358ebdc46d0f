import type { ClassAggregate, Credit, Explanation, Prediction, Result, UnitGroups } from "../protocol/explanation.js";

export type AggregateKind = "mean" | "meanAbs";

/** Half-width of a 95 % interval in standard errors of the mean. */
const interval95 = 1.96;

interface Sum {
  readonly dims: readonly number[];
  /** What the units of the first axis are, in a layer that has channels or positions. */
  readonly by: UnitGroups["by"] | undefined;
  /** Undefined once rows disagree about them. */
  labels: readonly string[] | undefined;
  count: number;
  readonly mean: Float64Array;
  /** Sum of squared deviations (Welford). */
  readonly square: Float64Array;
  /** Rows of another shape came along: there is no mean. */
  uneven: boolean;
}

/** What is added up of the results of one group. */
interface Group {
  count: number;
  readonly sums: Map<string, Sum>;
}

/**
 * Means over rows of each attribution, signed or of absolute values, with the half-width of a 95 % interval: of all results, and of each class. Results are added
 * up and let go, so that a file larger than memory can be averaged. Inputs, layers and neurons are the same to it.
 */
export class Aggregator {
  private readonly all: Group = { count: 0, sums: new Map() };
  private readonly targets = new Map<string, Group>();
  private readonly predictions = new Map<string, Group>();

  constructor(private readonly kind: AggregateKind) {}

  add(results: readonly Result[]): void {
    for (const result of results) {
      this.into(this.all, result);
      if (result.target !== undefined)
        this.into(groupOf(this.targets, result.target.label ?? `${result.target.value}[${result.target.index.join(",")}]`), result);
      const predicted = predictedClass(result.prediction);
      if (predicted !== undefined) this.into(groupOf(this.predictions, predicted), result);
    }
  }

  /** The means; `uneven` names what has another shape in another row (texts of different length) and is left out. */
  finish(): Pick<Explanation, "aggregate" | "classes"> & { readonly uneven: readonly string[] } {
    // Where one class was explained throughout, what it depends on is which class was predicted.
    const [by, groups] = this.targets.size > 1 ? (["target", this.targets] as const) : (["prediction", this.predictions] as const);
    const classes = [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, group]): ClassAggregate => ({
        by,
        label,
        rows: group.count,
        aggregate: { [this.kind]: credits(group) },
      }));
    return {
      aggregate: { [this.kind]: credits(this.all) },
      ...(groups.size > 1 ? { classes } : {}),
      uneven: [...this.all.sums].filter(([, sum]) => sum.uneven || sum.count < this.all.count).map(([name]) => name),
    };
  }

  private into(group: Group, { attributions }: Result): void {
    group.count++;
    for (const [name, credit] of Object.entries(attributions)) {
      const sum = group.sums.get(name) ?? begin(credit);
      group.sums.set(name, sum);
      if (!same(sum.dims, credit.dims)) sum.uneven = true;
      if (sum.uneven) continue;
      sum.count++;
      if (sum.labels !== undefined && !(credit.labels !== undefined && same(sum.labels, credit.labels))) sum.labels = undefined;
      credit.data.forEach((x, i) => {
        const value = this.kind === "mean" ? x : Math.abs(x);
        const before = value - sum.mean[i]!;
        sum.mean[i] = sum.mean[i]! + before / sum.count;
        sum.square[i] = sum.square[i]! + before * (value - sum.mean[i]);
      });
    }
  }
}

function groupOf(groups: Map<string, Group>, label: string): Group {
  const group = groups.get(label) ?? { count: 0, sums: new Map<string, Sum>() };
  groups.set(label, group);
  return group;
}

/** Labels are kept where all rows agree on them; words of a text and the sample's values belong to one row. */
function begin({ dims, data, labels, spans, groups }: Credit): Sum {
  return {
    dims,
    by: groups?.by,
    labels: spans === undefined ? labels : undefined,
    count: 0,
    mean: new Float64Array(data.length),
    square: new Float64Array(data.length),
    uneven: false,
  };
}

function credits({ count, sums }: Group): Readonly<Record<string, Credit>> {
  return Object.fromEntries(
    [...sums]
      .filter(([, sum]) => !sum.uneven && sum.count === count)
      .map(([name, { dims, by, labels, mean, square }]): [string, Credit] => [
        name,
        {
          dims,
          data: [...mean],
          ...(labels === undefined ? {} : { labels }),
          ...(by === undefined ? {} : { groups: { by, data: groupSums(mean, dims[0] ?? 1) } }),
          rows: count,
          ...(count < 2 ? {} : { interval: Array.from(square, (s) => interval95 * Math.sqrt(s / (count - 1) / count)) }),
        },
      ]),
  );
}

/** The averages of a layer's units added up along all axes behind the first: of each channel or position. */
function groupSums(mean: Float64Array, count: number): number[] {
  const size = mean.length / count;
  return Array.from({ length: count }, (_, g) => mean.subarray(g * size, (g + 1) * size).reduce((sum, x) => sum + x, 0));
}

/** The class with the highest score; undefined where a row has one number or several predictions without names. */
function predictedClass({ data, labels }: Prediction): string | undefined {
  if (data.length < 2) return undefined;
  const best = data.reduce((most, x, i) => (x > (data[most] ?? -Infinity) ? i : most), 0);
  return labels?.[best] ?? String(best);
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
