import { assert } from "../../base/assert.js";
import { isFloat } from "../../tensor/dtype.js";
import { unsupported, type OpState, type RuleContext, type RuleFamily } from "../rule.js";
import { opStates } from "../rules/index.js";
import { arithmeticSecants } from "./arithmetic.js";
import { conditionSecants } from "./conditions.js";
import { elementwiseSecants } from "./elementwise.js";
import { gridSampleSecants } from "./gridSample.js";
import { machineLearningSecants } from "./machineLearning.js";
import { movementSecants } from "./movement.js";
import { normalizationSecants } from "./normalization.js";
import { poolingSecants } from "./pooling.js";
import { positionSecants } from "./positions.js";
import { productSecants } from "./products.js";
import { quantizedSecants } from "./quantized.js";
import { reductionSecants } from "./reduction.js";
import type { SecantFamily, SecantState } from "./rule.js";
import { selectionSecants } from "./selection.js";
import { softmaxSecants } from "./softmax.js";

/** The state of every operator in DeepLIFT that has a gradient, and of the steps and conditions that have none. Others are as in the table of gradients. */
export const secantStates: Readonly<Record<string, SecantState>> = merge([
  elementwiseSecants,
  arithmeticSecants,
  productSecants,
  selectionSecants,
  conditionSecants,
  reductionSecants,
  softmaxSecants,
  normalizationSecants,
  poolingSecants,
  movementSecants,
  positionSecants,
  gridSampleSecants,
  quantizedSecants,
  machineLearningSecants,
]);

/** The multiplier rules as rules of `differentiate`, for nodes whose values at the baseline are called `base(value)`. */
export function secantRules(base: (value: string) => string): RuleFamily {
  const rules: Record<string, OpState> = {};
  for (const [op, state] of Object.entries(opStates)) rules[op] = state.state === "rule" ? unsupported("it has no multipliers yet") : state;
  for (const [op, state] of Object.entries(secantStates)) rules[op] = asRule(state, opStates[op], base);
  return rules;
}

/** Operators through which an integer or a truth passes its multipliers on; elsewhere they are counts and positions. */
const forWholeNumbers = new Set([
  "Cast",
  "CastLike",
  "Where",
  "And",
  "Or",
  "Xor",
  "Not",
  "Identity",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "ArgMax",
  "ArgMin",
]);

function asRule(state: SecantState, gradient: OpState | undefined, base: (value: string) => string): OpState {
  if (state.state === "unsupported") return state;
  const vjp = gradient?.state === "rule" ? gradient.vjp : undefined;
  const reasons = [gradient?.state === "rule" ? gradient.refuse : undefined, "refuse" in state ? state.refuse : undefined];
  return {
    state: "rule",
    ...(state.state === "approximate" ? { approximation: state.reason } : {}),
    refuse: (node, types) => reasons.map((refuse) => refuse?.(node, types)).find((reason) => reason !== undefined),
    vjp: (c) => {
      if (isCount(c)) return c.x.map(() => null);
      const at = (change: Partial<RuleContext> = {}): readonly (string | null)[] => {
        assert(vjp !== undefined, () => `${c.node.op} has no gradient rule`);
        return vjp({ ...c, ...change });
      };
      if (state.state === "linear" || state.multiply === undefined) return at();
      return state.multiply({ ...c, x0: c.x.map(base), y0: c.y.map(base), gradient: at, rules: secantRules });
    },
  };
}

/** Whether a node computes whole numbers by other means than a quantised rule or a truth. */
function isCount({ node, y, b }: RuleContext): boolean {
  if (forWholeNumbers.has(node.op) || node.op.includes("Quantize") || node.op.includes("QLinear") || node.op.endsWith("Integer")) return false;
  return y.every((name) => name === "" || !(isFloat(b.type(name).dtype) || b.type(name).dtype === "bool"));
}

function merge(families: readonly SecantFamily[]): Record<string, SecantState> {
  const table: Record<string, SecantState> = {};
  for (const family of families) {
    for (const [op, state] of Object.entries(family)) {
      assert(!(op in table), () => `the operator ${op} is in two families of multiplier rules`);
      table[op] = state;
    }
  }
  return table;
}
