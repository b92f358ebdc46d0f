import { byteLength } from "../graph/initializer.js";
import type { Graph } from "../graph/ir.js";
import type { CacheLimits } from "./sessionCache.js";

/** A session has its weights, and a derivative those of matrices transposed as well: 145 MB for 90 MB of weights, on average over a transformer's methods. */
const copies = 1.6;
/** What a session takes beside its weights. */
const ownBytes = 2 ** 20;

/** About what a session of a graph takes in memory. */
export function sessionBytes(graph: Graph): number {
  let weights = 0;
  for (const initializer of graph.initializers.values()) weights += byteLength(initializer);
  return ownBytes + copies * weights;
}

/** Sessions kept per model. */
export const sessionLimits: CacheLimits = { count: 32, bytes: 768 * 2 ** 20 };
