import type { Graph, Node } from "../graph/ir.js";
import type { NumberTensor, UnitGroups } from "../protocol/explanation.js";

/** What puts channels on the first axis behind the batch. */
const channelled =
  /^(Conv|ConvTranspose|DeformConv|QLinearConv|ConvInteger|FusedConv|MaxPool|AveragePool|LpPool|GlobalMaxPool|GlobalAveragePool|DepthToSpace|SpaceToDepth)$/;
/** What leaves its first input's axes as they are. */
const keeps =
  /^(Relu|LeakyRelu|PRelu|Elu|Selu|Celu|Gelu|Mish|Sigmoid|HardSigmoid|HardSwish|Swish|Tanh|Softplus|Clip|Identity|Cast|Dropout|Pad|Resize|Upsample|Add|Sub|Mul|Div|BatchNormalization|InstanceNormalization|GroupNormalization|Concat|QuantizeLinear|DequantizeLinear)$/;

/**
 * The credits of a layer's units added up for each channel (behind a convolution) or each position (of a sequence): what a chart of thousands of units is read by.
 * Undefined for layers whose units have no such order.
 */
export function unitGroups(graph: Graph, layer: string, { dims, data }: NumberTensor): UnitGroups | undefined {
  const [count] = dims;
  if (count === undefined || dims.length < 2 || dims.slice(1).every((d) => d === 1)) return undefined;
  const by = hasChannels(graph, layer) ? "channel" : dims.length === 2 ? "position" : undefined;
  if (by === undefined) return undefined;
  const size = data.length / count;
  return { by, data: Array.from({ length: count }, (_, g) => data.slice(g * size, (g + 1) * size).reduce((sum, x) => sum + x, 0)) };
}

function hasChannels(graph: Graph, layer: string): boolean {
  const makers = new Map<string, Node>(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const seen = new Set<string>();
  const open = [layer];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const node = makers.get(value);
    if (node === undefined || seen.has(value)) continue;
    seen.add(value);
    if (channelled.test(node.op)) return true;
    if (keeps.test(node.op)) open.push(...node.inputs);
  }
  return false;
}
