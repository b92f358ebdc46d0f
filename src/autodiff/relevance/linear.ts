import { present } from "../../base/assert.js";
import { opStates } from "../rules/index.js";
import { channelAxes, perChannel } from "../rules/normalize.js";
import { share, type RelevanceContext } from "./context.js";
import { proportional } from "./proportional.js";
import type { LayerRule } from "./settings.js";

/** A layer y = L_w(x) + b with its data x and its weights w, those of a batch normalisation behind it folded in. */
interface Layer {
  readonly data: string;
  readonly weights: string;
  /** What is added to L_w(x); broadcasts against the output. */
  readonly bias: string | undefined;
  /** L_w(x) + b, as the model computes it. */
  readonly output: string;
  /** L_w(x) for any x and w of the same shapes. */
  readonly apply: (data: string, weights: string) => string;
  /** Lᵀ_w(s). */
  readonly pull: (s: string, weights: string) => string;
}

/**
 * Convolutions and matrix products. With constant weights the rule of the settings; a product of two values of the sample in proportion, half to each
 * operand, all of it to one where the other is a gate.
 */
export function layerRelevance(c: RelevanceContext): (string | null)[] {
  const { b, x, node, structure } = c;
  const relevance = x.map((): string | null => null);
  let arriving = c.dy[0]!;
  const chain = structure.chain(node);
  let output = chain.end;
  // A third operand that comes from the sample is no bias but one more addend: it gets its part before the layer divides the rest.
  const addend = x.length > 2 && x[2] !== "" && c.needs(2) ? scaledBias(c) : undefined;
  if (addend !== undefined) {
    const s = share(c, arriving, output);
    const taken = b.mul(addend, s);
    relevance[2] = node.op === "Gemm" ? taken : b.sum(taken, channelAxes(b.rank(taken), true), false);
    output = b.sub(output, addend);
    arriving = b.mul(output, s);
  }
  const at = c.needs(0) ? 0 : 1;
  if (!c.needs(at)) return relevance;
  if (c.needs(0) && c.needs(1)) {
    const parts = proportional({ ...c, y: [output], dy: [arriving], needs: (i) => i < 2 && c.needs(i) });
    return relevance.map((own, i) => parts[i] ?? own);
  }
  const layer = layerOf(c, at, output, addend === undefined);
  relevance[at] = divide(c, layer, ruleFor(c, x[at]!), arriving);
  return relevance;
}

function ruleFor({ node, settings, structure }: RelevanceContext, data: string): LayerRule {
  const byKind = node.op.startsWith("Conv") ? settings.convolution : settings.dense;
  return settings.first !== undefined && structure.isFirst(data) ? settings.first : byKind;
}

/** Gemm's third operand counts β times; a convolution's is one number a channel. */
function scaledBias({ b, a, x, y, node }: RelevanceContext): string {
  return node.op === "Gemm" ? b.scale(x[2]!, a.float("beta", 1)) : perChannel(b, x[2]!, b.rank(y[0]!));
}

function layerOf(c: RelevanceContext, at: 0 | 1, output: string, withBias: boolean): Layer {
  const { b, node, structure } = c;
  const type = b.type(c.y[0]!);
  const own = present(opStates[node.op], node.op);
  const operands = (data: string, weights: string): string[] => (at === 0 ? [data, weights] : [weights, data]);
  let weights = c.x[1 - at]!;
  let bias = withBias && (c.x[2] ?? "") !== "" ? scaledBias(c) : undefined;
  for (const step of structure.chain(node).steps) {
    if (step.op === "Add") {
      const added = present(
        step.inputs.find((x) => structure.isConstant(x)),
        "a bias",
      );
      bias = bias === undefined ? added : b.add(bias, added);
      continue;
    }
    const [, scale = "", shift = "", mean = "", variance = ""] = step.inputs;
    const epsilon = step.attributes["epsilon"];
    const deviation = b.unary("Sqrt", b.shift(variance, epsilon?.kind === "float" ? epsilon.value : 1e-5));
    const factor = b.div(scale, deviation);
    const rank = b.rank(c.y[0]!);
    const centre = perChannel(b, mean, rank);
    bias = b.add(b.mul(bias === undefined ? b.neg(centre) : b.sub(bias, centre), perChannel(b, factor, rank)), perChannel(b, shift, rank));
    weights = b.mul(weights, alongOutputs(c, factor, weights));
  }
  return {
    data: c.x[at]!,
    weights,
    bias,
    output,
    apply: (data, w) => b.emit(node.op, operands(data, w), type, node.attributes),
    pull: (s, w) => {
      if (own.state !== "rule") throw new Error(`${node.op} has no derivative`);
      return present(own.vjp({ ...c, x: operands(c.x[at]!, w), dy: [s], needs: (i) => i === at })[at], "a derivative of the data");
    },
  };
}

/** One number an output channel, shaped to broadcast against the weights. */
function alongOutputs({ b, a, node }: RelevanceContext, factor: string, weights: string): string {
  const behind = b.rank(weights) - 1;
  const first = node.op === "Conv" || (node.op === "Gemm" && a.int("transB", 0) === 1);
  return first ? b.reshape(factor, [b.dims(factor)[0] ?? null, ...Array<number>(behind).fill(1)]) : factor;
}

function divide(c: RelevanceContext, layer: Layer, rule: LayerRule, relevance: string): string {
  const { b, settings } = c;
  const { data, weights, bias, output, apply, pull } = layer;
  switch (rule.kind) {
    case "epsilon":
      return b.mul(data, pull(share(c, relevance, output), weights));
    case "gamma": {
      if (settings.captum) return shifted(c, layer, b.add(weights, b.scale(b.unary("Relu", weights), rule.gamma)), relevance);
      const up = signed(c, layer, 1);
      const s = share(c, relevance, b.add(output, b.scale(withBias(c, up.total, bias, 1), rule.gamma)));
      return b.add(b.mul(data, pull(s, weights)), b.scale(up.back(s), rule.gamma));
    }
    case "generalizedGamma": {
      // Source: Andéol et al., Learning Domain Invariant Representations by Joint Wasserstein Distance Minimization (arXiv:2106.04923), appendix.
      const [up, down] = [signed(c, layer, 1), signed(c, layer, -1)];
      const positive = b.compare("GreaterOrEqual", output, b.scalar(0, output));
      const favoured = b.where(positive, withBias(c, up.total, bias, 1), withBias(c, down.total, bias, -1));
      const s = share(c, relevance, b.add(output, b.scale(favoured, rule.gamma)));
      const none = b.scalar(0, s);
      const back = b.add(up.back(b.where(positive, s, none)), down.back(b.where(positive, none, s)));
      return b.add(b.mul(data, pull(s, weights)), b.scale(back, rule.gamma));
    }
    case "alphaBeta": {
      if (settings.captum && rule.beta === 0) return shifted(c, layer, b.unary("Relu", weights), relevance);
      const up = signed(c, layer, 1);
      const raised = b.scale(up.back(share(c, relevance, withBias(c, up.total, bias, 1))), rule.alpha);
      if (rule.beta === 0) return raised;
      const down = signed(c, layer, -1);
      return b.sub(raised, b.scale(down.back(share(c, relevance, withBias(c, down.total, bias, -1))), rule.beta));
    }
    case "zPlus": {
      const up = signed(c, layer, 1);
      return up.back(share(c, relevance, up.total));
    }
    case "flat":
    case "wSquare": {
      const even = rule.kind === "flat" ? b.onesLike(weights) : b.mul(weights, weights);
      return pull(share(c, relevance, apply(b.onesLike(data), even)), even);
    }
    case "zBox": {
      const [low, high] = [b.scale(b.onesLike(data), rule.low), b.scale(b.onesLike(data), rule.high)];
      const [plus, minus] = [part(c, weights, 1), part(c, weights, -1)];
      const total = b.sub(b.sub(apply(data, weights), apply(low, plus)), apply(high, minus));
      const s = share(c, relevance, total);
      return b.sub(b.sub(b.mul(data, pull(s, weights)), b.mul(low, pull(s, plus))), b.mul(high, pull(s, minus)));
    }
  }
}

/** In proportion to x · w for changed weights, the bias as it is. */
function shifted(c: RelevanceContext, { data, bias, apply, pull }: Layer, weights: string, relevance: string): string {
  const { b } = c;
  const product = apply(data, weights);
  return b.mul(data, pull(share(c, relevance, bias === undefined ? product : b.add(product, bias)), weights));
}

/** max(v, 0) or min(v, 0). */
function part({ b }: RelevanceContext, value: string, sign: 1 | -1): string {
  return sign === 1 ? b.unary("Relu", value) : b.neg(b.unary("Relu", b.neg(value)));
}

/** The contributions x · w of one sign: their sum for each output, and how much of s · (such a contribution) goes back to each input. */
function signed(c: RelevanceContext, { data, weights, apply, pull }: Layer, sign: 1 | -1): { readonly total: string; readonly back: (s: string) => string } {
  const { b, structure } = c;
  const [same, other] = [part(c, weights, sign), part(c, weights, sign === 1 ? -1 : 1)];
  if (structure.isNonNegative(data)) return { total: apply(data, same), back: (s) => b.mul(data, pull(s, same)) };
  const [plus, minus] = [part(c, data, 1), part(c, data, -1)];
  return {
    total: b.add(apply(plus, same), apply(minus, other)),
    back: (s) => b.add(b.mul(plus, pull(s, same)), b.mul(minus, pull(s, other))),
  };
}

/** The bias is one more contribution. */
function withBias(c: RelevanceContext, total: string, bias: string | undefined, sign: 1 | -1): string {
  return bias === undefined ? total : c.b.add(total, part(c, bias, sign));
}
