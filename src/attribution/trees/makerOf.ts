import { readInitializer } from "../../graph/initializer.js";
import type { Graph, Node } from "../../graph/ir.js";
import { makersOf } from "../../graph/walk.js";
import { toNumbers } from "../../tensor/tensor.js";

/** What makes a value, behind operators that hand it on; the value is `scale` times the node's output `value`, plus `shift`. */
export interface Maker {
  readonly value: string;
  readonly node: Node | undefined;
  readonly scale: number;
  readonly shift: number;
}

const handsOn = new Set(["Identity", "Cast", "Flatten", "Reshape"]);
/** With a constant on their right, what they do to scale and shift; converters add them even where the constant is neutral. */
const affine: Readonly<Record<string, (maker: Maker, constant: number) => Pick<Maker, "scale" | "shift">>> = {
  Mul: ({ scale, shift }, c) => ({ scale: scale * c, shift }),
  Div: ({ scale, shift }, c) => ({ scale: scale / c, shift }),
  Add: ({ scale, shift }, c) => ({ scale, shift: shift + scale * c }),
  Sub: ({ scale, shift }, c) => ({ scale, shift: shift - scale * c }),
};

/** Walks from a value to the node that computes it. */
export function makerOf(graph: Graph, value: string): Maker {
  const makers = makersOf(graph);
  let found: Maker = { value, node: makers.get(value), scale: 1, shift: 0 };
  for (;;) {
    const { node } = found;
    if (node === undefined) return found;
    const input = node.inputs[0] ?? "";
    const constant = scalar(graph, node.inputs[1]);
    if (handsOn.has(node.op)) found = { ...found, value: input, node: makers.get(input) };
    else if (node.domain === "" && affine[node.op] !== undefined && constant !== undefined)
      found = { ...found, ...affine[node.op]!(found, constant), value: input, node: makers.get(input) };
    else return found;
  }
}

function scalar(graph: Graph, name: string | undefined): number | undefined {
  const initializer = name === undefined ? undefined : graph.initializers.get(name);
  if (initializer === undefined || initializer.content.kind !== "raw" || initializer.dims.some((d) => d !== 1)) return undefined;
  return toNumbers(readInitializer(initializer))[0];
}
