import { attribute } from "../attributes.js";
import { embed, type Embedding } from "../embed.js";
import { toInitializer } from "../initializer.js";
import type { Node } from "../ir.js";
import { tensor, type Tensor } from "../../tensor/tensor.js";

/** Adds a constant under a new name. */
function constant(e: Embedding, stem: string, value: Tensor): string {
  const name = e.fresh(stem);
  e.initializers.set(name, toInitializer(name, value));
  return name;
}

function plain(name: string, op: string, inputs: readonly string[], outputs: readonly string[], ints: Readonly<Record<string, number>> = {}): Node {
  return {
    name,
    op,
    domain: "",
    inputs,
    outputs,
    attributes: Object.fromEntries(Object.entries(ints).map(([key, value]) => [key, { kind: "int", value } as const])),
  };
}

/** Stacks one value per step along a new axis, under a given name. */
function stack(e: Embedding, stem: string, parts: readonly string[], output: string, axis: number): Node[] {
  const axes = constant(e, stem, tensor("int64", [1], [axis]));
  const raised = parts.map(() => e.fresh(stem));
  return [
    ...parts.map((part, i) => plain(raised[i] ?? "", "Unsqueeze", [part, axes], [raised[i] ?? ""])),
    plain(e.fresh(stem), "Concat", raised, [output], { axis }),
  ];
}

/**
 * A Loop of `trips` (at least one) steps as those steps one after the other.
 * Source: https://onnx.ai/onnx/operators/onnx__Loop.html
 */
export function unrollLoop(node: Node, trips: number, e: Embedding): Node[] {
  const body = attribute(node, "body", "graph");
  if (body === undefined) return [node];
  const stem = `${node.name}/step`;
  const carriedCount = node.inputs.length - 2;
  let carried = node.inputs.slice(2);
  let condition = node.inputs[1] ?? "";
  if (condition === "") condition = constant(e, stem, { dtype: "bool", dims: [], data: new Uint8Array([1]) });
  const stacked: string[][] = node.outputs.slice(carriedCount).map(() => []);
  const nodes: Node[] = [];
  for (let step = 0; step < trips; step++) {
    const last = step === trips - 1;
    const next = carried.map((_, i) => (last && (node.outputs[i] ?? "") !== "" ? (node.outputs[i] ?? "") : e.fresh(stem)));
    const scanned = stacked.map((list, i) => {
      if ((node.outputs[carriedCount + i] ?? "") === "") return "";
      const name = e.fresh(stem);
      list.push(name);
      return name;
    });
    const conditionOut = e.fresh(stem);
    const at = constant(e, stem, tensor("int64", [], [step]));
    nodes.push(...embed(body, stem, [at, condition, ...carried], [conditionOut, ...next, ...scanned], e));
    carried = next;
    condition = conditionOut;
  }
  stacked.forEach((parts, i) => {
    if (parts.length > 0) nodes.push(...stack(e, stem, parts, node.outputs[carriedCount + i] ?? "", 0));
  });
  return nodes;
}

/**
 * A Scan over `steps` (at least one) elements as its steps one after the other. The scanned inputs are split once, so that the derivative is one Concat.
 * Source: https://onnx.ai/onnx/operators/onnx__Scan.html
 */
export function unrollScan(node: Node, steps: number, e: Embedding): Node[] {
  const body = attribute(node, "body", "graph");
  if (body === undefined) return [node];
  const stem = `${node.name}/step`;
  const scannedCount = attribute(node, "num_scan_inputs", "int") ?? 0;
  const stateCount = node.inputs.length - scannedCount;
  const list = (name: string, i: number): number => attribute(node, name, "ints")?.[i] ?? 0;
  const nodes: Node[] = [];
  const elements = node.inputs.slice(stateCount).map((input, i) => {
    const axis = list("scan_input_axes", i);
    const pieces = Array.from({ length: steps }, () => e.fresh(stem));
    const axes = constant(e, stem, tensor("int64", [1], [axis]));
    nodes.push(plain(e.fresh(stem), "Split", [input], pieces, { axis, num_outputs: steps }));
    const flat = pieces.map((piece) => {
      const name = e.fresh(stem);
      nodes.push(plain(name, "Squeeze", [piece, axes], [name]));
      return name;
    });
    return list("scan_input_directions", i) === 1 ? flat.reverse() : flat;
  });
  let states = node.inputs.slice(0, stateCount);
  const stacked: string[][] = node.outputs.slice(stateCount).map(() => []);
  for (let step = 0; step < steps; step++) {
    const last = step === steps - 1;
    const next = states.map((_, i) => (last && (node.outputs[i] ?? "") !== "" ? (node.outputs[i] ?? "") : e.fresh(stem)));
    const scanned = stacked.map((parts) => {
      const name = e.fresh(stem);
      parts.push(name);
      return name;
    });
    nodes.push(...embed(body, stem, [...states, ...elements.map((parts) => parts[step] ?? "")], [...next, ...scanned], e));
    states = next;
  }
  stacked.forEach((parts, i) => {
    const output = node.outputs[stateCount + i] ?? "";
    if (output === "") return;
    nodes.push(...stack(e, stem, list("scan_output_directions", i) === 1 ? parts.reverse() : parts, output, list("scan_output_axes", i)));
  });
  return nodes;
}
