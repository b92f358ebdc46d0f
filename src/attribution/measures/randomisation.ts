import { ExplainError } from "../../base/diagnostic.js";
import type { Graph, Initializer } from "../../graph/ir.js";
import type { Measured } from "../../protocol/explanation.js";
import { byteSize, isFloat } from "../../tensor/dtype.js";
import type { BoundGraph } from "../bound.js";
import type { Steps } from "../evaluate.js";
import type { Measure, MeasureContext } from "../measure.js";
import { readCount, readSeed } from "../options.js";
import { uniforms } from "../random.js";
import { within } from "../variants.js";
import { agreementOf, isUnsigned } from "./rankCorrelation.js";
import { resultRows } from "./resultRows.js";

/** Above this, only the end of the cascade is looked at: each step is a copy of the weights. */
const mostBytes = 32 * 2 ** 20;

/** Rank correlation with the credits of the same model with random weights: near 1, the explanation did not look at what was learned. */
export const randomisation: Measure = {
  name: "randomisation",
  title: "Randomised weights",
  question: "Do the credits stay the same when what the model has learned is destroyed? (The rank correlation with those, which should be near 0.)",
  paper: "https://arxiv.org/abs/1810.03292",
  better: "lower",
  measure,
};

/**
 * Weights are shuffled within each tensor, so that each keeps its distribution; from the output down, in `randomisationSteps` steps. The curve holds the
 * correlation after each share of the tensors, the value is that of the last, when all are shuffled.
 */
function* measure(context: MeasureContext): Steps<readonly Measured[]> {
  const { bound, request, method, result, plan } = context;
  const options = request.options ?? {};
  const weights = weightsOf(bound.graph);
  if (weights.length === 0)
    throw new ExplainError("OPTION_INVALID", "The model has no weights that could be randomised: trees and external weights are left as they are.", {
      hint: "Leave the measure out.",
    });
  const bytes = weights.reduce((n, w) => n + (w.content.kind === "raw" ? w.content.bytes.length : 0), 0);
  const steps = Math.min(weights.length, bytes > mostBytes ? 1 : readCount(options, "randomisationSteps", 4));
  const seed = readSeed(options);
  const rows = resultRows(result);
  const share: number[] = [];
  const correlations: number[][] = [];
  for (let step = 1; step <= steps; step++) {
    const count = Math.round((step * weights.length) / steps);
    const random = shuffledModel(bound, weights.slice(0, count), seed);
    const other = yield* within(plan({ bound: random, request }), (step - 1) / steps, step / steps);
    share.push(count / weights.length);
    correlations.push(Array.from({ length: rows }, (_, row) => agreementOf(result, other, row, isUnsigned(method, options))));
  }
  return Array.from({ length: rows }, (_, row): Measured => {
    const value = correlations.map((c) => c[row] ?? NaN);
    return { value: value.at(-1) ?? NaN, curve: { share, value } };
  });
}

/** What takes constants that are no weights. */
const notWeights = new Set(["Resize", "Upsample", "Pad", "Where", "Clip", "Range", "Pow", "Tile", "Expand"]);
const elementwise = new Set(["Add", "Sub", "Mul", "Div"]);

/** The tensors a model has learned, those nearest to the output first. Constant masks and scales of elementwise operators with three axes or more are none. */
function weightsOf(graph: Graph): readonly Initializer[] {
  const found = new Map<string, Initializer>();
  for (const node of graph.nodes.toReversed())
    for (const name of node.inputs) {
      const initializer = graph.initializers.get(name);
      if (initializer === undefined || found.has(name) || notWeights.has(node.op)) continue;
      const { dtype, dims, content } = initializer;
      if (!isFloat(dtype) || content.kind !== "raw" || content.bytes.length <= byteSize[dtype] || (elementwise.has(node.op) && dims.length > 2)) continue;
      found.set(name, initializer);
    }
  return [...found.values()];
}

function shuffledModel(bound: BoundGraph, weights: readonly Initializer[], seed: number): BoundGraph {
  const random = uniforms(seed);
  const initializers = new Map(bound.graph.initializers);
  for (const weight of weights) initializers.set(weight.name, shuffledWeights(weight, random));
  return { ...bound, graph: { ...bound.graph, initializers }, key: `${bound.key}:shuffled ${weights.length} ${seed}` };
}

/** A tensor with its elements in random order (Fisher–Yates); bytes are moved, never read as numbers. */
function shuffledWeights(weight: Initializer, random: () => number): Initializer {
  if (weight.content.kind !== "raw") return weight;
  // A copy: a Buffer's own slice would be a view of the file.
  const bytes = new Uint8Array(weight.content.bytes);
  const size = byteSize[weight.dtype];
  const elements = size === 8 ? new BigUint64Array(bytes.buffer) : size === 4 ? new Uint32Array(bytes.buffer) : new Uint16Array(bytes.buffer);
  for (let i = elements.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = elements[i]!;
    elements[i] = elements[j]!;
    elements[j] = kept;
  }
  return { ...weight, content: { kind: "raw", bytes } };
}
