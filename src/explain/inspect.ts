import { basename } from "node:path";
import { methods } from "../attribution/methods/index.js";
import type { RuleFamily } from "../autodiff/rule.js";
import type { Diagnostic } from "../base/diagnostic.js";
import { companionFolder } from "../base/exportPlace.js";
import type { Inspection, MethodInfo, OperatorInfo } from "../protocol/explanation.js";
import { methodNames } from "../protocol/names.js";
import type { Graph, Node } from "../graph/ir.js";
import type { OpenModel } from "../runtime/openModel.js";
import { gradientBarriers, gradientState } from "./gradientReach.js";
import { lastPlaces } from "./layerChoice.js";
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
  const allowed: Allowed = {
    barriers,
    barriersOf: (rules) => gradientBarriers(graph, classOutput(setting), rules),
    layers: layers.length > 0,
    places: lastPlaces(graph) !== undefined,
    nodes: graph.nodes,
  };
  return {
    schema: 1,
    model: { file: basename(opened.file), bytes: opened.bytes, producer: model.producer, opset: model.graph.opsets },
    inputs: graph.inputs.map((input, i) => ({ ...modelValue(input), role: setting.inputs[i]?.role ?? "unknown", evidence: setting.inputs[i]?.evidence ?? "" })),
    outputs: graph.outputs.map((output, i) => {
      const { role = "unknown" as const, labels, evidence } = setting.outputs[i] ?? {};
      return { ...modelValue(output), role, ...(labels === undefined ? {} : { labels }), ...(evidence === undefined ? {} : { evidence }) };
    }),
    layers: await locateLayers(
      graph,
      layers.map((layer) => withShape(layer, model)),
      sources ?? companionFolder(opened.file),
    ),
    operators,
    methods: methodNames.map((name) => methodInfo(name, allowed)),
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

/** What a method may ask of a model. */
interface Allowed {
  readonly barriers: readonly Node[];
  readonly barriersOf: (rules: RuleFamily) => readonly Node[];
  readonly layers: boolean;
  readonly places: boolean;
  readonly nodes: readonly Node[];
}

function methodInfo(name: MethodInfo["name"], { barriers, barriersOf, layers, places, nodes }: Allowed): MethodInfo {
  const method = methods[name];
  if (method === undefined) return { name, available: false, reason: "It is not part of this version." };
  if (method.needs.layer && !layers) return { name, available: false, reason: "The model has no hidden layers." };
  if (method.places === true && !places) return { name, available: false, reason: "The model has no convolutions, whose places a map would show." };
  if (method.explains !== undefined && !nodes.some(method.explains.node))
    return { name, available: false, reason: `The model has no ${method.explains.named}.` };
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
