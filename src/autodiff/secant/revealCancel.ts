import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/ir.js";
import { entryOf, operatorKey } from "../../graph/operatorTable.js";
import { isFloat } from "../../tensor/dtype.js";
import { differentiate } from "../differentiate.js";
import { rule, type RuleContext } from "../rule.js";
import { opStates } from "../rules/index.js";
import { asFloat, quotient, stands } from "./chord.js";
import { elementwiseSecants } from "./elementwise.js";
import { secantRules, secantStates } from "./index.js";

/** The parts of a value's change from the baseline that came from what rose and from what fell. */
interface Parts {
  readonly rise: string;
  readonly fall: string;
}

/** A source's credit and its multiplier. */
export interface Carried {
  readonly credit: string;
  readonly multiplier: string;
}

/** How a node treats the two parts: `weights` sorts their products by sign, `passed` treats each alike, `bent` is a function of one number. */
type Treatment = "weights" | "passed" | "swapped" | "bent" | "whole";

/** Functions that are not defined everywhere, or have poles: between sample and baseline they are, beyond them perhaps not. */
const bounded = new Set(["Sqrt", "Log", "Reciprocal", "Asin", "Acos", "Acosh", "Atanh", "Tan"]);
const bent = new Set([...Object.keys(elementwiseSecants).filter((op) => !bounded.has(op)), "Clip", "PRelu", "BatchNormalization"]);
const products = new Set(["MatMul", "Gemm", "Conv", "ConvTranspose", "Mul"]);
const swapping = new Set(["Sub", "Neg"]);
const signed = "explain:Signed";

/**
 * DeepLIFT with the RevealCancel rule: what raises a unit and what lowers it have multipliers of their own, so that causes which cancel each other are seen. The
 * change of every value is carried forward in two parts; weights sort their products by sign, a function f of one number gives its rise
 * ½(f(x₀ + rise) − f(x₀)) + ½(f(x) − f(x₀ + fall)) and its fall likewise, and at every other operator the whole change is what rises or falls.
 * Source: Shrikumar et al., https://arxiv.org/abs/1704.02685, section 3.5.2.
 */
export function revealCancel(
  b: Builder,
  nodes: readonly Node[],
  base: (value: string) => string,
  sources: readonly string[],
  seed: { readonly value: string; readonly cotangent: string },
): Map<string, Carried> {
  const parts = new Map<string, Parts>();
  for (const source of sources) {
    b.scope(`${source}/parts`);
    parts.set(source, wholeParts(b, source, base(source)));
  }
  // Nodes whose inputs and outputs are the parts of the model's: what is carried back through them has two multipliers a value.
  const stand: Node[] = [];
  const originals = new Map<string, readonly [Node, Treatment]>();
  for (const node of nodes) {
    if (!node.inputs.some((x) => parts.has(x)) || entryOf(secantRules(base), node)?.state === "zero") continue;
    b.scope(`${node.name}/parts`);
    const treatment = treatmentOf(b, node, parts, base);
    partsOf(b, node, treatment, parts, base).forEach((part, i) => {
      if (!sources.includes(node.outputs[i]!)) parts.set(node.outputs[i]!, part);
    });
    const outputs = node.outputs.flatMap((y) => (y === "" ? [] : [present(parts.get(y), y).rise, present(parts.get(y), y).fall]));
    const moving = node.inputs.flatMap((x) => [parts.get(x)?.rise ?? "", parts.get(x)?.fall ?? ""]);
    stand.push({ ...node, op: "Signed", domain: "explain", inputs: [...node.inputs, ...moving], outputs });
    originals.set(node.name, [node, treatment]);
  }
  const back = rule((c) => {
    const [node, treatment] = present(originals.get(c.node.name), c.node.name);
    return carryBack(c, node, treatment, parts, base);
  });
  const target = parts.get(seed.value);
  const seeds = new Map(target === undefined ? [] : [target.rise, target.fall].map((part) => [part, seed.cotangent] as const));
  const wanted = sources.flatMap((s) => [present(parts.get(s), s).rise, present(parts.get(s), s).fall]);
  const found = differentiate(b, stand, { sources: wanted, seeds, rules: { [signed]: back } });
  return new Map(sources.map((source) => [source, carried(b, source, base(source), present(parts.get(source), source), found)]));
}

function carried(b: Builder, source: string, source0: string, { rise, fall }: Parts, found: ReadonlyMap<string, string>): Carried {
  b.scope(`${source}/credit`);
  const [up, down] = [found.get(rise) ?? b.zerosLike(source), found.get(fall) ?? b.zerosLike(source)];
  const difference = b.sub(source, source0);
  return {
    credit: b.add(b.mul(up, rise), b.mul(down, fall)),
    multiplier: b.where(b.compare("Less", difference, b.scalar(0, difference)), down, up),
  };
}

function treatmentOf(b: Builder, node: Node, parts: ReadonlyMap<string, Parts>, base: (value: string) => string): Treatment {
  const key = operatorKey(node);
  const moving = node.inputs.filter((x) => x !== "" && base(x) !== x);
  const ofFloats = [...node.inputs, ...node.outputs].every((v) => v === "" || !parts.has(v) || isFloat(b.type(v).dtype));
  const float = ofFloats && node.outputs.every((y) => y === "" || isFloat(b.type(y).dtype)) && moving.every((x) => parts.has(x));
  if (!float) return "whole";
  if (swapping.has(key)) return "swapped";
  const alpha = node.attributes["alpha"];
  if (products.has(key) && moving.length === 1 && (key !== "Gemm" || alpha?.kind !== "float" || alpha.value > 0)) {
    // Of a convolution only the data may move; the other factor of a product may be either.
    const at = node.inputs.indexOf(moving[0]!);
    return at === 0 || (at === 1 && !key.startsWith("Conv")) ? "weights" : "whole";
  }
  if (bent.has(key) && moving.length === 1 && moving[0] === node.inputs[0]) return "bent";
  return secantStates[key]?.state === "linear" ? "passed" : "whole";
}

function wholeParts(b: Builder, y: string, y0: string): Parts {
  const change = b.sub(asFloat(b, y), asFloat(b, y0));
  const none = b.scalar(0, change);
  return { rise: b.binary("Max", change, none), fall: b.binary("Min", change, none) };
}

/** The parts of a node's outputs. */
function partsOf(b: Builder, node: Node, treatment: Treatment, parts: ReadonlyMap<string, Parts>, base: (value: string) => string): readonly Parts[] {
  const types = node.outputs.map((y) => (y === "" ? null : b.type(y)));
  const run = (inputs: readonly string[]): string[] => b.emitMany(node.op, inputs, types, node.attributes, node.domain);
  const one = (inputs: readonly string[]): string => present(run(inputs)[0], node.name);
  const part = (x: string): Parts | undefined => parts.get(x);
  const moved = (which: keyof Parts): string[] => node.inputs.map((x) => (part(x) === undefined ? x : b.add(base(x), part(x)![which])));
  switch (treatment) {
    case "weights": {
      const { at, factors } = split(b, node, parts);
      const times = (which: keyof Parts, factor: string): string => {
        const x = part(node.inputs[at]!)![which];
        return one(at === 0 ? [x, factor] : [factor, x]);
      };
      return [
        {
          rise: b.add(times("rise", factors.rise), times("fall", factors.fall)),
          fall: b.add(times("fall", factors.rise), times("rise", factors.fall)),
        },
      ];
    }
    case "swapped": {
      const [p, q] = node.op === "Neg" ? [undefined, part(node.inputs[0]!)] : [part(node.inputs[0]!), part(node.inputs[1]!)];
      const difference = (a: string | undefined, c: string | undefined): string =>
        a === undefined ? b.neg(present(c, "part")) : c === undefined ? a : b.sub(a, c);
      const full = (value: string): string =>
        b.rank(value) === b.rank(node.outputs[0]!) ? b.unary("Identity", value) : b.add(value, b.zerosLike(node.outputs[0]!));
      return [{ rise: full(difference(p?.rise, q?.fall)), fall: full(difference(p?.fall, q?.rise)) }];
    }
    case "passed": {
      const [rises, falls] = [run(moved("rise")), run(moved("fall"))];
      return node.outputs.map((y, i) => (y === "" ? { rise: "", fall: "" } : { rise: b.sub(rises[i]!, base(y)), fall: b.sub(falls[i]!, base(y)) }));
    }
    case "bent": {
      const [y, y0] = [node.outputs[0]!, base(node.outputs[0]!)];
      const [risen, fallen] = [one(moved("rise")), one(moved("fall"))];
      const half = (p: string, q: string): string => b.scale(b.add(b.sub(p, y0), b.sub(y, q)), 0.5);
      return [{ rise: half(risen, fallen), fall: half(fallen, risen) }];
    }
    case "whole":
      return node.outputs.map((y) => (y === "" ? { rise: "", fall: "" } : wholeParts(b, y, base(y))));
  }
}

/** The position of the moving factor and the parts of the other one that are above and below 0. */
function split(b: Builder, node: Node, parts: ReadonlyMap<string, Parts>): { readonly at: 0 | 1; readonly factors: Parts } {
  const at = parts.has(node.inputs[0]!) ? 0 : 1;
  const factor = node.inputs[1 - at]!;
  const none = b.scalar(0, factor);
  return { at, factors: { rise: b.binary("Max", factor, none), fall: b.binary("Min", factor, none) } };
}

/** Multipliers of the parts of a node's inputs from those of its outputs' parts. */
function carryBack(c: RuleContext, node: Node, treatment: Treatment, parts: ReadonlyMap<string, Parts>, base: (value: string) => string): (string | null)[] {
  const { b } = c;
  const count = node.inputs.length;
  const dy = (which: 0 | 1): string[] => {
    let position = -2;
    return node.outputs.map((y) => (y === "" ? "" : (c.dy[(position += 2) + which] ?? "")));
  };
  const [ups, downs] = [dy(0), dy(1)];
  const local = (seeds: readonly string[], x: readonly string[] = node.inputs): readonly (string | null)[] => {
    if (seeds.every((d) => d === "")) return node.inputs.map(() => null);
    const state = entryOf(opStates, node);
    // A step has none.
    if (state?.state !== "rule") return node.inputs.map(() => null);
    return state.vjp({ ...c, node, x, y: node.outputs, dy: seeds, needs: (i) => c.needs(count + 2 * i) });
  };
  const give = (rises: readonly (string | null)[], falls: readonly (string | null)[]): (string | null)[] => [
    ...node.inputs.map(() => null),
    ...node.inputs.flatMap((x, i) => (parts.has(x) ? [rises[i] ?? null, falls[i] ?? null] : [null, null])),
  ];
  const both = (p: readonly (string | null)[], q: readonly (string | null)[]): (string | null)[] =>
    p.map((value, i) => {
      const other = q[i] ?? null;
      return value === null ? other : other === null ? value : b.add(value, other);
    });
  switch (treatment) {
    case "weights": {
      const { at, factors } = split(b, node, parts);
      const by = (factor: string, seeds: readonly string[]): readonly (string | null)[] =>
        local(
          seeds,
          node.inputs.map((x, i) => (i === 1 - at ? factor : x)),
        );
      return give(both(by(factors.rise, ups), by(factors.fall, downs)), both(by(factors.fall, ups), by(factors.rise, downs)));
    }
    case "swapped": {
      const [up, down] = [local(ups), local(downs)];
      const minus = node.op === "Neg" ? 0 : 1;
      return give(
        up.map((value, i) => (i === minus ? (down[i] ?? null) : value)),
        down.map((value, i) => (i === minus ? (up[i] ?? null) : value)),
      );
    }
    case "passed":
      return give(local(ups), local(downs));
    case "bent": {
      const input = present(parts.get(node.inputs[0]!), node.name);
      const output = present(parts.get(node.outputs[0]!), node.name);
      const steep = (which: keyof Parts, seed: string): string | null => {
        if (seed === "") return null;
        const still = local([seed, ...node.outputs.slice(1).map(() => "")])[0] ?? b.scalar(0, seed);
        const none = stands(b, input[which]);
        return b.where(none, still, b.mul(seed, quotient(b, output[which], input[which], none, b.scalar(0, input[which]))));
      };
      return give([steep("rise", ups[0]!)], [steep("fall", downs[0]!)]);
    }
    case "whole": {
      const seeds = new Map<string, string>();
      node.outputs.forEach((y, i) => {
        if (y === "" || (ups[i] === "" && downs[i] === "")) return;
        const { rise } = present(parts.get(y), y);
        const or = (d: string | undefined): string => (d === undefined || d === "" ? b.scalar(0, rise) : d);
        seeds.set(y, b.where(b.compare("Greater", rise, b.scalar(0, rise)), or(ups[i]), or(downs[i])));
      });
      const sources = [...new Set(node.inputs.filter((x) => parts.has(x)))];
      const found = differentiate(b, [node], { sources, seeds, rules: secantRules(base) });
      const dx = node.inputs.map((x, i) => (node.inputs.indexOf(x) === i ? (found.get(x) ?? null) : null));
      return give(dx, dx);
    }
  }
}
