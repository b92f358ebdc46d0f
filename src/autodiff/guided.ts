import { readInitializer } from "../graph/initializer.js";
import type { Initializer, Node } from "../graph/ir.js";
import { sizeOf, toNumbers } from "../tensor/tensor.js";
import type { Backward } from "./backward.js";
import { rule, type OpState, type RuleContext, type RuleFamily, type Vjp } from "./rule.js";
import { opStates } from "./rules/index.js";

/** What is done at a ReLU: `dy` is the signal from above, `x` what the ReLU was given. The signal that goes on is never negative. */
type AtRelu = (c: RuleContext, x: string, dy: string) => string;

const positive: AtRelu = ({ b }, _, dy) => b.unary("Relu", dy);

const positiveWherePositive: AtRelu = (c, x, dy) => {
  const { b } = c;
  return b.where(b.compare("Greater", x, b.scalar(0, x)), positive(c, x, dy), b.scalar(0, dy));
};

/**
 * The gradient, but at each ReLU only what is positive passes, and only where the ReLU's input was positive.
 * Source: Springenberg et al., Striving for Simplicity (arXiv:1412.6806).
 */
export const guided: Backward = { rules: withRelu(positiveWherePositive), key: "guided", start: "one" };

/**
 * The gradient, but at each ReLU only what is positive passes, whatever the ReLU's input was.
 * Source: Zeiler & Fergus, Visualizing and Understanding Convolutional Networks (arXiv:1311.2901).
 */
export const deconvolving: Backward = { rules: withRelu(positive), key: "deconvolution", start: "one" };

/** Relu, and what exporters write for it: a Clip from 0 on (ReLU6 among them), and a maximum with 0. */
function withRelu(at: AtRelu): RuleFamily {
  return {
    ...opStates,
    Relu: rule((c) => [at(c, c.x[0]!, c.dy[0]!)]),
    Clip: replaced("Clip", (c) => {
      if (!isZero(c.b.initializers, c.x[1])) return undefined;
      // The gradient at the upper bound stays what it is: 0 beyond it.
      const high = c.x[2] ?? "";
      const below = (dy: string): string => (high === "" ? dy : c.b.where(c.b.compare("LessOrEqual", c.x[0]!, high), dy, c.b.scalar(0, dy)));
      return [at(c, c.x[0]!, below(c.dy[0]!)), null, null];
    }),
    Max: replaced("Max", (c) => {
      const value = rectified(c.node, c.b.initializers);
      return value === undefined ? undefined : c.x.map((x, i) => (i === value ? at(c, x, c.dy[0]!) : null));
    }),
  };
}

/** The operator's own rule where `make` declines. */
function replaced(op: string, make: (c: RuleContext) => ReturnType<Vjp> | undefined): OpState {
  const own = opStates[op];
  if (own?.state !== "rule") throw new Error(`${op} has no rule to fall back on`);
  return { ...own, vjp: (c) => make(c) ?? own.vjp(c) };
}

/** Whether a node is a ReLU by any of its names. */
export function isRelu(node: Node, initializers: ReadonlyMap<string, Initializer>): boolean {
  if (node.domain !== "") return false;
  if (node.op === "Clip") return isZero(initializers, node.inputs[1]);
  return node.op === "Relu" || (node.op === "Max" && rectified(node, initializers) !== undefined);
}

/** Which input of a maximum of two is held against 0. */
function rectified({ inputs }: Node, initializers: ReadonlyMap<string, Initializer>): number | undefined {
  if (inputs.length !== 2) return undefined;
  const at = inputs.findIndex((x) => isZero(initializers, x));
  return at < 0 ? undefined : 1 - at;
}

function isZero(initializers: ReadonlyMap<string, Initializer>, name: string | undefined): boolean {
  const initializer = initializers.get(name ?? "");
  return initializer !== undefined && initializer.content.kind === "raw" && sizeOf(initializer.dims) === 1 && toNumbers(readInitializer(initializer))[0] === 0;
}
