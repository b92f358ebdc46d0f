import { assert } from "../base/assert.js";
import type { Builder } from "../graph/builder.js";
import { readInitializer } from "../graph/initializer.js";
import type { Initializer, Node } from "../graph/ir.js";
import { entryOf } from "../graph/operatorTable.js";
import { valuesReadBy } from "../graph/walk.js";
import { byteSize, isFloat } from "../tensor/dtype.js";
import { sizeOf, toNumbers } from "../tensor/tensor.js";
import { attributeReader } from "./attributes.js";
import { noRule } from "./noRule.js";
import type { OpState, RuleFamily } from "./rule.js";

export interface DifferentiateOptions {
  /** Values whose cotangents are wanted. */
  readonly sources: readonly string[];
  /** Cotangents of values to start from, of the value's shape (or broadcastable to it). */
  readonly seeds: ReadonlyMap<string, string>;
  readonly rules: RuleFamily;
  /** Values that vary as well, though nothing is wanted of them: rules that divide something among operands count what depends on them as taking part. */
  readonly varying?: readonly string[];
}

/** The state of a node's operator in the table. */
function stateOf(node: Node, rules: RuleFamily): OpState {
  return entryOf(rules, node) ?? { state: "unsupported", reason: "there is no rule for this operator yet" };
}

/**
 * Reverse mode: appends to `b` the nodes that carry the seeds back through `nodes` (topologically sorted), and returns the cotangent of each source that
 * one reaches; a source that none reaches is missing from the result (its derivative is zero). Only nodes between a source and a seed are differentiated.
 *
 * Done here once for all rules: activity analysis, summing broadcast cotangents to their value's shape, accumulation, checks of dtype and rank.
 * Throws UNSUPPORTED_OPERATOR with the node when one on the way has no rule.
 * Source: Griewank & Walther, Evaluating Derivatives (2008), ch. 3.
 */
export function differentiate(b: Builder, nodes: readonly Node[], options: DifferentiateOptions): Map<string, string> {
  const active = activeNodes(nodes, options);
  const cotangents = new Map<string, string[]>();
  for (const [value, seed] of options.seeds) push(cotangents, value, seed);
  for (let n = active.nodes.length - 1; n >= 0; n--) {
    const node = active.nodes[n]!;
    b.scope(`${node.name}/grad`);
    const dy = node.outputs.map((y) => collect(b, cotangents, y));
    if (dy.every((d) => d === "")) continue;
    const state = stateOf(node, options.rules);
    if (state.state === "zero") continue;
    if (state.state === "unsupported") throw noRule(node, state.reason);
    const refused = state.refuse?.(node, b.types());
    if (refused !== undefined) throw noRule(node, refused);
    const dx = state.vjp({
      node,
      nodes,
      b,
      dy,
      x: node.inputs,
      y: node.outputs,
      a: attributeReader(node),
      needs: (i) => active.values.has(node.inputs[i] ?? ""),
      constant: (i) => constantOf(b, node.inputs[i]),
    });
    node.inputs.forEach((x, i) => {
      const cotangent = dx[i];
      if (cotangent === null || cotangent === undefined || cotangent === "" || !active.values.has(x)) return;
      // Quantised integers are active too: their cotangents are float32 (straight-through), whatever their own type.
      const expected = isFloat(b.type(x).dtype) ? b.type(x).dtype : "float32";
      assert(b.type(cotangent).dtype === expected, () => `the rule of ${node.op} gives ${b.type(cotangent).dtype} for an input of ${b.type(x).dtype}`);
      const summed = b.sumTo(cotangent, b.dims(x));
      if (b.dims(summed).join() === b.dims(x).join()) b.sameShape(summed, x);
      push(cotangents, x, summed);
    });
  }
  const result = new Map<string, string>();
  for (const source of options.sources) {
    b.scope(`${source}/grad`);
    const cotangent = collect(b, cotangents, source);
    if (cotangent !== "") result.set(source, cotangent);
  }
  return result;
}

function push(map: Map<string, string[]>, key: string, item: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

/** The sum of what has arrived at a value; "" if nothing has. */
function collect(b: Builder, cotangents: Map<string, string[]>, value: string): string {
  const parts = cotangents.get(value);
  if (parts === undefined || parts.length === 0) return "";
  let sum = parts[0]!;
  for (let i = 1; i < parts.length; i++) sum = b.add(sum, parts[i]!);
  cotangents.set(value, [sum]);
  return sum;
}

/** Nodes on a path from a source to a seeded value, and the float values that depend on a source. */
function activeNodes(nodes: readonly Node[], options: DifferentiateOptions): { readonly nodes: readonly Node[]; readonly values: ReadonlySet<string> } {
  const values = new Set(options.sources);
  const forward = reached(nodes, values, options.rules);
  const varying = options.varying === undefined ? values : new Set([...options.sources, ...options.varying]);
  if (varying !== values) reached(nodes, varying, options.rules);
  const useful = new Set(options.seeds.keys());
  const both: Node[] = [];
  for (let n = forward.length - 1; n >= 0; n--) {
    const node = forward[n]!;
    if (!node.outputs.some((y) => useful.has(y))) continue;
    for (const x of valuesReadBy(node)) useful.add(x);
    both.push(node);
  }
  return { nodes: both.reverse(), values: varying };
}

/** The nodes that depend on `values`, whose outputs join them. */
function reached(nodes: readonly Node[], values: Set<string>, rules: RuleFamily): readonly Node[] {
  return nodes.filter((node) => {
    if (!valuesReadBy(node).some((x) => values.has(x))) return false;
    if (stateOf(node, rules).state === "zero") return false;
    for (const y of node.outputs) if (y !== "") values.add(y);
    return true;
  });
}

/** Constants larger than this are never shape-like. */
const largestConstant = 1 << 16;

function constantOf(b: Builder, name: string | undefined): readonly number[] | undefined {
  if (name === undefined || name === "") return undefined;
  const initializer: Initializer | undefined = b.initializers.get(name);
  if (initializer === undefined || initializer.dtype === "string" || initializer.content.kind === "external") return undefined;
  if (sizeOf(initializer.dims) > largestConstant * (isFloat(initializer.dtype) ? 1 : byteSize[initializer.dtype])) return undefined;
  return Array.from(toNumbers(readInitializer(initializer)));
}
