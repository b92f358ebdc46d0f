import { readInitializer, toInitializer } from "../initializer.js";
import { attribute } from "../attributes.js";
import type { Graph, Initializer, Node, Types } from "../ir.js";
import { definedNames, uniqueNodeNames } from "../embed.js";
import { prune } from "../prune.js";
import { freshNames } from "../walk.js";
import { tensor, toNumbers } from "../../tensor/tensor.js";
import { mapSequence } from "./mapSequence.js";

/**
 * Replaces what is read from sequences and optional values by the tensors themselves, where positions are constant: SequenceConstruct, SequenceEmpty, SequenceInsert,
 * SequenceErase, SequenceMap, SplitToSequence (with the types, where its parts are not listed), Identity, and the readers SequenceAt, ConcatFromSequence, SequenceLength;
 * Optional, OptionalGetElement, OptionalHasElement. A sequence that is used in another way stays, and so does all that makes it.
 */
export function resolveSequences(graph: Graph, types?: Types): Graph {
  const fresh = freshNames(graph);
  const initializers = new Map<string, Initializer>(graph.initializers);
  const sequences = new Map<string, readonly string[]>();
  const used = definedNames(graph);
  const constant: Constant = (values, dims = [values.length], dtype = "int64") => {
    const name = fresh("explain/sequence");
    initializers.set(name, toInitializer(name, tensor(dtype, dims, values)));
    return name;
  };
  const known = (name: string): number[] | undefined => {
    const found = initializers.get(name);
    return found?.content.kind === "raw" ? Array.from(toNumbers(readInitializer(found))) : undefined;
  };
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const elements = node.domain === "" ? elementsOf(node, sequences, known) : undefined;
    if (elements !== undefined) sequences.set(node.outputs[0] ?? "", elements);
    const mapped = node.domain === "" && node.op === "SequenceMap" ? mapSequence(node, sequences, { fresh, used, initializers }) : undefined;
    if (mapped !== undefined) {
      nodes.push(...mapped.nodes);
      mapped.sequences.forEach((parts, i) => sequences.set(node.outputs[i] ?? "", parts));
      continue;
    }
    const split = node.domain === "" && node.op === "SplitToSequence" ? splitParts(node, types, initializers, constant, fresh) : undefined;
    if (split !== undefined) {
      nodes.push(...split.nodes);
      sequences.set(node.outputs[0] ?? "", split.parts);
    }
    nodes.push(...(node.domain === "" ? read(node, sequences, known, constant, fresh) : [node]));
  }
  const changed = sequences.size > 0 || nodes.some((node, i) => node !== graph.nodes[i]);
  return changed ? prune({ ...graph, nodes: uniqueNodeNames(nodes), initializers }) : graph;
}

/** By node name, why a node that makes or reads sequences is still there after resolving. */
export function openSequences(graph: Graph): ReadonlyMap<string, string> {
  const open = graph.nodes.filter((node) => node.domain === "" && resolvedSequences.includes(node.op));
  return new Map(open.map((node) => [node.name, "which elements its sequence has, or which of them it reads, is only known at run time"]));
}

/** The operators whose sequences give way to their elements. */
export const resolvedSequences: readonly string[] = [
  "SequenceConstruct",
  "SequenceEmpty",
  "SequenceInsert",
  "SequenceErase",
  "SplitToSequence",
  "SequenceAt",
  "SequenceLength",
  "ConcatFromSequence",
  "SequenceMap",
  "Optional",
  "OptionalGetElement",
  "OptionalHasElement",
];

type Known = (name: string) => number[] | undefined;
type Constant = (values: readonly number[], dims?: readonly number[], dtype?: "int64" | "bool") => string;
type Fresh = (stem: string) => string;

function elementsOf(node: Node, sequences: ReadonlyMap<string, readonly string[]>, known: Known): readonly string[] | undefined {
  const [first = "", second = "", third = ""] = node.inputs;
  const before = sequences.get(first);
  switch (node.op) {
    case "SequenceConstruct":
      return node.inputs;
    case "SequenceEmpty":
      return [];
    case "Identity":
    case "Optional":
    case "OptionalGetElement":
      return before;
    case "SequenceInsert": {
      const at = third === "" ? before?.length : known(third)?.[0];
      return before === undefined || at === undefined ? undefined : before.toSpliced(at, 0, second);
    }
    case "SequenceErase": {
      const at = second === "" ? -1 : known(second)?.[0];
      return before === undefined || at === undefined ? undefined : before.toSpliced(at, 1);
    }
    default:
      return undefined;
  }
}

function splitParts(
  node: Node,
  types: Types | undefined,
  initializers: ReadonlyMap<string, Initializer>,
  constant: Constant,
  fresh: Fresh,
): { nodes: Node[]; parts: string[] } | undefined {
  const [x = "", split = ""] = node.inputs;
  const axis = attribute(node, "axis", "int") ?? 0;
  const total = types?.get(x)?.dims.at(axis) ?? undefined;
  const sizesOf = initializers.get(split);
  const given = split === "" ? [1] : sizesOf?.content.kind === "raw" ? Array.from(toNumbers(readInitializer(sizesOf))) : undefined;
  // A scalar is the size of every part.
  const chunk = split === "" || sizesOf?.dims.length === 0;
  if (given === undefined || (chunk && total === undefined)) return undefined;
  const sizes = chunk
    ? Array.from({ length: Math.ceil((total ?? 0) / (given[0] ?? 1)) }, (_, i) => Math.min(given[0] ?? 1, (total ?? 0) - i * (given[0] ?? 1)))
    : given;
  const parts = sizes.map(() => fresh(`${node.name}/part`));
  const nodes: Node[] = [
    {
      name: fresh(`${node.name}/part`),
      op: "Split",
      domain: "",
      inputs: [x, constant(sizes)],
      outputs: parts,
      attributes: { axis: { kind: "int", value: axis } },
    },
  ];
  if (split !== "" || (attribute(node, "keepdims", "int") ?? 1) === 1) return { nodes, parts };
  const flat = parts.map((part) => {
    const name = fresh(`${node.name}/part`);
    nodes.push({ name, op: "Squeeze", domain: "", inputs: [part, constant([axis])], outputs: [name], attributes: {} });
    return name;
  });
  return { nodes, parts: flat };
}

/** The node, or what replaces it where it reads a sequence whose elements are known. */
function read(node: Node, sequences: ReadonlyMap<string, readonly string[]>, known: Known, constant: Constant, fresh: Fresh): Node[] {
  const [first = ""] = node.inputs;
  if (node.op === "OptionalHasElement") return [{ ...node, op: "Identity", inputs: [constant([first === "" ? 0 : 1], [], "bool")] }];
  const elements = sequences.get(first);
  // A value that is there is itself, wrapped or not.
  if (elements === undefined) return node.op === "Optional" || node.op === "OptionalGetElement" ? [{ ...node, op: "Identity", attributes: {} }] : [node];
  switch (node.op) {
    case "SequenceAt": {
      const at = known(node.inputs[1] ?? "")?.[0];
      const element = at === undefined ? undefined : elements.at(at);
      return element === undefined ? [node] : [{ ...node, op: "Identity", inputs: [element] }];
    }
    case "SequenceLength":
      return [{ ...node, op: "Identity", inputs: [constant([elements.length], [])] }];
    case "ConcatFromSequence": {
      const axis = attribute(node, "axis", "int") ?? 0;
      const attributes = { axis: { kind: "int", value: axis } } as const;
      if (elements.length === 0) return [node];
      if ((attribute(node, "new_axis", "int") ?? 0) === 0) return [{ ...node, op: "Concat", inputs: elements, attributes }];
      const axes = constant([axis]);
      const raised = elements.map((element): Node => {
        const name = fresh(`${node.name}/part`);
        return { name, op: "Unsqueeze", domain: "", inputs: [element, axes], outputs: [name], attributes: {} };
      });
      return [...raised, { ...node, op: "Concat", inputs: raised.map((r) => r.name), attributes }];
    }
    default:
      return [node];
  }
}
