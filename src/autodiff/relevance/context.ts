import type { RuleContext } from "../rule.js";
import type { Structure } from "./structure.js";
import type { RelevanceSettings } from "./settings.js";

/** What a rule of relevance sees besides the node: settings, neighbours. `dy` holds the relevance of the outputs; what it returns is that of the inputs. */
export interface RelevanceContext extends RuleContext {
  readonly settings: RelevanceSettings;
  readonly structure: Structure;
}

export type RelevanceRule = (c: RelevanceContext) => readonly (string | null)[];

/** float16 has no smaller normal number. */
const smallestHalf = 2 ** -14;

/** relevance / (value + ε · sign(value)), sign(0) = +1; with ε = 0 nothing where the value is 0. */
export function share({ b, settings }: RelevanceContext, relevance: string, value: string): string {
  const { dtype } = b.type(value);
  const epsilon = dtype === "float16" || dtype === "bfloat16" ? Math.max(settings.epsilon, smallestHalf) : settings.epsilon;
  const zero = b.scalar(0, value);
  if (epsilon === 0) {
    const none = b.compare("Equal", value, zero);
    return b.where(none, zero, b.div(relevance, b.where(none, b.scalar(1, value), value)));
  }
  const step = b.where(b.compare("GreaterOrEqual", value, zero), b.scalar(epsilon, value), b.scalar(-epsilon, value));
  return b.div(relevance, b.add(value, step));
}
