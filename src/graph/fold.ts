import type { Tensor } from "../tensor/tensor.js";
import { foldShapes } from "./fold/foldShapes.js";
import { foldValues } from "./fold/foldValues.js";
import { hoistConstants } from "./fold/hoistConstants.js";
import { inlineBranches } from "./fold/inlineBranches.js";
import { scalarBounds } from "./fold/scalarBounds.js";
import type { Graph, Types } from "./ir.js";
import { prune } from "./prune.js";

/** Runs a graph without inputs and answers all its outputs by name. */
export type Evaluate = (graph: Graph) => Promise<ReadonlyMap<string, Tensor>>;

export interface FoldOptions {
  /** Bound types: shapes that they tell become constants. */
  readonly types?: Types;
  /** Constants above this many bytes neither take part nor come out (default 4 MiB): big weights stay where they are in the file. */
  readonly limit?: number;
}

/** An `If` inside an `If` needs another round; real models nest a handful. */
const mostRounds = 16;

/**
 * Makes constants of what is constant: Constant nodes, nodes whose inputs are all constant (evaluated by one run), shapes that the types tell;
 * an If whose condition is constant is replaced by its branch. Value names of the file are kept, except that what only served constants is gone.
 */
export async function fold(graph: Graph, evaluate: Evaluate, options: FoldOptions = {}): Promise<Graph> {
  const limit = options.limit ?? 4 * 1024 * 1024;
  let current = hoistConstants(graph);
  for (let round = 0; round < mostRounds; round++) {
    current = scalarBounds(current);
    if (options.types !== undefined) current = foldShapes(current, options.types);
    current = await foldValues(current, evaluate, limit);
    const inlined = inlineBranches(current);
    if (inlined === current) break;
    current = hoistConstants(inlined);
  }
  return prune(scalarBounds(current));
}
