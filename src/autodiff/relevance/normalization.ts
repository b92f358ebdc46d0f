import { present } from "../../base/assert.js";
import { axesFrom, channelAxes, perChannel } from "../rules/normalize.js";
import { share, type RelevanceContext, type RelevanceRule } from "./context.js";

/**
 * Normalisations with their deviation held, so that they are affine: y = (x − mean)·scale/deviation + bias. In proportion, the bias takes its part.
 * Source: Ali et al., XAI for Transformers: Better Explanations through Conservative Propagation (arXiv:2202.07304).
 */
export const normalizationRelevance: Readonly<Record<string, RelevanceRule>> = {
  BatchNormalization: batchNormalization,
  // Its statistics are held: what arrives at them alone goes nowhere.
  LayerNormalization: (c) =>
    c.dy[0] === "" ? c.x.map(() => null) : only(c, affine(c, c.x[0]!, c.dy[0]!, c.y[0]!, axesFrom(c.a.int("axis", -1), c.b.rank(c.x[0]!)), c.x[1])),
  InstanceNormalization: (c) => {
    const rank = c.b.rank(c.x[0]!);
    return only(c, affine(c, c.x[0]!, c.dy[0]!, c.y[0]!, channelAxes(rank, false), perChannel(c.b, c.x[1]!, rank)));
  },
  GroupNormalization: groupNormalization,
  MeanVarianceNormalization: (c) => only(c, affine(c, c.x[0]!, c.dy[0]!, c.y[0]!, c.a.ints("axes") ?? [0, 2, 3], undefined)),
};

function only(c: RelevanceContext, relevance: string): (string | null)[] {
  return c.x.map((_, i) => (i === 0 ? relevance : null));
}

/** x ⊙ (u − mean u) with u = R/y · scale/deviation. */
function affine(c: RelevanceContext, x: string, relevance: string, y: string, axes: readonly number[], scale: string | undefined): string {
  const { b, a } = c;
  const rank = b.rank(x);
  const over = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  const centred = b.sub(x, b.mean(x, over));
  const deviation = b.unary(
    "Sqrt",
    b.shift(b.mean(b.mul(centred, centred), over), a.float("epsilon", c.node.op === "MeanVarianceNormalization" ? 1e-9 : 1e-5)),
  );
  const part = share(c, relevance, y);
  const u = b.div(scale === undefined ? part : b.mul(part, scale), deviation);
  return b.mul(x, b.sub(u, b.mean(u, over)));
}

function groupNormalization(c: RelevanceContext): (string | null)[] {
  const { b, a, x } = c;
  const dims = b.dims(x[0]!);
  const groups = a.int("num_groups", 1);
  const [batch, channels] = [dims[0] ?? null, present(dims[1], "a known number of channels")];
  const apart = [batch, groups, channels / groups, ...dims.slice(2)];
  const scale = b.reshape(x[1]!, [groups, channels / groups, ...dims.slice(2).map(() => 1)]);
  const value = (name: string): string => b.reshape(name, apart);
  const axes = apart.map((_, i) => i).slice(2);
  return only(c, b.reshapeLike(affine(c, value(x[0]!), value(c.dy[0]!), value(c.y[0]!), axes, scale), x[0]!));
}

/** One that was folded into the layer before it passes everything on to that. In training mode it normalises over the batch, which no rule divides. */
function batchNormalization(c: RelevanceContext): (string | null)[] {
  const { b, a, x, node, structure } = c;
  const [value = "", scale = "", , , variance = ""] = x;
  if (structure.belongs(node)) return only(c, c.dy[0]!);
  const factor = b.div(scale, b.unary("Sqrt", b.shift(variance, a.float("epsilon", 1e-5))));
  return only(c, b.mul(value, b.mul(share(c, c.dy[0]!, c.y[0]!), perChannel(b, factor, b.rank(value)))));
}
