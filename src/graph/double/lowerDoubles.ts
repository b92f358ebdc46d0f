import { onnxCode } from "../../tensor/dtype.js";
import { tensor } from "../../tensor/tensor.js";
import { attribute, mapSubgraphs } from "../attributes.js";
import { toInitializer } from "../initializer.js";
import type { Graph, Initializer, Node } from "../ir.js";
import { freshNames } from "../walk.js";
import { doubleValues } from "./doubleValues.js";
import { doubleForms, singleOnly } from "./forms.js";

export interface Lowered {
  readonly graph: Graph;
  /** Operators that stand between casts to float32 and back, because nothing computes them in double: each once. */
  readonly narrowed: readonly string[];
}

/**
 * The graph with operators on float64 values that ONNX Runtime has no double kernel for as ones that it has; what has no such form is computed in float32.
 * The graph is at the target opset. Output names are kept; the same graph if there is nothing to do.
 */
export function lowerDoubles(graph: Graph): Lowered {
  const doubles = doubleValues(graph);
  if (doubles.size === 0) return { graph, narrowed: [] };
  const narrowed = new Set<string>();
  return { graph: lower(graph, doubles, freshNames(graph), narrowed), narrowed: [...narrowed] };
}

function lower(graph: Graph, doubles: ReadonlySet<string>, fresh: (stem: string) => string, narrowed: Set<string>): Graph {
  const initializers = new Map(graph.initializers);
  const step = (node: Node): Node[] => {
    if (node.domain !== "" || !node.inputs.some((x) => doubles.has(x))) return [node];
    if (Object.hasOwn(doubleForms, node.op)) return inPrimitives(node, initializers, fresh).flatMap(step);
    if (!singleOnly.has(node.op)) return [node];
    narrowed.add(node.op);
    return betweenCasts(node, doubles, fresh);
  };
  return {
    ...graph,
    nodes: graph.nodes.flatMap((original) => step(mapSubgraphs(original, (body) => lower(body, doubleValues(body, doubles), fresh, narrowed)))),
    initializers,
  };
}

/** The last of the nodes has the name and the output of the one that they replace. */
function inPrimitives(node: Node, initializers: Map<string, Initializer>, fresh: (stem: string) => string): Node[] {
  const stem = `${node.name}/double`;
  const nodes: Node[] = [];
  const scalar = (value: number): string => {
    const name = fresh(stem);
    initializers.set(name, toInitializer(name, tensor("float64", [], [value])));
    return name;
  };
  const [x = "", second = ""] = node.inputs;
  doubleForms[node.op]?.(
    {
      attribute: (name, fallback) => attribute(node, name, "float") ?? fallback,
      emit: (op, ...inputs) => {
        const name = fresh(stem);
        nodes.push({ name, op, domain: "", inputs: inputs.map((i) => (typeof i === "number" ? scalar(i) : i)), outputs: [name], attributes: {} });
        return name;
      },
    },
    x,
    second,
    node,
  );
  const { name, outputs, metadata } = node;
  return nodes.map((made, i) => (i === nodes.length - 1 ? { ...made, name, outputs, ...(metadata === undefined ? {} : { metadata }) } : made));
}

function betweenCasts(node: Node, doubles: ReadonlySet<string>, fresh: (stem: string) => string): Node[] {
  const cast = (x: string, y: string, to: "float32" | "float64"): Node => ({
    name: fresh(`${node.name}/cast`),
    op: "Cast",
    domain: "",
    inputs: [x],
    outputs: [y],
    attributes: { to: { kind: "int", value: onnxCode[to] } },
  });
  const before: Node[] = [];
  const inputs = node.inputs.map((x) => {
    if (!doubles.has(x)) return x;
    const single = fresh(`${node.name}/single`);
    before.push(cast(x, single, "float32"));
    return single;
  });
  const after: Node[] = [];
  const outputs = node.outputs.map((y) => {
    if (y === "") return y;
    const single = fresh(`${node.name}/single`);
    after.push(cast(single, y, "float64"));
    return single;
  });
  return [...before, { ...node, inputs, outputs }, ...after];
}
