import { ExplainError } from "../base/diagnostic.js";
import type { Explanation } from "../protocol/explanation.js";
import type { MethodName } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { Graph } from "../graph/ir.js";
import { splitsText } from "./splitsText.js";

/** Up to so many elements all coalitions are run. */
const mostPlayers = 10;
const withoutGradient: ReadonlySet<string> = new Set(["UNSUPPORTED_OPERATOR", "NO_GRADIENT_PATH"]);

/**
 * Explains by the default method or, where no gradient goes through the model and the request leaves the method open, by one that needs none: the trees' own, all coalitions of a
 * few elements, a sample of them. The explanation says which, and why. `by` explains by what the request names.
 */
export async function byAnyMethod(request: ExplainRequest, graph: Graph, by: (request: ExplainRequest) => Promise<Explanation>): Promise<Explanation> {
  if (request.anyMethod !== true || request.method !== undefined) return by(request);
  const { options: _, ...plain } = request;
  let why: ExplainError | undefined;
  for (const method of [undefined, ...gradientFree(graph)]) {
    try {
      const explanation = await by(method === undefined ? request : { ...plain, method });
      return why === undefined || method === undefined ? explanation : { ...explanation, diagnostics: [instead(method, why), ...explanation.diagnostics] };
    } catch (error) {
      if (!(error instanceof ExplainError) || !withoutGradient.has(error.diagnostic.code)) throw error;
      why ??= error;
    }
  }
  throw why ?? new ExplainError("UNSUPPORTED_OPERATOR", "No method explains this model.");
}

/** Methods without gradients, the one that fits best first. */
function gradientFree(graph: Graph): readonly MethodName[] {
  const trees = graph.nodes.some(({ op, domain }) => domain === "ai.onnx.ml" && op.startsWith("TreeEnsemble"));
  const size = (dims: Graph["inputs"][number]["dims"]): number =>
    (dims ?? [null, null]).slice(1).reduce<number>((n, d) => n * (typeof d === "number" ? d : NaN), 1);
  // Words are many.
  const elements = graph.inputs.reduce((sum, { name, dims }) => sum + (splitsText(graph, name) ? NaN : size(dims)), 0);
  return [...(trees ? (["treeShap"] as const) : []), elements <= mostPlayers ? "shapleyValues" : "kernelShap"];
}

function instead(method: MethodName, { diagnostic }: ExplainError): Explanation["diagnostics"][number] {
  return {
    code: "OTHER_METHOD",
    severity: "info",
    message: `Integrated gradients have no meaning for this model, so ${method} explains it. ${diagnostic.message}`,
    ...(diagnostic.node === undefined ? {} : { node: diagnostic.node }),
  };
}
