import type { Explanation, Result } from "../protocol/explanation.js";
import type { IsolatedView } from "../protocol/viewModel.js";
import { formatSigned } from "./format.js";
import { t } from "../protocol/words.js";

const sum = (data: readonly number[]): number => data.reduce((total, x) => total + (Number.isFinite(x) ? x : 0), 0);

/** What each input adds when all move together, beside what it adds when it moves alone; with one sentence on the difference. */
export function isolatedView(joint: Result, isolated: Explanation | undefined): IsolatedView | null {
  const alone = isolated?.results[0];
  if (alone === undefined) return null;
  const inputs = Object.entries(joint.attributions).map(([name, credit]) => ({
    name,
    joint: sum(credit.data),
    alone: sum(alone.attributions[name]?.data ?? []),
  }));
  const together = inputs.reduce((total, input) => total + input.joint, 0);
  const apart = inputs.reduce((total, input) => total + input.alone, 0);
  const listed = inputs.map(({ name, alone: own }) => `${name} ${formatSigned(own)}`).join(", ");
  const gap = apart - together;
  const size = Math.max(...inputs.flatMap((input) => [Math.abs(input.joint), Math.abs(input.alone)]), 1e-12);
  const verdict =
    Math.abs(gap) <= 0.02 * size
      ? t("about the same: the inputs work independently here")
      : t("{0} of the change belongs to the inputs together and to none of them alone", formatSigned(-gap));
  return {
    inputs,
    sentence: t(
      "Moved alone, with the others at the sample's values: {0}, in sum {1}. Moved together they change the score by {2}: {3}.",
      listed,
      formatSigned(apart),
      formatSigned(together),
      verdict,
    ),
  };
}
