import { audioFormat, audioWords, type AudioFormat } from "../data/media/audioFormat.js";
import { formatWords, imageFormat, type ImageFormat } from "../data/media/imageFormat.js";
import type { CellValue } from "../data/sampleFile.js";
import type { Graph, ValueInfo } from "../graph/ir.js";
import type { InputRole } from "../protocol/names.js";
import type { SidecarInput } from "../protocol/sidecar.js";
import { readInitializer } from "../graph/initializer.js";
import { isFloat } from "../tensor/dtype.js";
import { sizeOf, toNumbers } from "../tensor/tensor.js";
import type { Neighbours } from "./neighbours.js";
import { splitsText } from "./splitsText.js";

/** How files become an input's numbers, and what it holds without one. */
export interface InputFormats {
  readonly image?: ImageFormat;
  readonly audio?: AudioFormat;
  readonly value?: CellValue;
  /** The model splits its texts into words itself. */
  readonly splits?: true;
  /** Why, in words; "" when there is nothing to say. */
  readonly evidence: string;
}

/** By the sidecar, by preprocessor_config.json, by what the graph does first with the input, by its shape. */
export function inputFormats(input: ValueInfo, role: InputRole, graph: Graph, said: SidecarInput | undefined, neighbours: Neighbours): InputFormats {
  const { dims, dtype } = input;
  const numeric = dtype !== null && dtype !== "string" && dtype !== "bool";
  const open = role === "unknown" || role === "features";
  const beside = neighbours.preprocessing;
  const whole = dtype === "uint8" || (numeric && !isFloat(dtype));
  const graphRange = whole ? undefined : rangeInGraph(input.name, graph);
  const inferred = { range: whole ? ([0, 255] as const) : (graphRange?.range ?? ([0, 1] as const)) };
  const image =
    numeric && (role === "image" || (role === "unknown" && (dims?.length === 4 || dims?.length === 3)))
      ? imageFormat(dims, { ...beside?.image, ...said?.image }, inferred)
      : undefined;
  const audio =
    numeric && (role === "audio" || (open && dims !== null && dims.length <= 3)) ? audioFormat(dims, { ...beside?.audio, ...said?.audio }) : undefined;
  const value = said?.value !== undefined ? (said.value as CellValue) : role === "state" ? 0 : role === "flag" && dtype === "bool" ? false : undefined;
  const splits = dtype === "string" && splitsText(graph, input.name);
  const notes = [
    splits ? "the model splits it into words" : "",
    role === "image" && image !== undefined ? `${formatWords(image)}${imageSource(said, neighbours, graphRange?.why)}` : "",
    role === "audio" && audio !== undefined ? audioWords(audio) : "",
    value === undefined || role === "features" ? "" : `${JSON.stringify(value)} when no sample says otherwise`,
  ];
  return {
    ...(image === undefined ? {} : { image }),
    ...(audio === undefined ? {} : { audio }),
    ...(value === undefined ? {} : { value }),
    ...(splits ? { splits } : {}),
    evidence: notes.filter((note) => note !== "").join("; "),
  };
}

function imageSource(said: SidecarInput | undefined, neighbours: Neighbours, inGraph: string | undefined): string {
  if (said?.image !== undefined) return " (sidecar)";
  if (neighbours.preprocessing?.image !== undefined) return " (preprocessor_config.json)";
  return inGraph === undefined ? "" : ` (${inGraph})`;
}

/** A model that divides by 255 itself, or takes off means far above 1, takes pixels of 0 … 255. */
function rangeInGraph(input: string, graph: Graph): { readonly range: readonly [number, number]; readonly why: string } | undefined {
  for (const node of graph.nodes) {
    const [first, second] = node.inputs;
    const other = first === input ? second : second === input ? first : undefined;
    const constant = other === undefined ? undefined : graph.initializers.get(other);
    if (constant?.content.kind !== "raw" || ![1, 3, 4].includes(sizeOf(constant.dims))) continue;
    const numbers = Array.from(toNumbers(readInitializer(constant)), Math.abs);
    const least = Math.min(...numbers);
    const divides = node.op === "Div" && least >= 50;
    const multiplies = node.op === "Mul" && least > 0 && Math.max(...numbers) <= 0.02;
    const subtracts = (node.op === "Sub" || node.op === "Add") && least >= 20;
    if (divides || multiplies || subtracts) return { range: [0, 255], why: `the model's first ${node.op} takes pixels of 0 to 255` };
  }
  return undefined;
}
