import type { Decomposition } from "./fused.js";

/** com.microsoft CDist: the distance of each row of A to each row of B. Source: ContribOperators.md#com.microsoft.CDist */
export const cDist: Decomposition = (f) => {
  const { b, node } = f;
  const reductions: Readonly<Record<string, string>> = { euclidean: "ReduceL2", sqeuclidean: "ReduceSumSquare" };
  const metric = f.string("metric", "sqeuclidean");
  const reduction = reductions[metric];
  if (reduction === undefined) return { reason: `the distance "${metric}" is not known` };
  const between = b.sub(b.unsqueeze(f.input(0), [1]), f.input(1));
  return [b.emit(reduction, [between, b.ints([2])], b.type(node.outputs[0] ?? ""), { keepdims: 0 })];
};
