import { readInitializer, toInitializer } from "../initializer.js";
import { attribute } from "../attributes.js";
import type { Graph, Initializer, Node, Types } from "../ir.js";
import { prune } from "../prune.js";
import { freshNames } from "../walk.js";
import { tensor, toNumbers } from "../../tensor/tensor.js";

/**
 * Replaces what is read from sequences by the tensors themselves, where positions are constant: SequenceConstruct, SequenceEmpty, SequenceInsert, SequenceErase,
 * SplitToSequence (with the types, where its parts are not listed), Identity, and the readers SequenceAt, ConcatFromSequence, SequenceLength.
 * A sequence that is used in another way stays, and so does all that makes it.
 */
export function resolveSequences(graph: Graph, types?: Types): Graph {
  const fresh = freshNames(graph);
  const initializers = new Map<string, Initializer>(graph.initializers);
  const sequences = new Map<string, readonly string[]>();
  const constant = (values: readonly number[], dims: readonly number[] = [values.length]): string => {
    const name = fresh("explain/sequence");
    initializers.set(name, toInitializer(name, tensor("int64", dims, values)));
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
    const split = node.domain === "" && node.op === "SplitToSequence" ? splitParts(node, types, initializers, constant, fresh) : undefined;
    if (split !== undefined) {
      nodes.push(...split.nodes);
      sequences.set(node.outputs[0] ?? "", split.parts);
    }
    nodes.push(...(node.domain === "" ? read(node, sequences, known, constant, fresh) : [node]));
  }
  return sequences.size === 0 ? graph : prune({ ...graph, nodes, initializers });
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
];

type Known = (name: string) => number[] | undefined;
type Constant = (values: readonly number[], dims?: readonly number[]) => string;
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
  const elements = sequences.get(node.inputs[0] ?? "");
  if (elements === undefined) return [node];
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
