import { unsupported, type RuleFamily } from "../rule.js";

const because = (reason: string, ops: readonly string[]): RuleFamily => Object.fromEntries(ops.map((op) => [op, unsupported(reason)]));
const ms = (...names: readonly string[]): string[] => names.map((name) => `com.microsoft:${name}`);
const ml = (...names: readonly string[]): string[] => names.map((name) => `ai.onnx.ml:${name}`);

/** Operators that gradients can't pass, each with the reason that people are told. */
export const withoutDerivative: RuleFamily = {
  ...because("it works on text, which has no derivative", [
    ...["StringConcat", "StringNormalizer", "StringSplit", "RegexFullMatch", "com.microsoft:Tokenizer", "com.microsoft:MurmurHash3"],
  ]),
  ...because("it counts words, and a count is no smooth function of them", ["TfIdfVectorizer"]),
  ...because("it reads an encoded picture, not numbers", ["ImageDecoder"]),
  ...because("ONNX Runtime does not run it yet", ["CausalConvWithState", "LinearAttention", "SwiGLU", "ai.onnx.preview:FlexAttention"]),
  ...because("it reads numbers as bits", ["BitCast"]),
  ...because("how many values it gives, and which, depends on the input", ["Unique", ...ms("Unique")]),
  ...because("its maps and dictionaries are no tensors; only a ZipMap at the end of a model is cut off", ml("ZipMap", "CastMap", "DictVectorizer")),
  ...because("a loss compares predictions with labels and belongs to training", ["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]),
  ...because(
    "it is a step of training",
    ["Gradient", "Adagrad", "Adam", "Momentum"].map((op) => `ai.onnx.preview.training:${op}`),
  ),
  ...because("there is no rule for deformable convolutions: their positions are computed", ["DeformConv"]),
  ...because("there is no rule for running products", ["CumProd"]),
  ...because("regions of interest are pooled at positions that depend on boxes; there is no rule yet", ["MaxRoiPool", ...ms("CropAndResize")]),
  ...because("its output is a step function of its inputs, with derivative zero wherever there is one", [
    ...ml("TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"),
  ]),
  ...because(
    "it searches over whole sequences, choosing tokens one by one",
    ms("BeamSearch", "GreedySearch", "Sampling", "WhisperBeamSearch", "NGramRepeatBlock"),
  ),
  ...because("its routing between experts has no rule", ms("MoE", "QMoE")),
  ...because("quantised attention of this form has no rule", ms("QOrderedAttention")),
  ...because("quantised arithmetic of this form has no rule", ms("QLinearReduceMean", "MulInteger", "ReduceSumInteger")),
  ...because("attention of this form has no rule", [
    ...ms(
      "SparseAttention",
      "DecoderAttention",
      "DecoderMaskedMultiHeadAttention",
      "DecoderMaskedSelfAttention",
      "PackedAttention",
      "PackedMultiHeadAttention",
    ),
    ...ms("PagedAttention", "LongformerAttention", "GatedRelativePositionBias", "RelativePositionBias", "AttnLSTM"),
  ]),
  ...because("its convolution over characters has no rule", ms("WordConvEmbedding")),
  ...because("it aligns sequences by a path that jumps", ms("DynamicTimeWarping")),
};
