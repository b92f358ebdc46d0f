import { basename, dirname } from "node:path";
import { methods } from "../attribution/methods/index.js";
import type { RuleFamily } from "../autodiff/rule.js";
import type { Diagnostic } from "../base/diagnostic.js";
import type { Inspection, MethodInfo, OperatorInfo } from "../protocol/explanation.js";
import { methodNames } from "../protocol/names.js";
import type { Graph, Node } from "../graph/ir.js";
import type { OpenModel } from "../runtime/openModel.js";
import { gradientBarriers, gradientState } from "./gradientReach.js";
import { findLayers } from "./layers.js";
import { withShape } from "./outline.js";
import { classOutput } from "./prepare.js";
import { modelValue, readSetting } from "./setting.js";
import { locateLayers } from "./sources.js";

/** What there is to know about a model before it is explained. `sources`: the folder with the code that made it; default the model's own. */
export async function inspect(opened: OpenModel, sources?: string): Promise<Inspection> {
  const setting = await readSetting({ model: opened.file }, opened);
  const { graph, model } = opened;
  const operators = operatorsOf(graph);
  const barriers = [...new Map(gradientBarriers(graph, classOutput(setting)).map((node) => [node.op, node])).values()];
  const layers = findLayers(graph);
  return {
    schema: 1,
    model: { file: basename(opened.file), bytes: opened.bytes, producer: model.producer, opset: model.graph.opsets },
    inputs: graph.inputs.map((input, i) => ({ ...modelValue(input), role: setting.inputs[i]?.role ?? "unknown", evidence: setting.inputs[i]?.evidence ?? "" })),
    outputs: graph.outputs.map((output, i) => {
      const { role = "unknown" as const, labels } = setting.outputs[i] ?? {};
      return { ...modelValue(output), role, ...(labels === undefined ? {} : { labels }) };
    }),
    layers: await locateLayers(
      graph,
      layers.map((layer) => withShape(layer, model)),
      sources ?? dirname(opened.file),
    ),
    operators,
    methods: methodNames.map((name) => methodInfo(name, barriers, layers.length > 0, (rules) => gradientBarriers(graph, classOutput(setting), rules))),
    diagnostics: [...setting.diagnostics, ...barriers.map(barrierRemark)],
  };
}

function operatorsOf(graph: Graph): OperatorInfo[] {
  const counts = new Map<string, OperatorInfo>();
  for (const node of graph.nodes) {
    const { op, domain } = node;
    const key = `${domain}:${op}`;
    const state = gradientState(node);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { type: op, domain, count, gradient: state.state, ...(state.state === "unsupported" ? { reason: state.reason } : {}) });
  }
  return [...counts.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

function methodInfo(name: MethodInfo["name"], barriers: readonly Node[], hasLayers: boolean, barriersOf: (rules: RuleFamily) => readonly Node[]): MethodInfo {
  const method = methods[name];
  if (method === undefined) return { name, available: false, reason: "It is not part of this version." };
  if (method.needs.layer && !hasLayers) return { name, available: false, reason: "The model has no hidden layers." };
  if (method.needs.gradient && barriers.length > 0)
    return { name, available: false, reason: `Gradients can't pass ${barriers.map((node) => node.op).join(", ")}.` };
  const others = new Set((method.rules === undefined ? [] : barriersOf(method.rules)).map((node) => node.op));
  if (others.size > 0) return { name, available: false, reason: `It has no rule for ${[...others].join(", ")}.` };
  return { name, available: true };
}

function barrierRemark(node: Node): Diagnostic {
  const state = gradientState(node);
  return {
    code: "UNSUPPORTED_OPERATOR",
    severity: "warning",
    message: `Gradients can't pass the operator ${node.op}: ${state.state === "unsupported" ? state.reason : "there is no rule for it"}.`,
    node: node.name,
    hint: "Methods that need no gradient work, and so do gradients of inputs and layers whose way to the output does not lead through it (hold the other inputs fixed).",
  };
}
