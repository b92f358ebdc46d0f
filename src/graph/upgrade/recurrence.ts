import { ExplainError } from "../../base/diagnostic.js";
import { attribute, without } from "../attributes.js";
import type { Graph, Node, ValueInfo } from "../ir.js";
import { int, node as make, type Step } from "./step.js";

/**
 * Scan of opset 8 ran once for each row of a batch on axis 0, over axis 1. A Scan over the rows, whose body is the Scan of one row, is the same.
 * Source: https://github.com/onnx/onnx/blob/main/docs/Changelog.md#Scan-8
 */
export const scan8: Step = (node, c) => {
  const body = attribute(node, "body", "graph");
  const [lengths = "", ...inputs] = node.inputs;
  const scanned = attribute(node, "num_scan_inputs", "int") ?? inputs.length;
  const states = inputs.length - scanned;
  if (body === undefined || lengths !== "")
    throw new ExplainError(
      "MODEL_UNSUPPORTED",
      `The node "${node.name}" is a Scan of opset 8 with lengths for its rows, a form that was given up in opset 9.`,
      {
        node: node.name,
        hint: "Export the model with a newer opset.",
      },
    );
  // What a row has: a state as the body takes it, a sequence with one axis more.
  const row = body.inputs.map((input, i): ValueInfo => {
    const dims = input.dims === null ? null : i < states ? input.dims : [null, ...input.dims];
    return { name: c.fresh(), dtype: input.dtype, dims };
  });
  const results = body.outputs.map(() => c.fresh());
  const directions = attribute(node, "directions", "ints");
  const inner: Node = {
    name: c.fresh(),
    op: "Scan",
    domain: "",
    inputs: row.map((i) => i.name),
    outputs: results,
    attributes: {
      body: { kind: "graph", value: body },
      num_scan_inputs: int(scanned),
      ...(directions === undefined ? {} : { scan_input_directions: { kind: "ints", value: directions } }),
    },
  };
  const rows: Graph = {
    name: `${node.name}/row`,
    inputs: row,
    nodes: [inner],
    outputs: results.map((name) => ({ name, dtype: null, dims: null })),
    initializers: new Map(),
    opsets: {},
  };
  return [{ ...node, inputs, attributes: { body: { kind: "graph", value: rows }, num_scan_inputs: int(inputs.length) } }];
};

const states = [1, 0, 2];

/**
 * LSTM, GRU and RNN with the batch first (layout 1), a form that ONNX Runtime's kernels don't run, with the time first and transposes around them.
 * Source: https://onnx.ai/onnx/operators/onnx__LSTM.html
 */
export const timeFirst: Step = (node, c) => {
  if (attribute(node, "layout", "int") !== 1) return [node];
  const perm = (value: readonly number[]) => ({ perm: { kind: "ints", value } as const });
  const before: Node[] = [];
  const inputs = node.inputs.map((name, i) => {
    // The sequence, and behind weights, biases and lengths the initial states.
    if (name === "" || (i !== 0 && i !== 5 && i !== 6)) return name;
    const turned = c.fresh();
    before.push(make(turned, "Transpose", [name], [turned], perm(states)));
    return turned;
  });
  const after: Node[] = [];
  const outputs = node.outputs.map((name, i) => {
    if (name === "") return name;
    const turned = c.fresh();
    after.push(make(c.fresh(), "Transpose", [turned], [name], perm(i === 0 ? [2, 0, 1, 3] : states)));
    return turned;
  });
  return [...before, { ...node, inputs, outputs, attributes: without(node.attributes, "layout") }, ...after];
};
