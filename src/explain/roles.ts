import { basename } from "node:path";
import type { Graph, Node, ValueInfo } from "../graph/ir.js";
import { makersOf } from "../graph/walk.js";
import type { InputRole, OutputRole } from "../protocol/names.js";
import type { Sidecar } from "../protocol/sidecar.js";
import { isFloat } from "../tensor/dtype.js";
import { readAsSound } from "./readAsSound.js";
import type { Neighbours } from "./neighbours.js";

export interface InferredInput {
  readonly name: string;
  readonly role: InputRole;
  /** Why, in words. */
  readonly evidence: string;
  /** Feature names of a neighbour file whose number fits. */
  readonly features?: readonly string[];
}

export interface InferredOutput {
  readonly name: string;
  readonly role: OutputRole;
  readonly labels?: readonly string[];
  /** Where the labels come from, in words. */
  readonly evidence?: string;
}

/** What each input is: by the sidecar, by what the graph does with it, by its name, by its shape. */
export function inferInputRoles(graph: Graph, _modelFile: string, sidecar: Sidecar | undefined, neighbours: Neighbours): InferredInput[] {
  const readers = readersOf(graph);
  return graph.inputs.map((input) => {
    const said = sidecar?.inputs?.[input.name]?.role;
    const found = said === undefined ? inferRole(input, graph, readers, neighbours) : { role: said, evidence: "the sidecar says so" };
    const features = found.role === "features" || found.role === "categories" ? neighbours.features.find((f) => f.names.length === widthOf(input)) : undefined;
    return {
      name: input.name,
      ...found,
      ...(features === undefined ? {} : { features: features.names, evidence: `${found.evidence}; feature names in ${basename(features.file)}` }),
    };
  });
}

function inferRole(
  input: ValueInfo,
  graph: Graph,
  readers: ReadonlyMap<string, readonly Node[]>,
  neighbours: Neighbours,
): { role: InputRole; evidence: string } {
  const { name, dtype, dims } = input;
  if (dtype === null) return { role: "unknown", evidence: "not a tensor" };
  const rank = dims?.length;
  const label = name.toLowerCase();
  const integer = !isFloat(dtype) && dtype !== "string" && dtype !== "bool";
  // Whether a decoder reads its past is a switch, though it is named like the past.
  if (dtype === "bool" && (rank === 0 || (rank === 1 && dims?.[0] === 1))) return { role: "flag", evidence: "a single yes or no" };
  const stateName =
    /^(state|hidden|(h|c)_?0)$|hidden_state|cell_state|_state$/.test(label) ||
    // The two memories of an LSTM, with an axis for its layers.
    (/^[hc]$/.test(label) && rank === 3);
  if (/past_key|past_value|key_values|cache/.test(label) || (stateName && isFloat(dtype))) return { role: "state", evidence: `named ${name}` };
  if (/attention_?mask|padding_?mask|^mask$|_mask$/.test(label)) return { role: "mask", evidence: `named ${name}` };
  if (/token_?type|segment_?id/.test(label) && integer) return { role: "tokenTypes", evidence: `named ${name}` };
  if (/position_?ids?$|^positions?$/.test(label) && integer) return { role: "positions", evidence: `named ${name}` };
  const table = integer ? lookedUp(name, graph, readers) : undefined;
  if (table !== undefined) {
    const beside = neighbours.tokenizer === undefined ? "" : `; ${basename(neighbours.tokenizer)} beside the model`;
    const why = `feeds Gather of ${table.name} [${table.dims.join(", ")}]`;
    // A sequence of ids (its length a symbol, or at least two axes) reads a vocabulary; fixed columns with small tables are categories.
    const sequence = rank === undefined || (rank >= 2 && typeof dims?.[rank - 1] !== "number");
    if (sequence || neighbours.tokenizer !== undefined || /input_?ids|token|text|word|sentence/.test(label)) return { role: "tokens", evidence: why + beside };
    return { role: "categories", evidence: why };
  }
  if (/^input_?ids$|^tokens?$|token_?ids$/.test(label) && integer) return { role: "tokens", evidence: `named ${name}, whole numbers` };
  if (dtype === "string")
    return rank === 2 && typeof dims?.[1] === "number" && dims[1] > 1
      ? { role: "categories", evidence: "columns of text" }
      : { role: "categories", evidence: "text" };
  if (rank === 0 || (rank === 1 && dims?.[0] === 1)) return { role: "flag", evidence: "a single value" };
  if (rank === 4 && isChannels(dims)) return { role: "image", evidence: `four axes with ${channelsOf(dims)} channel${channelsOf(dims) === 1 ? "" : "s"}` };
  if (/audio|waveform|wav|speech/.test(label) && isFloat(dtype)) return { role: "audio", evidence: `named ${name}` };
  const rate = graph.inputs.find((other) => other.name !== name && isRate(other.name));
  if (rate !== undefined && isFloat(dtype) && (rank === 1 || rank === 2) && typeof dims?.at(-1) !== "number")
    return { role: "audio", evidence: `numbers of any length beside ${rate.name}` };
  const sound = isFloat(dtype) && rank !== undefined && rank <= 2 ? readAsSound(name, typeof dims?.at(-1) !== "number", graph, readers) : undefined;
  if (sound !== undefined) return { role: "audio", evidence: sound };
  if (rank === 4 && /image|pixel/.test(label)) return { role: "image", evidence: `named ${name}, four axes` };
  // Whole numbers in a sequence are ids; a table's columns are of a known number.
  const last = dims?.at(-1);
  if (integer && rank === 2 && typeof last === "string" && /len|seq|tok|time|word|char/i.test(last))
    return { role: "tokens", evidence: "whole numbers of any length" };
  if (rank === 2 && (isFloat(dtype) || integer)) {
    const width = dims?.[1];
    return { role: "features", evidence: typeof width === "number" ? `${width} number${width === 1 ? "" : "s"} a row` : "numbers, a row each" };
  }
  if (rank === 1 && (isFloat(dtype) || integer) && typeof dims?.[0] !== "number") return { role: "features", evidence: "one number a row" };
  return { role: "unknown", evidence: rank === undefined ? "shape unknown" : `${dtype} with ${rank} axes` };
}

function isRate(name: string): boolean {
  return /^(sr|sample_?rate|sampling_?rate)$/i.test(name);
}

/** The constant float table that an integer input indexes (through shape-keeping operators), or undefined. */
function lookedUp(name: string, graph: Graph, readers: ReadonlyMap<string, readonly Node[]>): { name: string; dims: readonly number[] } | undefined {
  const seen = new Set<string>();
  const open = [name];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const node of readers.get(value) ?? []) {
      const [first, second] = node.inputs;
      const table = node.op === "Gather" && second === value && first !== undefined ? graph.initializers.get(first) : undefined;
      if (table !== undefined && table.dims.length === 2) return { name: table.name, dims: table.dims };
      if (["Cast", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Clip", "Transpose", "Slice", "Max", "Min"].includes(node.op) && first === value)
        open.push(...node.outputs);
      // A quantised table is read by Gather and made numbers afterwards; a split feeds several tables.
      if (node.op === "Split" && first === value) open.push(...node.outputs);
    }
  }
  return undefined;
}

/**
 * Each output's role, by the operator that makes it; class names from the sidecar, else from the file itself (`inFile`, by value), else from a neighbour whose count fits.
 */
export function inferOutputRoles(graph: Graph, sidecar?: Sidecar, neighbours?: Neighbours, inFile?: ReadonlyMap<string, readonly string[]>): InferredOutput[] {
  const makers = makersOf(graph);
  const feedsSoftmax = new Set<string>();
  for (const node of graph.nodes) {
    const [from] = node.inputs;
    if (isActivation(node) && from !== undefined && node.outputs.some((o) => graph.outputs.some((output) => output.name === o))) feedsSoftmax.add(from);
  }
  return graph.outputs.map((output) => {
    const said = sidecar?.outputs?.[output.name];
    const own = inFile?.get(output.name);
    // A file names classes for their probabilities alone.
    const role = said?.role ?? (own === undefined ? roleOfOutput(output, makers, feedsSoftmax) : "probabilities");
    const classes = output.dims?.at(-1);
    const beside = neighbours?.labels;
    const fits = beside !== undefined && (typeof classes !== "number" || classes === beside.length) && (role === "probabilities" || role === "logits");
    const labels = said?.labels ?? own ?? (fits ? beside : undefined) ?? labelsOfSibling(output, role, sidecar, graph);
    const source =
      labels === undefined || labels === said?.labels ? undefined : labels === own ? "the model" : labels === beside ? neighbours?.labelsFile : undefined;
    return {
      name: output.name,
      role,
      ...(labels === undefined ? {} : { labels }),
      ...(source === undefined ? {} : { evidence: `class names in ${basename(source)}` }),
    };
  });
}

/** Logits and probabilities of one model name the same classes: labels said for one hold for the other. */
function labelsOfSibling(output: ValueInfo, role: OutputRole, sidecar: Sidecar | undefined, graph: Graph): readonly string[] | undefined {
  if (role !== "probabilities" && role !== "logits") return undefined;
  const classes = output.dims?.at(-1);
  return graph.outputs.map((o) => sidecar?.outputs?.[o.name]?.labels).find((labels) => labels !== undefined && labels.length === classes);
}

function roleOfOutput(output: ValueInfo, makers: ReadonlyMap<string, Node>, feedsSoftmax: ReadonlySet<string>): OutputRole {
  if (output.dtype === null || !isFloat(output.dtype)) return "unknown";
  let node = makers.get(output.name);
  // What only renames or reshapes says nothing.
  while (node !== undefined && ["Identity", "Cast", "Reshape", "Squeeze", "Flatten", "Unsqueeze"].includes(node.op)) node = makers.get(node.inputs[0] ?? "");
  if (node !== undefined && (isActivation(node) || node.op === "TreeEnsembleClassifier" || node.op === "Normalizer")) return "probabilities";
  if (feedsSoftmax.has(output.name) || /logit/i.test(output.name)) return "logits";
  if (/probabilit|^prob/i.test(output.name)) return "probabilities";
  const width = output.dims?.at(-1);
  if (/embed|hidden_state|pooler/i.test(output.name)) return "embedding";
  if (
    node?.op === "TreeEnsembleRegressor" ||
    node?.op === "LinearRegressor" ||
    (output.dims !== null && output.dims.length <= 2 && (width === 1 || output.dims.length === 1))
  )
    return "regression";
  return node !== undefined &&
    ["Gemm", "MatMul", "Add", "LogSoftmax"].includes(node.op) &&
    output.dims?.length === 2 &&
    typeof width === "number" &&
    width <= 1000
    ? "logits"
    : "unknown";
}

function isActivation(node: Node): boolean {
  return node.op === "Softmax" || node.op === "Sigmoid";
}

function readersOf(graph: Graph): Map<string, Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  return readers;
}

function isChannels(dims: ValueInfo["dims"]): boolean {
  return channelsOf(dims) !== undefined;
}

/** 1, 3 or 4 channels, behind the batch axis (NCHW) or last (NHWC). */
function channelsOf(dims: ValueInfo["dims"]): number | undefined {
  return [dims?.[1], dims?.[3]].find((d): d is number => d === 1 || d === 3 || d === 4);
}

function widthOf(input: ValueInfo): number | null {
  const behind = input.dims?.slice(1) ?? [null];
  return behind.reduce<number | null>((product, d) => (product === null || typeof d !== "number" ? null : product * d), 1);
}
