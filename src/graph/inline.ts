import { ExplainError } from "../base/diagnostic.js";
import { mapSubgraphs } from "./attributes.js";
import type { Attribute, Graph, LocalFunction, Model, Node } from "./ir.js";
import { freshNames } from "./walk.js";

/** Functions may call functions, but never themselves; deeper nesting than this is a cycle. */
const deepest = 64;

type Fresh = (stem: string) => string;

/**
 * The model's graph with every call of a local function replaced by the function's nodes, subgraphs included. Values inside a call get the names
 * `<call>/<k>`; the call's outputs keep theirs. Throws MODEL_INVALID for functions that call themselves.
 */
export function inlineFunctions(model: Model): Graph {
  if (model.functions.length === 0) return model.graph;
  const functions = new Map(model.functions.map((f) => [`${f.domain}:${f.name}`, f]));
  const fresh = freshNames(model.graph);
  const opsets: Record<string, number> = { ...model.graph.opsets };
  for (const f of model.functions) for (const [domain, version] of Object.entries(f.opsets)) opsets[domain] ??= version;
  return { ...inlineGraph(model.graph, functions, fresh, 0), opsets };
}

function inlineGraph(graph: Graph, functions: ReadonlyMap<string, LocalFunction>, fresh: Fresh, depth: number): Graph {
  return { ...graph, nodes: graph.nodes.flatMap((node) => inlineNode(node, functions, fresh, depth)) };
}

function inlineNode(node: Node, functions: ReadonlyMap<string, LocalFunction>, fresh: Fresh, depth: number): Node[] {
  const called = functions.get(`${node.domain}:${node.op}`);
  if (called === undefined) return [mapSubgraphs(node, (body) => inlineGraph(body, functions, fresh, depth))];
  if (depth > deepest) throw new ExplainError("MODEL_INVALID", `The function "${called.name}" calls itself.`, { node: node.name });
  return expand(node, called, fresh).flatMap((inner) => inlineNode(inner, functions, fresh, depth + 1));
}

/** The function's nodes with the call's values and attributes in place of the formal ones. */
function expand(call: Node, f: LocalFunction, fresh: Fresh): Node[] {
  const names = new Map<string, string>([["", ""]]);
  f.inputs.forEach((formal, i) => names.set(formal, call.inputs[i] ?? ""));
  const attributes = { ...f.attributes, ...call.attributes };
  const nodes: Node[] = [];
  const passed: Node[] = [];
  f.outputs.forEach((formal, i) => {
    const actual = call.outputs[i] ?? "";
    if (actual === "") return;
    const source = names.get(formal);
    // An output that is an input, or that is returned twice, needs a node of its own.
    if (source === undefined) names.set(formal, actual);
    else passed.push({ name: fresh(call.name), op: "Identity", domain: "", inputs: [source], outputs: [actual], attributes: {} });
  });
  const rename = (name: string): string => {
    const found = names.get(name);
    if (found !== undefined) return found;
    const made = fresh(call.name);
    names.set(name, made);
    return made;
  };
  for (const inner of f.nodes) {
    const bound = { ...inner, attributes: bindAttributes(inner.attributes, attributes) };
    const node = renameNode(bound, rename, attributes);
    const label = inner.name === "" ? fresh(call.name) : `${call.name}/${inner.name}`;
    nodes.push({ ...node, name: label, ...(call.metadata === undefined || node.metadata !== undefined ? {} : { metadata: call.metadata }) });
  }
  return [...nodes, ...passed];
}

function bindAttributes(own: Node["attributes"], given: Readonly<Record<string, Attribute>>): Record<string, Attribute> {
  const bound: Record<string, Attribute> = {};
  for (const [name, attribute] of Object.entries(own)) {
    if (attribute.kind !== "ref") {
      bound[name] = attribute;
      continue;
    }
    // A reference to an attribute that the call leaves out leaves this one out.
    const value = given[attribute.value];
    if (value !== undefined) bound[name] = value;
  }
  return bound;
}

function renameNode(node: Node, rename: (name: string) => string, given: Readonly<Record<string, Attribute>>): Node {
  const renamed = { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
  return mapSubgraphs(renamed, (body) => renameGraph(body, rename, given));
}

function renameGraph(graph: Graph, rename: (name: string) => string, given: Readonly<Record<string, Attribute>>): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map((i) => ({ ...i, name: rename(i.name) })),
    initializers: new Map([...graph.initializers.values()].map((i) => [rename(i.name), { ...i, name: rename(i.name) }])),
    nodes: graph.nodes.map((node) => renameNode({ ...node, attributes: bindAttributes(node.attributes, given) }, rename, given)),
    outputs: graph.outputs.map((o) => ({ ...o, name: rename(o.name) })),
  };
}
