import { bindOutput } from "../bindOutput.js";
import { Builder } from "../builder.js";
import type { Graph, Types } from "../ir.js";
import { entryOf } from "../operatorTable.js";
import { contribAttention, multiHeadAttention, onnxAttention } from "./attention.js";
import { cDist } from "./distance.js";
import { Fused, type Decomposition } from "./fused.js";
import { biasGelu, fastGelu, gelu, quickGelu } from "./gelu.js";
import { groupQueryAttention } from "./groupQueryAttention.js";
import { fusedConv, fusedGemm, fusedMatMul } from "./linear.js";
import { embedLayerNormalization, rmsNormalization, skipLayerNormalization, skipSimplifiedLayerNormalization } from "./normalization.js";
import { qAttention, qEmbedLayerNormalization, qGemm, qLinearSoftmax, qLinearWhere } from "./quantized.js";
import { affineGrid, centerCropPad, roiAlign } from "./sampling.js";
import { tensorScatter } from "./tensorScatter.js";
import { expandDims, sameAs } from "./aliases.js";
import { rotaryEmbedding } from "./rotary.js";

/** Operators that are several plain ones in a single node, by name (`domain:op` outside ai.onnx). */
export const decompositions: Readonly<Record<string, Decomposition>> = {
  AffineGrid: affineGrid,
  Attention: onnxAttention,
  CenterCropPad: centerCropPad,
  RMSNormalization: rmsNormalization,
  RoiAlign: roiAlign,
  RotaryEmbedding: rotaryEmbedding({ cos: 1, sin: 2, ids: 3 }),
  // ONNX Runtime's optimiser writes these without a domain.
  SimplifiedLayerNormalization: rmsNormalization,
  TensorScatter: tensorScatter,
  "com.microsoft:Attention": contribAttention,
  "com.microsoft:BiasGelu": biasGelu,
  "com.microsoft:CDist": cDist,
  "com.microsoft:EmbedLayerNormalization": embedLayerNormalization,
  "com.microsoft:ExpandDims": expandDims,
  "com.microsoft:FastGelu": fastGelu,
  "com.microsoft:FusedConv": fusedConv,
  "com.microsoft:FusedGemm": fusedGemm,
  "com.microsoft:FusedMatMul": fusedMatMul,
  "com.microsoft:GatherND": sameAs("GatherND"),
  "com.microsoft:Gelu": gelu,
  "com.microsoft:GroupQueryAttention": groupQueryAttention,
  "com.microsoft:MultiHeadAttention": multiHeadAttention,
  "com.microsoft:Pad": sameAs("Pad"),
  "com.microsoft:QAttention": qAttention,
  "com.microsoft:QEmbedLayerNormalization": qEmbedLayerNormalization,
  "com.microsoft:QGemm": qGemm,
  "com.microsoft:QLinearSoftmax": qLinearSoftmax,
  "com.microsoft:QLinearWhere": qLinearWhere,
  "com.microsoft:QuickGelu": quickGelu,
  "com.microsoft:RotaryEmbedding": rotaryEmbedding({ cos: 2, sin: 3, ids: 1 }),
  "com.microsoft:SkipLayerNormalization": skipLayerNormalization,
  "com.microsoft:SkipSimplifiedLayerNormalization": skipSimplifiedLayerNormalization,
  "com.microsoft:Trilu": sameAs("Trilu"),
};

/** A graph of plainer operators, and by node name why a fused one was left as it is. */
export interface Decomposed {
  readonly graph: Graph;
  readonly types: Types;
  readonly left: ReadonlyMap<string, string>;
}

/** The graph with fused operators as plain ones, whose derivatives are known; output names are kept. The same graph if there is none. */
export function decompose(graph: Graph, types: Types): Decomposed {
  const left = new Map<string, string>();
  if (!graph.nodes.some((node) => entryOf(decompositions, node) !== undefined)) return { graph, types, left };
  const b = new Builder({ ...graph, nodes: [] }, types);
  for (const node of graph.nodes) {
    const decomposition = entryOf(decompositions, node);
    if (decomposition === undefined) {
      b.append(node);
      continue;
    }
    b.scope(`${node.name}/parts`);
    const before = b.nodes.length;
    const result = decomposition(new Fused(b, node));
    if ("reason" in result) {
      b.nodes.length = before;
      b.append(node);
      left.set(node.name, result.reason);
    } else node.outputs.forEach((output, i) => bindOutput(b, result[i] ?? "", output));
  }
  return { graph: { ...graph, nodes: b.nodes, initializers: b.initializers }, types: b.types(), left };
}
