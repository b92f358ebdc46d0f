import type { BatchPlan, BatchSummary, FeatureSummary, WrongPrediction } from "../../protocol/batch.js";
import { basename } from "node:path";
import type { BatchCell, BatchLine } from "./batchCells.js";

/** Half-width of a 95 % interval in standard errors of the mean. */
const interval95 = 1.96;
/** Words that are counted; rarer ones that come later are left out, so that memory stays bounded. */
const mostWords = 50_000;
/** Words in fewer rows than this say little about the model. */
const fewestRows = 3;
const mostFeatures = 40;
const mostSwarms = 20;
const mostWrong = 20;
const mostConfusions = 20;
const mostClasses = 20;
const reasonsShown = 3;

interface Sum {
  rows: number;
  sum: number;
  abs: number;
  square: number;
}

interface Element {
  readonly label: string;
  readonly input: string;
}

/** The credit of one element of a row, and what it is added up under. */
interface Credited {
  readonly key: string;
  readonly element: Element;
  readonly credit: number;
  readonly list: boolean;
}

/** Sums of a class, by element (columns) or word (lists). */
class Sums {
  rows = 0;
  private readonly byKey = new Map<string, Sum & Element>();

  add(key: string, element: Element, credit: number): void {
    let sum = this.byKey.get(key);
    if (sum === undefined) {
      if (this.byKey.size >= mostWords) return;
      sum = { ...element, rows: 0, sum: 0, abs: 0, square: 0 };
      this.byKey.set(key, sum);
    }
    sum.rows++;
    sum.sum += credit;
    sum.abs += Math.abs(credit);
    sum.square += credit * credit;
  }

  strongest(words: boolean): readonly FeatureSummary[] {
    return [...this.byKey.values()]
      .filter((sum) => !words || sum.rows >= Math.min(fewestRows, this.rows))
      .map(({ label, input, rows, sum, abs, square }) => {
        const meanAbs = abs / rows;
        const variance = rows < 2 ? 0 : Math.max(0, square - rows * meanAbs * meanAbs) / (rows - 1);
        return { label, input, rows, meanAbs, mean: sum / rows, interval: interval95 * Math.sqrt(variance / rows) };
      })
      .sort((a, b) => b.meanAbs - a.meanAbs)
      .slice(0, mostFeatures);
  }
}

/** Adds up a data set's rows one by one; memory depends on the number of features and words, not of rows. */
export class Summary {
  private readonly all = new Sums();
  private readonly byClass = new Map<string, Sums>();
  private readonly confusions = new Map<string, { readonly truth: string; readonly predicted: string; rows: number }>();
  private readonly drawn: { readonly row: number; readonly credits: readonly number[]; readonly values: NonNullable<BatchLine["values"]> }[] = [];
  private wrongest: WrongPrediction[] = [];
  private judged = 0;
  private wrong = 0;
  private delta: number | null = null;
  private readonly at: { readonly label: number; readonly id: number; readonly prediction: number; readonly delta: number; readonly credits: number };
  private readonly elements: readonly Element[];
  private readonly several: boolean;
  private readonly words: boolean;

  constructor(private readonly plan: BatchPlan) {
    const column = (name: string): number => plan.columns.findIndex((one) => one.name === name);
    const delta = column("delta");
    this.at = {
      id: plan.id === null ? -1 : 1,
      label: plan.label === null ? -1 : column("prediction") - 1,
      prediction: column("prediction"),
      delta,
      credits: delta + 1,
    };
    this.several = plan.inputs.length > 1;
    this.words = plan.inputs.some(({ form }) => form === "list");
    this.elements = plan.inputs.flatMap(({ name, form, labels }) =>
      form === "list" ? [] : labels.map((label) => ({ label: this.nameOf(name, label), input: name })),
    );
  }

  add({ cells, right, values }: BatchLine): void {
    const predicted = this.plan.scores === 1 ? undefined : String(cells[this.at.prediction] ?? "");
    const groups = [this.all, ...(predicted === undefined ? [] : [this.classOf(predicted)])].filter((group) => group !== undefined);
    for (const group of groups) group.rows++;
    const credited = this.creditsOf(cells);
    for (const { key, element, credit } of credited) for (const group of groups) group.add(key, element, credit);
    const delta = cells[this.at.delta];
    if (typeof delta === "number") this.delta = Math.max(this.delta ?? 0, Math.abs(delta));
    if (values !== undefined) {
      const flat = credited.filter(({ list }) => !list).map(({ credit }) => credit);
      this.drawn.push({ row: Number(cells[0]), credits: flat, values });
    }
    if (right === undefined || predicted === undefined) return;
    this.judged++;
    const truth = String(cells[this.at.label] ?? "");
    const key = JSON.stringify([truth, predicted]);
    const confusion = this.confusions.get(key);
    if (confusion === undefined) this.confusions.set(key, { truth, predicted, rows: 1 });
    else confusion.rows++;
    if (right) return;
    this.wrong++;
    this.keepWrong(cells, credited, truth, predicted);
  }

  finish(counts: { readonly rejected: number }): BatchSummary {
    const { plan } = this;
    const order = this.all.strongest(this.words);
    const columns = this.elements.map((element, i) => ({ ...element, i })).sort((a, b) => rankOf(order, a) - rankOf(order, b));
    return {
      model: basename(plan.request.model),
      samples: basename(plan.samples),
      method: plan.request.method ?? "integratedGradients",
      baseline: Object.entries(plan.request.baselines ?? {})
        .map(([name, word]) => `${name}: ${word.startsWith("@") ? basename(word) : word}`)
        .join(", "),
      rows: this.all.rows,
      ...counts,
      features: order,
      classes: [...this.byClass]
        .sort(([, a], [, b]) => b.rows - a.rows)
        .map(([label, sums]) => ({ label, rows: sums.rows, features: sums.strongest(this.words) })),
      swarms: columns.slice(0, mostSwarms).map(({ label, i }) => ({
        label,
        dots: this.drawn.map(({ row, credits, values }) => [row, credits[i] ?? NaN, values[i] ?? null] as const),
      })),
      judged: this.judged === 0 ? null : this.judged,
      wrong: this.wrong,
      confusions: [...this.confusions.values()].sort((a, b) => b.rows - a.rows).slice(0, mostConfusions),
      wrongest: this.wrongest,
      delta: this.delta,
    };
  }

  private classOf(label: string): Sums | undefined {
    const known = this.byClass.get(label);
    if (known !== undefined || this.byClass.size >= mostClasses) return known;
    const sums = new Sums();
    this.byClass.set(label, sums);
    return sums;
  }

  /** A name alone where there is one input, else with the input's. */
  private nameOf(input: string, label: string): string {
    return this.several ? `${input}: ${label}` : label;
  }

  private creditsOf(cells: readonly BatchCell[]): readonly Credited[] {
    let at = this.at.credits;
    let element = 0;
    return this.plan.inputs.flatMap(({ name, form, labels }): readonly Credited[] => {
      if (form === "columns")
        return labels.map(() => {
          const i = element++;
          return { key: String(i), element: this.elements[i] ?? { label: "", input: name }, credit: Number(cells[at++] ?? NaN), list: false };
        });
      const elements = JSON.parse(String(cells[at++] ?? "[]")) as readonly string[];
      const credits = JSON.parse(String(cells[at++] ?? "[]")) as readonly (number | null)[];
      // A word that stands several times in a text is one word with one credit.
      const found = new Map<string, number>();
      credits.forEach((credit, i) => {
        const word = elements[i] ?? String(i);
        found.set(word, (found.get(word) ?? 0) + (credit ?? 0));
      });
      return [...found].map(([word, credit]) => ({ key: `${name}\n${word}`, element: { label: this.nameOf(name, word), input: name }, credit, list: true }));
    });
  }

  private keepWrong(cells: readonly BatchCell[], credited: readonly Credited[], truth: string, predicted: string): void {
    const scores = cells.slice(this.at.prediction + 1, this.at.prediction + 1 + this.plan.scores).map(Number);
    const score = Math.max(...scores);
    const least = this.wrongest.at(-1);
    if (this.wrongest.length >= mostWrong && least !== undefined && least.score >= score) return;
    const id = this.at.id < 0 ? null : cells[this.at.id];
    const reasons = [...credited]
      .sort((a, b) => Math.abs(b.credit) - Math.abs(a.credit))
      .slice(0, reasonsShown)
      .map(({ element, credit }) => ({ label: element.label, credit }));
    this.wrongest = [...this.wrongest, { row: Number(cells[0]), id: id === null || id === undefined ? null : String(id), truth, predicted, score, reasons }]
      .sort((a, b) => b.score - a.score || a.row - b.row)
      .slice(0, mostWrong);
  }
}

function rankOf(order: readonly FeatureSummary[], { label, input }: Element): number {
  const i = order.findIndex((one) => one.label === label && one.input === input);
  return i < 0 ? order.length : i;
}
