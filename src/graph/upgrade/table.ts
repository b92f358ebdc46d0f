import { clip, dft, intsToInput, pad, slice, split, topK } from "./attributesToInputs.js";
import { batchNormalization, dropout, flatSoftmax, gridSample, groupNormalization, resize10, resize11, roiAlign, scatter, upsample } from "./rewrites.js";
import { scan8, timeFirst } from "./recurrence.js";
import type { Upgrade } from "./step.js";

const axes18: readonly Upgrade[] = [{ before: 18, step: intsToInput("axes", 1) }];
const axes13: readonly Upgrade[] = [{ before: 13, step: intsToInput("axes", 1) }];
const layouts: readonly Upgrade[] = [{ before: Infinity, step: timeFirst }];
const flat13: readonly Upgrade[] = [{ before: 13, step: flatSoftmax }];

/**
 * The operators of ai.onnx whose form changed between opset 7 and the target in more than the types they take. The first entry that applies is used.
 * Source: https://github.com/onnx/onnx/blob/main/docs/Changelog.md
 */
export const table: Readonly<Record<string, readonly Upgrade[]>> = {
  BatchNormalization: [{ before: 14, step: batchNormalization }],
  Clip: [{ before: 11, step: clip }],
  DFT: [{ before: 20, step: dft }],
  Dropout: [{ before: 12, step: dropout }],
  GRU: layouts,
  GridSample: [{ before: 20, step: gridSample }],
  GroupNormalization: [{ before: 21, step: groupNormalization }],
  Hardmax: flat13,
  LSTM: layouts,
  LogSoftmax: flat13,
  Pad: [{ before: 11, step: pad }],
  RNN: layouts,
  ReduceL1: axes18,
  ReduceL2: axes18,
  ReduceLogSum: axes18,
  ReduceLogSumExp: axes18,
  ReduceMax: axes18,
  ReduceMean: axes18,
  ReduceMin: axes18,
  ReduceProd: axes18,
  ReduceSum: axes13,
  ReduceSumSquare: axes18,
  Resize: [
    { before: 11, step: resize10 },
    { before: 13, step: resize11 },
  ],
  RoiAlign: [{ before: 16, step: roiAlign }],
  Scan: [{ before: 9, step: scan8 }],
  Scatter: [{ before: Infinity, step: scatter }],
  Slice: [{ before: 10, step: slice }],
  Softmax: flat13,
  Split: [{ before: 18, step: split }],
  Squeeze: axes13,
  TopK: [{ before: 10, step: topK }],
  Unsqueeze: axes13,
  Upsample: [{ before: Infinity, step: upsample }],
};
