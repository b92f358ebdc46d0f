import type { Builder } from "../../graph/builder.js";
import type { Graph, Node } from "../../graph/ir.js";
import { renameReads } from "../../graph/reads.js";

/** A graph laid out to stand inside another. */
export interface Part {
  readonly nodes: readonly Node[];
  /** What an output of the graph is called there. */
  readonly output: (name: string) => string;
}

/**
 * The nodes of a graph under names of their own; its inputs are what `given` says. Constants go to the builder: those that several parts have in common
 * once, since parts that come from one model hold the same bytes.
 */
export function partOf(b: Builder, graph: Graph, prefix: string, given: ReadonlyMap<string, string>): Part {
  const names = new Map(given);
  for (const [name, initializer] of graph.initializers) {
    const shared = `weights/${name}`;
    const there = b.initializers.get(shared);
    const own = there === undefined || there.content === initializer.content ? shared : `${prefix}/${name}`;
    if (!b.initializers.has(own)) {
      b.initializers.set(own, { ...initializer, name: own });
      b.declare(own, { dtype: initializer.dtype, dims: initializer.dims });
    }
    names.set(name, own);
  }
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== "") names.set(output, `${prefix}/${output}`);
  const rename = (name: string): string => names.get(name) ?? name;
  return {
    nodes: graph.nodes.map((node) => ({
      ...renameReads(node, rename),
      name: `${prefix}/${node.name}`,
      outputs: node.outputs.map((output) => (output === "" ? "" : rename(output))),
    })),
    output: rename,
  };
}
