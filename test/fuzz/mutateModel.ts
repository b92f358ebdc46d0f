import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as Kind,
  FunctionProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "../../src/onnx/generated/onnx_pb.js";
import type { Choices } from "./choices.js";

const numbers = [0n, 1n, -1n, 2n, 3n, 7n, 255n, 65_536n, 2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n), 2n ** 53n, 2n ** 62n, -(2n ** 63n)] as const;
const names = ["", "nothing", "x".repeat(5000), "\0", "‮name", "<img src=x onerror=alert(1)>", "../up", "__proto__", "constructor", "\u001b[31m"] as const;
const operators = ["Add", "Gemm", "Relu", "Reshape", "Concat", "Slice", "LSTM", "If", "Loop", "Scan", "Cast", "Softmax", "Gather", "Einsum", "Resize", "NoSuchOperator", "ZipMap", "Conv", "Split", "TopK"] as const; // prettier-ignore
const places = [
  "weights.bin",
  "../weights.bin",
  "/etc/hostname",
  "..\\..\\weights",
  "//host/share/w",
  "C:\\w.bin",
  "%2e%2e/w",
  "a/../../w",
  "CON",
  "",
] as const;

/** What can be wrong with a model although its protobuf is well-formed. */
const changes: readonly ((model: ModelProto, graph: GraphProto, c: Choices) => void)[] = [
  (_, graph, c) => withNode(graph, c, (n) => (n.opType = c.of(operators))),
  (_, graph, c) => withNode(graph, c, (n) => (n.domain = c.of(["", "com.microsoft", "ai.onnx.ml", "nowhere", ...names]))),
  (_, graph, c) => withNode(graph, c, (n) => (n.input[c.below(n.input.length + 1)] = c.of([...names, ...allNames(graph)]))),
  (_, graph, c) => withNode(graph, c, (n) => (n.output[c.below(n.output.length + 1)] = c.of([...names, ...allNames(graph)]))),
  (_, graph, c) => withNode(graph, c, (n) => n.input.splice(c.below(n.input.length + 1), 1)),
  (_, graph, c) => withNode(graph, c, (n) => graph.node.splice(c.below(graph.node.length), 0, clone(NodeProtoSchema, n))),
  (_, graph, c) => graph.node.splice(c.below(graph.node.length), 1),
  (_, graph) => graph.node.reverse(),
  // A cycle: a node reads what is computed from it.
  (_, graph, c) => withNode(graph, c, (n) => (n.input[0] = graph.node.at(-1)?.output[0] ?? "")),
  (_, graph, c) => withAttribute(graph, c, (a) => (a.i = c.of(numbers))),
  (_, graph, c) => withAttribute(graph, c, (a) => (a.ints = Array.from({ length: c.below(6) }, () => c.of(numbers)))),
  (_, graph, c) => withAttribute(graph, c, (a) => (a.type = c.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99]) as Kind)),
  (_, graph, c) => withAttribute(graph, c, (a) => (a.f = c.of([NaN, Infinity, -0, 1e38, -1]))),
  (_, graph, c) =>
    withNode(graph, c, (n) =>
      n.attribute.push(create(AttributeProtoSchema, { name: c.of(["axis", "axes", "perm", "to", "shape", "hidden_size"]), type: Kind.INT, i: c.of(numbers) })),
    ),
  (_, graph, c) => withTensor(graph, c, (t) => (t.dims = Array.from({ length: c.below(5) }, () => c.of(numbers)))),
  (_, graph, c) => withTensor(graph, c, (t) => (t.dataType = c.of([0, 1, 2, 6, 7, 8, 9, 10, 11, 14, 16, 17, 22, 99]))),
  (_, graph, c) => withTensor(graph, c, (t) => (t.rawData = (t.rawData ?? new Uint8Array()).slice(0, c.below(9)))),
  (_, graph, c) =>
    withTensor(graph, c, (t) => {
      t.dataLocation = TensorProto_DataLocation.EXTERNAL;
      t.externalData = [
        create(StringStringEntryProtoSchema, { key: "location", value: c.of(places) }),
        create(StringStringEntryProtoSchema, { key: "offset", value: c.of(["0", "-1", "99999999999", "abc"]) }),
        create(StringStringEntryProtoSchema, { key: "length", value: c.of(["4", "-4", "99999999999999", "1e3"]) }),
      ];
    }),
  (_, graph, c) => withTensor(graph, c, (t) => graph.initializer.push(clone(TensorProtoSchema, t))),
  (_, graph, c) => {
    const type = withValue(graph, c)?.type?.value;
    if (type?.case !== "tensorType") return;
    if (c.chance(0.5)) type.value.elemType = c.of([0, 1, 2, 6, 7, 8, 9, 10, 11, 99]);
    else for (const dim of type.value.shape?.dim ?? []) dim.value = { case: "dimValue", value: c.of(numbers) };
  },
  (_, graph, c) => {
    const info = withValue(graph, c);
    if (info !== undefined) info.name = c.of([...names, ...allNames(graph)]);
  },
  (_, graph) => graph.output.splice(0),
  (_, graph) => graph.input.splice(0),
  (_, graph, c) => {
    // Subgraphs within subgraphs.
    let inner = clone(GraphProtoSchema, graph);
    const depth = c.of([2, 20, 200]);
    for (let level = 0; level < depth; level++) {
      const body = create(AttributeProtoSchema, { name: "then_branch", type: Kind.GRAPH, g: inner });
      inner = create(GraphProtoSchema, { name: "deep", node: [create(NodeProtoSchema, { opType: "If", input: ["x"], output: ["y"], attribute: [body] })] });
    }
    graph.node.push(...inner.node);
  },
  (model, _, c) => {
    for (const opset of model.opsetImport) opset.version = c.of([0n, 1n, 6n, 7n, 13n, 21n, 24n, 99n, -1n, 2n ** 62n]);
  },
  (model) => model.opsetImport.splice(0),
  functionsInCircle,
  // Names that mean something to a program or to a screen.
  (_, graph, c) => withNode(graph, c, (n) => (n.name = c.of(names))),
  (_, graph, c) => withNode(graph, c, (n) => n.input.splice(0)),
  (_, graph, c) => withNode(graph, c, (n) => (n.output[c.below(Math.max(1, n.output.length))] = "")),
  (model, _, c) =>
    model.metadataProps.push(
      create(StringStringEntryProtoSchema, { key: c.of(["names", "stride", "task", ...names]), value: c.of(["{", "[".repeat(5000), ...names]) }),
    ),
  (model, _, c) => {
    model.irVersion = c.of(numbers);
  },
];

/** One to three changes of a model, anywhere in its graphs, that leave it a protobuf message. */
export function mutateModel(bytes: Uint8Array, c: Choices): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  for (let i = 0; i <= c.below(3); i++) if (model.graph !== undefined) c.of(changes)(model, c.of(graphsIn(model.graph)), c);
  return toBinary(ModelProtoSchema, model);
}

/** A graph and those inside it: branches and bodies, to any depth. */
function graphsIn(graph: GraphProto): GraphProto[] {
  const all = [graph];
  // The list grows while it is gone through: nesting may be deeper than the stack.
  for (let i = 0; i < all.length; i++)
    for (const node of all[i]?.node ?? [])
      for (const attribute of node.attribute) all.push(...(attribute.g === undefined ? [] : [attribute.g]), ...attribute.graphs);
  return all.slice(0, 500);
}

/** A function that calls itself, or two that call each other; one that is called with other numbers of inputs and outputs than it has. */
function functionsInCircle(model: ModelProto, graph: GraphProto, c: Choices): void {
  const call = (opType: string, input: string[], output: string[]): NodeProto => create(NodeProtoSchema, { opType, domain: "circle", input, output });
  const next = c.chance(0.5) ? "first" : "second";
  model.functions.push(
    create(FunctionProtoSchema, { name: "first", domain: "circle", input: ["a"], output: ["b"], node: [call(next, ["a"], ["b"])] }),
    create(FunctionProtoSchema, { name: "second", domain: "circle", input: ["a", "unused"], output: ["b", "more"], node: [call("first", ["a"], ["b"])] }),
  );
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: "circle", version: 1n }));
  const name = graph.node[0]?.input[0] ?? "x";
  graph.node.unshift(call(c.of(["first", "second", "third"]), c.of([[name], [], [name, name, name]]), ["circled"]));
}

function withValue(graph: GraphProto, c: Choices): ValueInfoProto | undefined {
  return graph.input.length + graph.output.length === 0 ? undefined : c.of([...graph.input, ...graph.output]);
}

function withNode(graph: GraphProto, c: Choices, change: (node: NodeProto) => unknown): void {
  if (graph.node.length > 0) change(c.of(graph.node));
}

function withAttribute(graph: GraphProto, c: Choices, change: (attribute: NodeProto["attribute"][number]) => unknown): void {
  const attributes = graph.node.flatMap((n) => n.attribute);
  if (attributes.length > 0) change(c.of(attributes));
}

function withTensor(graph: GraphProto, c: Choices, change: (tensor: TensorProto) => unknown): void {
  const inAttributes = graph.node.flatMap((n) => n.attribute.flatMap((a) => (a.t === undefined ? [] : [a.t])));
  const tensors = [...graph.initializer, ...inAttributes];
  if (tensors.length > 0) change(c.of(tensors));
}

function allNames(graph: GraphProto): string[] {
  return [...graph.input.map((i) => i.name), ...graph.initializer.map((t) => t.name ?? ""), ...graph.node.flatMap((n) => n.output)].slice(0, 200);
}
