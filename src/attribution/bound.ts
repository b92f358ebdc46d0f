import type { Graph, Types } from "../graph/ir.js";

/** A normalised graph bound to the shapes of one sample: every type is known, only the batch stays free. */
export interface BoundGraph {
  readonly graph: Graph;
  readonly types: Types;
  /** Whether axis 0 was proven to hold independent rows: then rows and path points are stacked along it. */
  readonly stacked: boolean;
  /** Inputs that carry the batch on axis 0 (empty when not stacked). */
  readonly batched: ReadonlySet<string>;
  /** Distinguishes bindings of one model in program keys. */
  readonly key: string;
}
