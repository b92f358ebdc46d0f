import type { RuleFamily } from "./rule.js";
import { opStates } from "./rules/index.js";

/** What is carried back through a model: by which rules, and from what it starts at the target. */
export interface Backward {
  readonly rules: RuleFamily;
  /** Names the table in the keys of programs: equal keys are equal rules. */
  readonly key: string;
  /** `one`: the target's derivative by itself, 1; `score`: its value, which relevance divides up. */
  readonly start: "one" | "score";
}

/** Plain derivatives. */
export const gradient: Backward = { rules: opStates, key: "gradient", start: "one" };
