import { assert } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Node, Types } from "../../graph/ir.js";
import type { Backward } from "../backward.js";
import { unsupported, type OpState, type RuleContext, type RuleFamily } from "../rule.js";
import { opStates } from "../rules/index.js";
import type { RelevanceRule } from "./context.js";
import { layerRelevance } from "./linear.js";
import { linearModel } from "./linearModel.js";
import { normalizationRelevance } from "./normalization.js";
import { productRelevance } from "./products.js";
import { ofDegree, proportional } from "./proportional.js";
import type { RelevanceSettings } from "./settings.js";
import { Structure } from "./structure.js";

/** Activations: relevance passes as it is, whatever the slope. Further operands (slopes, bounds) get none. */
const passing: RelevanceRule = (c) => c.x.map((_, i) => (i === 0 ? c.dy[0]! : null));

/** Each output is one of the inputs (or none): relevance goes where the derivative goes. */
const moving = "moving";

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

const activations = names(`
  Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid HardSwish Softplus Softsign Mish Swish Gelu Tanh Clip Shrink Softmax LogSoftmax
  Abs Neg Exp Log Sqrt Reciprocal Erf Pow Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh LpNormalization LRN
  QuantizeLinear DequantizeLinear
  ai.onnx.ml:Normalizer com.microsoft:QuickGelu com.microsoft:Gelu com.microsoft:QuantizeLinear com.microsoft:DequantizeLinear
`);

const movements = names(`
  Identity Dropout Cast CastLike Where Max Min MaxPool GlobalMaxPool MaxUnpool ReduceMax ReduceMin ReduceLogSumExp TopK
  Reshape Flatten Squeeze Unsqueeze Transpose Expand Tile Concat Split Slice Trilu ReverseSequence DepthToSpace SpaceToDepth Pad
  Gather GatherElements GatherND ScatterElements ScatterND Compress ai.onnx.ml:ArrayFeatureExtractor ai.onnx.ml:FeatureVectorizer ai.onnx.ml:Imputer
`);

const sums = names(`
  Sub Sum Mean ReduceSum ReduceMean ReduceL1 ReduceL2 CumSum AveragePool GlobalAveragePool LpPool GlobalLpPool Resize GridSample Col2Im DFT STFT Einsum
  ai.onnx.ml:Scaler com.microsoft:MatMulNBits com.microsoft:MatMulBnb4
`);

const rules: Readonly<Record<string, RelevanceRule | typeof moving>> = {
  ...Object.fromEntries(activations.map((op) => [op, passing])),
  ...Object.fromEntries(movements.map((op) => [op, moving])),
  ...Object.fromEntries(sums.map((op) => [op, proportional])),
  ...Object.fromEntries(names("Conv ConvTranspose MatMul Gemm").map((op) => [op, layerRelevance])),
  ...normalizationRelevance,
  ...productRelevance,
  ReduceSumSquare: ofDegree(2),
  "ai.onnx.ml:LinearRegressor": linearModel,
  "ai.onnx.ml:LinearClassifier": linearModel,
};

const noRule = "layer-wise relevance propagation has no rule for this operator";

/**
 * Layer-wise relevance propagation: the score itself is carried back and divided at every node among its inputs.
 * Source: Bach et al., On Pixel-Wise Explanations (https://doi.org/10.1371/journal.pone.0130140); Montavon et al., Layer-Wise Relevance Propagation:
 * An Overview (https://doi.org/10.1007/978-3-030-28954-6_10).
 */
export function relevance(settings: RelevanceSettings): Backward {
  const structures = new WeakMap<readonly Node[], Structure>();
  const structureOf = (nodes: readonly Node[], b: Builder): Structure => {
    const known = structures.get(nodes) ?? new Structure(nodes, b, !settings.captum);
    structures.set(nodes, known);
    return known;
  };
  const state = (op: string, own: OpState): OpState => {
    if (own.state !== "rule") return own;
    const found = rules[op];
    if (found === undefined) return unsupported(noRule);
    const refuse = (node: Node, types: Types): string | undefined => refusal(node) ?? own.refuse?.(node, types);
    if (found === moving) return { state: "rule", vjp: own.vjp, refuse };
    return { state: "rule", refuse, vjp: (c: RuleContext) => found({ ...c, settings, structure: structureOf(c.nodes, c.b) }) };
  };
  for (const op of Object.keys(rules)) assert(op in opStates, () => `the rules of relevance name ${op}, which has no derivative`);
  const table: RuleFamily = Object.fromEntries(Object.entries(opStates).map(([op, own]) => [op, state(op, own)]));
  return { rules: table, key: `relevance ${JSON.stringify(settings)}`, start: "score" };
}

/** Forms of an operator that relevance can't be divided at. */
function refusal({ op, attributes }: Node): string | undefined {
  const training = attributes["training_mode"];
  if (op === "BatchNormalization" && training?.kind === "int" && training.value === 1) return "batch normalisation in training mode has no rule of relevance";
  const reduction = attributes["reduction"];
  if (op.startsWith("Scatter") && reduction?.kind === "string" && reduction.value !== "none")
    return `scattering with the reduction "${reduction.value}" has no rule of relevance`;
  return undefined;
}
