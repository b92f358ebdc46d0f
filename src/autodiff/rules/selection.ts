import { rule, type RuleContext, type RuleFamily } from "../rule.js";
import { eachNeeded } from "./elementwise.js";

/** Operators that pass one of their inputs on. */
export const selection: RuleFamily = {
  // y = min(max(x, low), high). At a bound x still counts, as in torch.clamp.
  Clip: rule((c) => {
    const { b, x, dy } = c;
    const [value, low, high] = [x[0]!, x[1] ?? "", x[2] ?? ""];
    const none = b.scalar(0, dy[0]!);
    const both = (tests: readonly string[]): string | undefined => (tests.length === 2 ? b.compare("And", tests[0]!, tests[1]!) : tests[0]);
    return eachNeeded(c, [
      () => {
        const inside = both([
          ...(low === "" ? [] : [b.compare("GreaterOrEqual", value, low)]),
          ...(high === "" ? [] : [b.compare("LessOrEqual", value, high)]),
        ]);
        return inside === undefined ? dy[0]! : b.where(inside, dy[0]!, none);
      },
      () => {
        const raised = both([b.compare("Less", value, low), ...(high === "" ? [] : [b.compare("LessOrEqual", low, high)])])!;
        return b.where(raised, dy[0]!, none);
      },
      () => {
        const lowered = b.compare("Greater", value, high);
        return b.where(low === "" ? lowered : b.compare("Or", lowered, b.compare("Greater", low, high)), dy[0]!, none);
      },
    ]);
  }),
  Max: rule((c) => variadic(c, "Max", "Greater", "GreaterOrEqual")),
  Min: rule((c) => variadic(c, "Min", "Less", "LessOrEqual")),
};

/**
 * The cotangent goes to the first of the inputs that attain the extremum. Folded from the left, extremum(e, xᵢ) passes dy to xᵢ where xᵢ strictly wins
 * over all inputs before it and is not beaten by those behind it.
 */
function variadic({ b, x, dy, needs }: RuleContext, op: "Max" | "Min", strictly: string, atLeast: string): (string | null)[] {
  const none = b.scalar(0, dy[0]!);
  if (x.length === 1) return [dy[0]!];
  const before = running(b, op, x);
  const behind = running(b, op, [...x].reverse()).reverse();
  return x.map((input, i) => {
    if (!needs(i)) return null;
    const tests = [
      ...(i === 0 ? [] : [b.compare(strictly, input, before[i - 1]!)]),
      ...(i === x.length - 1 ? [] : [b.compare(atLeast, input, behind[i + 1]!)]),
    ];
    return b.where(tests.length === 2 ? b.compare("And", tests[0]!, tests[1]!) : tests[0]!, dy[0]!, none);
  });
}

/** The extremum of the first i + 1 values, for each i. */
function running(b: RuleContext["b"], op: "Max" | "Min", values: readonly string[]): string[] {
  const out: string[] = [];
  for (const value of values) out.push(out.length === 0 ? value : b.binary(op, out[out.length - 1]!, value));
  return out;
}
