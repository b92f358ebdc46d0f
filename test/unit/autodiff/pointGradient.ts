import { differentiate } from "../../../src/autodiff/differentiate.js";
import { opStates } from "../../../src/autodiff/rules/index.js";
import { Builder } from "../../../src/graph/builder.js";
import { toInitializer } from "../../../src/graph/initializer.js";
import type { Graph } from "../../../src/graph/ir.js";
import { createSession } from "../../../src/runtime/session.js";
import { tensor, toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { node, type CaseOptions } from "../../gradients/gradientCase.js";
import type { AttributeValue } from "../../../src/graph/builder.js";

/** The gradient of Σ y0 with respect to the float64 input x0 (a vector) of one node, at a given point; further inputs are constants. */
export async function pointGradient(
  op: string,
  x: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  others: readonly Tensor[] = [],
  options: Pick<CaseOptions, "dtype" | "opset"> = {},
): Promise<number[]> {
  const dtype = options.dtype ?? "float64";
  const names = others.map((_, i) => `x${i + 1}`);
  const graph: Graph = {
    name: "point",
    inputs: [{ name: "x0", dtype, dims: [x.length] }],
    outputs: [{ name: "y0", dtype: null, dims: null }],
    nodes: [node(op, ["x0", ...names], ["y0"], attributes)],
    initializers: new Map(others.map((t, i) => [names[i]!, toInitializer(names[i]!, t)])),
    opsets: { "": options.opset ?? 18, "com.microsoft": 1 },
  };
  const feeds = { x0: tensor(dtype, [x.length], x) };
  const forward = await createSession(graph);
  const y = (await forward.run(feeds))["y0"]!;
  const b = new Builder(
    graph,
    new Map([
      ["x0", { dtype, dims: [x.length] }],
      ["y0", { dtype: y.dtype, dims: y.dims }],
    ]),
  );
  const gradient = differentiate(b, [...b.nodes], { sources: ["x0"], seeds: new Map([["y0", b.onesLike("y0")]]), rules: opStates }).get("x0");
  if (gradient === undefined) return x.map(() => 0);
  const session = await createSession(b.finish("gradient", graph.inputs, [gradient], graph.opsets));
  const result = (await session.run(feeds))[gradient]!;
  await forward.release();
  await session.release();
  return Array.from(toNumbers(result));
}
