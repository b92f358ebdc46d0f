import { limitOf, megabyte, memoryHere, overLimit } from "../base/limits.js";
import type { BoundGraph } from "../attribution/bound.js";
import { bytesOfRun } from "../attribution/cost.js";
import type { Graph } from "../graph/ir.js";
import { byteSize } from "../tensor/dtype.js";
import type { Session } from "./session.js";

const advice = "A shorter or smaller sample takes less.";

/** Throws LIMIT_EXCEEDED (memoryMegabytes) when a method's run on these shapes is estimated to need more memory than there may be. */
export function checkMemory(bound: BoundGraph): void {
  const [needed, limit] = [bytesOfRun(bound) / megabyte, memoryHere()];
  if (!(needed <= limit)) throw overLimit("memoryMegabytes", "A run for this sample is estimated to need", needed, { limit, hint: advice });
}

/** The same before anything has run: a single value whose fixed sizes, as the runtime infers them, are beyond the limit. */
export function checkDeclared(values: Session["outputs"]): void {
  const limit = memoryHere();
  for (const { name, dtype, dims } of values) {
    const elements = (dims ?? []).reduce<number>((product, d) => (typeof d === "number" && d >= 0 ? product * d : product), 1);
    const needed = (elements * byteSize[dtype ?? "float32"]) / megabyte;
    if (!(needed <= limit)) throw overLimit("memoryMegabytes", `The value "${name}" alone needs`, needed, { limit, hint: advice });
  }
}

/** Throws LIMIT_EXCEEDED (planNodes) for a graph that would take too long to load. */
export function checkPlan(graph: Graph): void {
  if (graph.nodes.length > limitOf("planNodes"))
    throw overLimit("planNodes", "The graph of this method has", graph.nodes.length, { hint: "A shorter sample or another method needs less." });
}
