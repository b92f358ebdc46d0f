import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/ir.js";
import { valuesReadBy } from "../../graph/walk.js";

/** What belongs to a layer with constant weights: a bias that is added behind it, a batch normalisation that is folded into it. */
export interface Chain {
  readonly steps: readonly Node[];
  /** The value that leaves the last of them. */
  readonly end: string;
}

const weighted = new Set(["Conv", "ConvTranspose", "MatMul", "Gemm"]);
/** Through these a value is what it was, in another arrangement. */
const carrying = new Set([
  "Reshape",
  "Transpose",
  "Squeeze",
  "Unsqueeze",
  "Flatten",
  "Expand",
  "Identity",
  "Cast",
  "Dropout",
  "Slice",
  "Split",
  "Gather",
  "Tile",
]);
const gates = new Set(["Sigmoid", "HardSigmoid", "Softmax", "Reciprocal"]);
const neverNegative = new Set(["Relu", "Sigmoid", "HardSigmoid", "Softmax", "Abs", "Exp", "Softplus"]);
const pools = new Set(["MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool", "ReduceMax", "ReduceMean", "ReduceSum"]);

/** Who reads and who makes a value: what rules that look beyond their own node ask. */
export class Structure {
  private readonly producers = new Map<string, Node>();
  private readonly readers = new Map<string, Node[]>();
  private readonly constants = new Set<string>();
  private readonly behindWeights = new Set<string>();
  private readonly chains = new Map<Node, Chain>();
  private readonly members = new Set<Node>();

  /** `nodes` in topological order. */
  constructor(
    nodes: readonly Node[],
    private readonly b: Builder,
    private readonly foldNormalization: boolean,
  ) {
    for (const node of nodes) {
      const reads = valuesReadBy(node);
      for (const x of reads) this.readers.set(x, [...(this.readers.get(x) ?? []), node]);
      const constant = node.inputs.every((x) => x === "" || this.isConstant(x));
      const behind = this.isLayer(node) || reads.some((x) => this.behindWeights.has(x));
      for (const y of node.outputs) {
        this.producers.set(y, node);
        if (constant) this.constants.add(y);
        if (behind) this.behindWeights.add(y);
      }
    }
    for (const node of nodes) {
      if (!this.isLayer(node)) continue;
      const chain = this.follow(node);
      this.chains.set(node, chain);
      for (const step of chain.steps) this.members.add(step);
    }
  }

  /** Whether a value is the same for every sample: an initializer, or made of such. */
  isConstant(value: string): boolean {
    return this.b.initializers.has(value) || this.constants.has(value);
  }

  /** What belongs to a layer besides itself. */
  chain(layer: Node): Chain {
    return this.chains.get(layer) ?? { steps: [], end: layer.outputs[0] ?? "" };
  }

  /** Whether a node belongs to the layer before it, which answers for both. */
  belongs(node: Node): boolean {
    return this.members.has(node);
  }

  /** Whether no layer with weights comes before a value. */
  isFirst(value: string): boolean {
    return !this.behindWeights.has(value);
  }

  /**
   * Factors that are held: a gate, attention weights, the reciprocal of a deviation. They say how much passes, not what.
   * Source: Arras et al., Explaining and Interpreting LSTMs (arXiv:1909.12114); Ali et al., XAI for Transformers (arXiv:2202.07304).
   */
  isGate(value: string): boolean {
    const node = this.producers.get(value);
    if (node === undefined) return false;
    if (gates.has(node.op)) return true;
    const [first = "", second = ""] = node.inputs;
    if (carrying.has(node.op)) return this.isGate(first);
    const other = this.isConstant(second) ? first : this.isConstant(first) ? second : undefined;
    if (other === undefined) return false;
    if (node.op === "Mul" || node.op === "Div") return this.isGate(other);
    // 1 + erf and 1 + tanh of a Gelu, 1 − the gate of a recurrent cell.
    if (node.op === "Add" || node.op === "Sub") return this.isGate(other) || ["Erf", "Tanh"].includes(this.producers.get(other)?.op ?? "");
    return false;
  }

  /** Whether a value is known never to be negative. */
  isNonNegative(value: string): boolean {
    const node = this.producers.get(value);
    if (node === undefined) return false;
    if (neverNegative.has(node.op)) return true;
    if (node.op === "Concat") return node.inputs.every((x) => this.isNonNegative(x));
    return (carrying.has(node.op) || pools.has(node.op)) && this.isNonNegative(node.inputs[0] ?? "");
  }

  /** A node whose one operand is constant: its weights. */
  private isLayer(node: Node): boolean {
    if (node.domain !== "" || !weighted.has(node.op)) return false;
    const [left = "", right = ""] = node.inputs;
    if (this.isConstant(left) === this.isConstant(right)) return false;
    return this.isConstant(right) || node.op === "MatMul" || node.op === "Gemm";
  }

  private follow(layer: Node): Chain {
    const steps: Node[] = [];
    let end = layer.outputs[0] ?? "";
    for (;;) {
      const [next, ...others] = this.readers.get(end) ?? [];
      if (next === undefined || others.length > 0 || !(this.addsBias(next, end) || this.folds(layer, next, end))) break;
      steps.push(next);
      end = next.outputs[0] ?? "";
    }
    return { steps, end };
  }

  private addsBias(node: Node, value: string): boolean {
    if (node.op !== "Add" || node.domain !== "") return false;
    const [first = "", second = ""] = node.inputs;
    const same = this.b.dims(node.outputs[0] ?? "").join() === this.b.dims(value).join();
    return same && first !== second && this.isConstant(first === value ? second : first);
  }

  /** Batch normalisation is by channel, on axis 1: of a convolution's output, or of a matrix of rows. */
  private folds(layer: Node, node: Node, value: string): boolean {
    if (!this.foldNormalization || node.op !== "BatchNormalization" || node.inputs[0] !== value) return false;
    const training = node.attributes["training_mode"];
    if (!node.inputs.slice(1).every((x) => this.isConstant(x)) || (training?.kind === "int" && training.value === 1)) return false;
    // Channels of a transposed convolution in groups, and those of a matrix on the left, are laid out otherwise.
    if (layer.op === "Conv") return true;
    return (layer.op === "Gemm" || layer.op === "MatMul") && this.b.rank(value) === 2 && this.isConstant(layer.inputs[1] ?? "");
  }
}
