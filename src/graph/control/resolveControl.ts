import { assert } from "../../base/assert.js";
import { limitOf } from "../../base/limits.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Tensor } from "../../tensor/tensor.js";
import { attribute } from "../attributes.js";
import { definedNames, embed, uniqueNodeNames, type Embedding } from "../embed.js";
import type { Graph, Node } from "../ir.js";
import { prune } from "../prune.js";
import { freshNames } from "../walk.js";
import { unrollLoop, unrollScan } from "./unrollLoop.js";

/** Runs a graph on the sample's feeds and answers all its outputs by name. */
export type EvaluateSample = (graph: Graph) => Promise<ReadonlyMap<string, Tensor>>;

/** A graph without control flow, as far as it could be resolved. */
export interface Resolved {
  readonly graph: Graph;
  /** By node name, why a node was left as it is. */
  readonly left: ReadonlyMap<string, string>;
  /** Names of the Ifs that were decided by running: another sample may take the other branch. */
  readonly decided: readonly string[];
}

/** A derivative has several nodes for each of the graph that it is made of. */
const planShare = 10;

/**
 * Resolves If, Loop and Scan for a sample: one run tells which branches are taken and how many steps are made, then branches are inlined and steps laid out;
 * what is inside is resolved in the next round. The outputs of these nodes keep their names. Control flow over sequences works as long as the values probed are tensors.
 */
export async function resolveControl(graph: Graph, evaluate: EvaluateSample): Promise<Resolved> {
  const left = new Map<string, string>();
  const decided: string[] = [];
  let current = graph;
  for (;;) {
    const open = current.nodes.filter((node) => isControl(node) && !left.has(node.name));
    if (open.length === 0) return { graph: current === graph ? graph : prune(current), left, decided };
    const before = left.size;
    const { graph: probe, answers } = withProbes(current, open);
    const values = await evaluate(probe);
    const e: Embedding = { fresh: freshNames(current), used: definedNames(current), initializers: new Map(current.initializers) };
    const nodes = current.nodes.flatMap((node) => {
      const answer = answers.get(node);
      const value = answer === undefined ? undefined : values.get(answer);
      if (value === undefined) return [node];
      if (node.op === "If") {
        decided.push(node.name);
        const branch = attribute(node, value.data[0] ? "then_branch" : "else_branch", "graph");
        return branch === undefined ? [node] : embed(branch, node.name, [], node.outputs, e);
      }
      const steps = node.op === "Loop" ? (value.dims[0] ?? 0) : (value.dims.at(attribute(node, "scan_input_axes", "ints")?.[0] ?? 0) ?? 0);
      const size = attribute(node, "body", "graph")?.nodes.length ?? 0;
      if (steps === 0 || steps * size + current.nodes.length > limitOf("planNodes") / planShare) {
        left.set(
          node.name,
          steps === 0
            ? "it makes no step for this sample"
            : `its ${steps} steps of ${size} nodes are more than the setting explainPrediction.limits.planNodes lets be laid out`,
        );
        return [node];
      }
      return node.op === "Loop" ? unrollLoop(node, steps, e) : unrollScan(node, steps, e);
    });
    if (nodes.every((node, i) => node === current.nodes[i])) {
      assert(left.size > before, "a probe was not answered");
      continue;
    }
    current = { ...current, nodes: uniqueNodeNames(nodes), initializers: e.initializers };
  }
}

/** The operators that are resolved for each sample. */
export const resolvedControl: readonly string[] = ["If", "Loop", "Scan"];

function isControl(node: Node): boolean {
  return node.domain === "" && resolvedControl.includes(node.op);
}

/** The graph with outputs that tell what happens: an If's condition, a Loop's step numbers, a Scan's first scanned input. */
function withProbes(graph: Graph, open: readonly Node[]): { graph: Graph; answers: ReadonlyMap<Node, string> } {
  const fresh = freshNames(graph);
  const answers = new Map<Node, string>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    nodes.push(node);
    if (!open.includes(node)) continue;
    const answer = fresh(`${node.name}/probe`);
    answers.set(node, answer);
    const scanned = node.inputs.length - (attribute(node, "num_scan_inputs", "int") ?? 0);
    if (node.op === "Loop") nodes[nodes.length - 1] = counting(node, answer, fresh);
    else
      nodes.push({ name: answer, op: "Identity", domain: "", inputs: [node.inputs[node.op === "If" ? 0 : scanned] ?? ""], outputs: [answer], attributes: {} });
  }
  return { graph: prune({ ...graph, nodes, outputs: [...answers.values()].map((name) => ({ name, dtype: null, dims: null })) }), answers };
}

/** The Loop with one more scan output: the number of each step. */
function counting(node: Node, answer: string, fresh: (stem: string) => string): Node {
  const body = attribute(node, "body", "graph");
  const step = body?.inputs[0]?.name;
  if (body === undefined || step === undefined) throw new ExplainError("MODEL_INVALID", `The Loop "${node.name}" has no body.`, { node: node.name });
  const number = fresh(`${node.name}/probe`);
  const counted: Graph = {
    ...body,
    nodes: [...body.nodes, { name: number, op: "Identity", domain: "", inputs: [step], outputs: [number], attributes: {} }],
    outputs: [...body.outputs, { name: number, dtype: "int64", dims: [] }],
  };
  // Outputs left out at the end of the list would shift the new one.
  const outputs = [...node.outputs];
  while (outputs.length < body.outputs.length - 1) outputs.push("");
  return { ...node, outputs: [...outputs, answer], attributes: { ...node.attributes, body: { kind: "graph", value: counted } } };
}
