import { attribute, without } from "../attributes.js";
import { int, node as make, string, type Step } from "./step.js";

/**
 * Softmax, LogSoftmax, Hardmax before 13 flatten the input to two dimensions at `axis` (default 1) and normalise the whole second one:
 * Flatten, the operator on the last axis, and the input's shape again. On the last axis both forms are one.
 */
export const flatSoftmax: Step = (node, c) => {
  const axis = attribute(node, "axis", "int") ?? 1;
  const x = node.inputs[0] ?? "";
  if (axis === -1 || axis + 1 === c.rank(x)) return [{ ...node, attributes: { axis: int(-1) } }];
  const [flat, soft, shape] = [c.fresh(), c.fresh(), c.fresh()];
  return [
    make(flat, "Flatten", [x], [flat], { axis: int(axis) }),
    make(soft, node.op, [flat], [soft], { axis: int(-1) }),
    make(shape, "Shape", [x], [shape]),
    { ...node, op: "Reshape", inputs: [soft, shape], attributes: {} },
  ];
};

/** Dropout at inference is the identity; its mask keeps everything. */
export const dropout: Step = (node) => {
  const [y = "", mask = ""] = node.outputs;
  if (mask !== "") return [{ ...node, inputs: node.inputs.slice(0, 1), attributes: {} }];
  return [{ ...node, op: "Identity", inputs: node.inputs.slice(0, 1), outputs: [y], attributes: {} }];
};

/** Upsample (scales as an attribute at 7, as an input at 9) is Resize with asymmetric coordinates, rounding down. */
export const upsample: Step = (node, c) => {
  const given = attribute(node, "scales", "floats");
  const scales = given === undefined ? (node.inputs[1] ?? "") : c.floats(given);
  const mode = attribute(node, "mode", "string") ?? "nearest";
  return [{ ...node, op: "Resize", inputs: [node.inputs[0] ?? "", "", scales], attributes: asymmetric(mode === "nearest" ? "nearest" : "linear", "floor") }];
};

/**
 * Resize of opset 10 takes scales only, with asymmetric coordinates. In mode "nearest" ONNX Runtime rounds down where it enlarges and up where it shrinks;
 * where it does both, the enlarging comes first as a Resize of its own.
 */
export const resize10: Step = (node, c) => {
  const [x = "", scales = ""] = node.inputs;
  const mode = attribute(node, "mode", "string") ?? "nearest";
  const values = c.constant(scales);
  const shrinks = values?.some((s) => s < 1) ?? false;
  const grows = values?.some((s) => s > 1) ?? true;
  if (mode !== "nearest" || !shrinks || !grows) return [{ ...node, inputs: [x, "", scales], attributes: asymmetric(mode, shrinks ? "ceil" : "floor") }];
  const grown = c.fresh();
  return [
    make(grown, "Resize", [x, "", c.floats(values!.map((s) => Math.max(s, 1)))], [grown], asymmetric(mode, "floor")),
    { ...node, inputs: [grown, "", c.floats(values!.map((s) => Math.min(s, 1)))], attributes: asymmetric(mode, "ceil") },
  ];
};

function asymmetric(mode: string, nearest: "floor" | "ceil"): Record<string, ReturnType<typeof string>> {
  return { mode: string(mode), coordinate_transformation_mode: string("asymmetric"), nearest_mode: string(nearest) };
}

/** BatchNormalization before 14: the extra outputs were for training; with spatial = 0 every activation has statistics of its own. */
export const batchNormalization: Step = (node, c) => {
  const outputs = node.outputs.slice(0, 1);
  if (attribute(node, "spatial", "int") !== 0) return [{ ...node, outputs, attributes: without(node.attributes, "spatial", "momentum") }];
  const [x = "", scale = "", bias = "", mean = "", variance = ""] = node.inputs;
  const [epsilon, shifted, deviation, centred, normal, scaled] = [c.fresh(), c.fresh(), c.fresh(), c.fresh(), c.fresh(), c.fresh()];
  return [
    make(epsilon, "CastLike", [c.scalar(attribute(node, "epsilon", "float") ?? 1e-5), x], [epsilon]),
    make(shifted, "Add", [variance, epsilon], [shifted]),
    make(deviation, "Sqrt", [shifted], [deviation]),
    make(centred, "Sub", [x, mean], [centred]),
    make(normal, "Div", [centred, deviation], [normal]),
    make(scaled, "Mul", [normal, scale], [scaled]),
    { ...node, op: "Add", inputs: [scaled, bias], outputs, attributes: {} },
  ];
};

/** GroupNormalization 18 has one scale and bias a group, 21 one a channel: each is repeated over its group's channels. */
export const groupNormalization: Step = (node, c) => {
  const [x = "", scale = "", bias = ""] = node.inputs;
  const groups = c.ints([attribute(node, "num_groups", "int") ?? 1]);
  const [channels, size, target] = [c.fresh(), c.fresh(), c.fresh()];
  const repeat = (values: string): [string, ReturnType<typeof make>[]] => {
    const [column, wide, flat] = [c.fresh(), c.fresh(), c.fresh()];
    return [
      flat,
      [
        make(column, "Unsqueeze", [values, c.ints([1])], [column]),
        make(wide, "Expand", [column, target], [wide]),
        make(flat, "Reshape", [wide, c.ints([-1])], [flat]),
      ],
    ];
  };
  const [fullScale, scaleNodes] = repeat(scale);
  const [fullBias, biasNodes] = repeat(bias);
  return [
    make(channels, "Shape", [x], [channels], { start: int(1), end: int(2) }),
    make(size, "Div", [channels, groups], [size]),
    make(target, "Concat", [groups, size], [target], { axis: int(0) }),
    ...scaleNodes,
    ...biasNodes,
    { ...node, inputs: [x, fullScale, fullBias] },
  ];
};

/** Scatter was renamed. */
export const scatter: Step = (node) => [{ ...node, op: "ScatterElements" }];

/** RoiAlign's coordinates became selectable at 16, with another default. */
export const roiAlign: Step = (node) => [{ ...node, attributes: { ...node.attributes, coordinate_transformation_mode: string("output_half_pixel") } }];

/** GridSample's interpolation modes were renamed at 20. */
export const gridSample: Step = (node) => {
  const mode = attribute(node, "mode", "string") ?? "bilinear";
  return [{ ...node, attributes: { ...node.attributes, mode: string(mode === "bilinear" ? "linear" : mode === "bicubic" ? "cubic" : mode) } }];
};

/** Resize 11 wanted an empty tensor for what is left out; later versions want it left out. */
export const resize11: Step = (node, c) => {
  const [x = "", ...rest] = node.inputs;
  const inputs = [x, ...rest.map((name) => (c.constant(name)?.length === 0 ? "" : name))];
  while (inputs[inputs.length - 1] === "") inputs.pop();
  return [{ ...node, inputs }];
};
