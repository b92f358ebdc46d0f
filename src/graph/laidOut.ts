import { resolvedControl } from "./control/resolveControl.js";
import { resolvedSequences } from "./control/resolveSequences.js";
import { decompositions } from "./decompose/decompose.js";
import type { Node } from "./ir.js";
import { entryOf } from "./operatorTable.js";
import { unrolledCells } from "./unroll/unroll.js";

/** How an operator without a derivative of its own is written as plainer ones before derivatives are taken: its family, as people call it. */
export type LaidOut = "recurrent" | "control flow" | "sequence" | "fused";

/** The operators that a bound graph has no more, by `op` for ai.onnx and `domain:op` otherwise. */
export const laidOutOperators: Readonly<Record<string, LaidOut>> = Object.fromEntries<LaidOut>([
  ...unrolledCells.map((op) => [op, "recurrent"] as const),
  ...resolvedControl.map((op) => [op, "control flow"] as const),
  ...resolvedSequences.map((op) => [op, "sequence"] as const),
  ...Object.keys(decompositions).map((op) => [op, "fused"] as const),
]);

/** The family of a node that is laid out as plainer ones, or undefined for one that stays. */
export function laidOut(node: Pick<Node, "op" | "domain">): LaidOut | undefined {
  return entryOf(laidOutOperators, node);
}
