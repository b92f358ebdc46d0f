import { assert, present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/ir.js";
import { differentiate } from "../differentiate.js";
import { multiplier, type Refuse, type SecantContext, type SecantState } from "./rule.js";

/**
 * Multipliers of a function that is written as plainer operators: `build` emits them once for the sample's values and once for the baseline's, and the
 * multipliers go back through what it emitted. Returns one for each pair [sample, baseline], null where none arrives.
 */
export function compose(
  c: SecantContext,
  pairs: readonly (readonly [string, string])[],
  build: (values: readonly string[]) => readonly string[],
  dy: readonly string[] = c.dy,
): (string | null)[] {
  const { b } = c;
  const sample = emitted(b, () => build(pairs.map(([x]) => x)));
  const baseline = emitted(b, () => build(pairs.map(([, x0]) => x0)));
  assert(sample.nodes.length === baseline.nodes.length, "a composition emits the same nodes for sample and baseline");
  const base = new Map(pairs);
  sample.nodes.forEach((node, n) => {
    node.outputs.forEach((y, i) => base.set(y, present(baseline.nodes[n]?.outputs[i], y)));
  });
  const sources = [...new Set(pairs.flatMap(([x, x0]) => (x === x0 ? [] : [x])))];
  const seeds = new Map(sample.result.flatMap((y, i) => ((dy[i] ?? "") === "" ? [] : [[y, dy[i]!] as const])));
  const found = differentiate(b, sample.nodes, { sources, seeds, rules: c.rules((value) => base.get(value) ?? value) });
  // A value that stands for two inputs has one multiplier, which is for both.
  return pairs.map(([x], i) => (pairs.findIndex(([other]) => other === x) === i ? (found.get(x) ?? null) : null));
}

/** The rule of an operator that `build` writes as plainer ones, from its inputs ("" where one is left out) to its outputs. */
export function composition(build: (c: SecantContext, x: readonly string[]) => string | readonly string[], refuse?: Refuse): SecantState {
  return multiplier((c) => {
    const pairs = c.x.map((x, i) => [x, c.x0[i] ?? ""] as const);
    return compose(c, pairs, (x) => {
      const y = build(c, x);
      return typeof y === "string" ? [y] : y;
    });
  }, refuse);
}

function emitted(b: Builder, emit: () => readonly string[]): { readonly nodes: readonly Node[]; readonly result: readonly string[] } {
  const from = b.nodes.length;
  const result = emit();
  return { nodes: b.nodes.slice(from), result };
}
