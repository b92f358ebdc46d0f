import type { Prediction } from "../protocol/explanation.js";

/**
 * The sample file's own answer held against a prediction. Right or wrong is said of classes only: by name (case and outer spaces aside), else by index.
 * A single number (a regression, one score) is shown beside its answer, nothing more.
 */
export function truthOf(label: string, { data, labels }: Pick<Prediction, "data" | "labels">): NonNullable<Prediction["truth"]> {
  if (data.length < 2) return { label };
  const best = data.reduce((top, x, i) => (x > (data[top] ?? -Infinity) ? i : top), 0);
  const plain = (text: string | undefined): string | undefined => text?.trim().toLowerCase();
  const named = labels?.findIndex((one) => plain(one) === plain(label)) ?? -1;
  const index = named >= 0 ? named : label.trim() === "" ? NaN : Number(label);
  // An answer that is no class of the model (a word in another language, a finer kind) can't be judged.
  return Number.isInteger(index) && index >= 0 && index < data.length ? { label, right: index === best } : { label };
}
