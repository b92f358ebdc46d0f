import type { Bar, FeatureRows, InputView } from "../../protocol/viewModel.js";
import { sumOf } from "../../viewmodel/rank.js";
import type { FeatureRow } from "../groupRow.js";
import type { SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

/** Of a group with more members the largest are shown and the rest is summed. */
const mostMembers = 25;

/** An input's features as the reader looks at them, wherever they appear: with those that belong together as one bar, or each by itself. */
export function shownFeatures(input: Extract<InputView, { kind: "features" }>, { look }: SectionOptions): FeatureRows {
  return look?.(`input/${input.name}/groups`) === "single" ? input : (input.grouped ?? input);
}

/** The rows of a chart: below each open group its members. */
export function withOpenGroups(bars: readonly Bar[], isOpen: (group: Bar) => boolean): readonly FeatureRow[] {
  return bars.flatMap((bar): FeatureRow[] => {
    if (bar.members === undefined) return [bar];
    if (!isOpen(bar)) return [{ ...bar, open: false }];
    const rest = bar.members.slice(mostMembers);
    const others = rest.length === 0 ? [] : [{ label: t("{0} others, summed", rest.length), value: "", credit: sumOf(rest) }];
    return [{ ...bar, open: true }, ...[...bar.members.slice(0, mostMembers), ...others].map((member) => ({ ...member, inside: true as const }))];
  });
}
