import { fewestWordRows, type FeatureSummary, type ObservedCredit, type ObservedRow, type PictureSummary, type ShareSummary } from "../protocol/summary.js";

/** Half-width of a 95 % interval in standard errors of the mean. */
const interval95 = 1.96;
/** Words that are counted; rarer ones that come later are left out, so that memory stays bounded. */
const mostWords = 50_000;

interface Sum {
  readonly of: ObservedCredit;
  rows: number;
  sum: number;
  abs: number;
  square: number;
}

interface PictureSum {
  readonly dims: readonly number[];
  rows: number;
  readonly sum: Float64Array;
  readonly abs: Float64Array;
}

/** A feature's means, and the key that they were added up under. */
export type KeyedFeature = FeatureSummary & { readonly key: string };

/** Sums of the credits of a group of rows: by feature or word, by picture, by input. Memory depends on the number of features and words, not of rows. */
export class CreditSums {
  rows = 0;
  readonly #byKey = new Map<string, Sum>();
  readonly #pictures = new Map<string, PictureSum>();
  readonly #inputs = new Map<string, { abs: number; sum: number }>();

  add({ credits, pictures }: ObservedRow): void {
    this.rows++;
    for (const one of credits) {
      this.#addFeature(one);
      this.#addInput(one.input, one.credit);
    }
    for (const { input, dims, credits: pixels } of pictures) {
      this.#addPicture(input, dims, pixels);
      for (const credit of pixels) this.#addInput(input, credit);
    }
  }

  /** The means of every feature, and of words in enough rows; largest mean |credit| first. */
  features(): readonly KeyedFeature[] {
    return [...this.#byKey.values()]
      .filter(({ of, rows }) => !of.word || rows >= Math.min(fewestWordRows, this.rows))
      .map(({ of: { key, label, input, word }, rows, sum, abs, square }) => {
        const [meanAbs, mean] = [abs / rows, sum / rows];
        const halfWidth = (center: number): number => (rows < 2 ? 0 : interval95 * Math.sqrt(Math.max(0, square - rows * center * center) / (rows - 1) / rows));
        return {
          key,
          label,
          input,
          rows,
          meanAbs,
          mean,
          interval: halfWidth(meanAbs),
          meanInterval: halfWidth(mean),
          ...(word ? { word: true as const } : {}),
        };
      })
      .sort((a, b) => b.meanAbs - a.meanAbs);
  }

  pictures(): readonly PictureSummary[] {
    return [...this.#pictures].map(([input, { dims, rows, sum, abs }]) => ({
      input,
      dims,
      meanAbs: Array.from(abs, (x) => x / rows),
      mean: Array.from(sum, (x) => x / rows),
    }));
  }

  /** The part of each input in all |credit|, the largest first; none where there is one input. */
  shares(): readonly ShareSummary[] {
    if (this.#inputs.size < 2) return [];
    const all = [...this.#inputs.values()].reduce((total, { abs }) => total + abs, 0);
    return [...this.#inputs]
      .map(([input, { abs, sum }]) => ({ input, share: all === 0 ? 0 : abs / all, net: sum / this.rows }))
      .sort((a, b) => b.share - a.share);
  }

  #addFeature(of: ObservedCredit): void {
    let sum = this.#byKey.get(of.key);
    if (sum === undefined) {
      if (this.#byKey.size >= mostWords) return;
      sum = { of, rows: 0, sum: 0, abs: 0, square: 0 };
      this.#byKey.set(of.key, sum);
    }
    sum.rows++;
    sum.sum += of.credit;
    sum.abs += Math.abs(of.credit);
    sum.square += of.credit * of.credit;
  }

  #addInput(input: string, credit: number): void {
    let sum = this.#inputs.get(input);
    if (sum === undefined) this.#inputs.set(input, (sum = { abs: 0, sum: 0 }));
    sum.abs += Math.abs(credit);
    sum.sum += credit;
  }

  /** Pictures of another size than the first one have no place in its means. */
  #addPicture(input: string, dims: readonly number[], credits: readonly number[]): void {
    let picture = this.#pictures.get(input);
    if (picture === undefined) {
      picture = { dims, rows: 0, sum: new Float64Array(credits.length), abs: new Float64Array(credits.length) };
      this.#pictures.set(input, picture);
    }
    const { sum, abs } = picture;
    if (picture.dims.join() !== dims.join()) return;
    picture.rows++;
    credits.forEach((credit, i) => {
      sum[i] = (sum[i] ?? 0) + credit;
      abs[i] = (abs[i] ?? 0) + Math.abs(credit);
    });
  }
}
