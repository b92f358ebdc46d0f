import { attribute, without } from "../attributes.js";
import { int, type Step } from "./step.js";

/** An `axes`-like list of integers that became an input at position `at`. Left out stays left out. */
export function intsToInput(name: string, at: number): Step {
  return (node, c) => {
    const values = attribute(node, name, "ints");
    if (values === undefined) return [node];
    const inputs = [...node.inputs];
    while (inputs.length < at) inputs.push("");
    inputs[at] = c.ints(values);
    return [{ ...node, inputs, attributes: without(node.attributes, name) }];
  };
}

/** Split: sizes became an input at 13; without sizes the number of parts became an attribute at 18. */
export const split: Step = (node, c) => {
  const sizes = attribute(node, "split", "ints");
  const attributes = without(node.attributes, "split");
  if (sizes !== undefined) return [{ ...node, inputs: [node.inputs[0] ?? "", c.ints(sizes)], attributes }];
  if (node.inputs[1] !== undefined && node.inputs[1] !== "") return [node];
  return [{ ...node, inputs: node.inputs.slice(0, 1), attributes: { ...attributes, num_outputs: int(node.outputs.length) } }];
};

/**
 * Clip: bounds became inputs at 11. The file's dtype is not known here, so the new bounds are float32 scalars cast to the type of the input;
 * a bound that is no bound (the attribute's default) is left out.
 */
export const clip: Step = (node, c) => {
  const x = node.inputs[0] ?? "";
  const extra: { name: string; input: string }[] = [];
  const bound = (name: string): string => {
    const value = attribute(node, name, "float");
    if (value === undefined || Math.abs(value) > 3.4e38) return "";
    const input = c.scalar(value);
    const output = c.fresh();
    extra.push({ name: output, input });
    return output;
  };
  const inputs = [x, bound("min"), bound("max")];
  while (inputs[inputs.length - 1] === "") inputs.pop();
  return [
    ...extra.map((e) => ({ name: e.name, op: "CastLike", domain: "", inputs: [e.input, x], outputs: [e.name], attributes: {} })),
    { ...node, inputs, attributes: without(node.attributes, "min", "max") },
  ];
};

/** Pad: pads and value became inputs at 11. */
export const pad: Step = (node, c) => {
  const x = node.inputs[0] ?? "";
  const pads = c.ints(attribute(node, "pads", "ints") ?? attribute(node, "paddings", "ints") ?? []);
  const value = attribute(node, "value", "float") ?? 0;
  const attributes = without(node.attributes, "pads", "paddings", "value");
  if (value === 0) return [{ ...node, inputs: [x, pads], attributes }];
  const cast = c.fresh();
  return [
    { name: cast, op: "CastLike", domain: "", inputs: [c.scalar(value), x], outputs: [cast], attributes: {} },
    { ...node, inputs: [x, pads, cast], attributes },
  ];
};

/** Slice: starts, ends and axes became inputs at 10. */
export const slice: Step = (node, c) => {
  const starts = attribute(node, "starts", "ints") ?? [];
  const axes = attribute(node, "axes", "ints") ?? [...starts.keys()];
  return [{ ...node, inputs: [node.inputs[0] ?? "", c.ints(starts), c.ints(attribute(node, "ends", "ints") ?? []), c.ints(axes)], attributes: {} }];
};

/** TopK: k became an input at 10. */
export const topK: Step = (node, c) => [
  { ...node, inputs: [node.inputs[0] ?? "", c.ints([attribute(node, "k", "int") ?? 1])], attributes: without(node.attributes, "k") },
];

/** DFT: the axis became an input at 20, and its default changed from 1 to -2. */
export const dft: Step = (node, c) => [
  { ...node, inputs: [node.inputs[0] ?? "", node.inputs[1] ?? "", c.int(attribute(node, "axis", "int") ?? 1)], attributes: without(node.attributes, "axis") },
];
