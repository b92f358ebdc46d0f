import { byteSize } from "../tensor/dtype.js";
import type { Graph } from "../graph/ir.js";
import type { BoundGraph } from "./bound.js";

/** About 50–200 ms on two cores: short enough for prompt cancel and progress. In multiply-adds times two. */
const operationsPerRun = 2e10;
const bytesPerRun = 256 * 2 ** 20;
/** Elementwise work is bound by memory: one element costs about as much as this many matrix operations. */
const operationsPerElement = 60;
const mostRows = 16384;

/** After this much work a path integral that has not converged is given up: about a minute on two cores. */
const operationsPerIntegral = 4e12;
/** A run costs at least this, however small the model is. */
const operationsPerCall = 3e7;
const fewestPoints = 1_000;
const mostPoints = 50_000;

/** Points of about a millisecond and more. */
const costlyPoint = 1e8;
/** The sums over a point's credits outside of the runtime take about as long as this many of its operations each. */
const operationsPerKeptCredit = 1e5;
/** Points of a path that are kept, at most, and numbers kept of all paths together. */
const mostRefined = 129;
const keptCredits = 2 ** 27;

/**
 * How many rows (samples × points) go into one run. An estimate from shapes alone, so that the same request is packed the same way and gives the same bytes.
 */
export function rowsPerRun(bound: BoundGraph): number {
  if (!bound.stacked) return 1;
  const { operations, bytes } = costOfPoint(bound);
  return Math.max(1, Math.min(mostRows, Math.floor(operationsPerRun / (operations + 1)), Math.floor(bytesPerRun / (bytes + 1))));
}

/** How many points of one path are worth their time; from shapes alone, as the same request gives the same numbers. */
export function pointBudget(bound: BoundGraph): number {
  const { operations } = costOfPoint(bound);
  const each = bound.stacked ? operations : operations + operationsPerCall;
  return Math.round(Math.min(mostPoints, Math.max(fewestPoints, operationsPerIntegral / (each + 1))));
}

/**
 * Whether a path's points cost so much, against the credits they give, that it pays to keep each point's credits and to choose the next points one by one.
 * `program` is the one that gives the credits, for `items` paths at once.
 */
export function worthRefining(bound: BoundGraph, program: Graph, items: number): boolean {
  const elements = program.outputs.reduce((n, { name, dims }) => n + (name === "score" ? 0 : sizeOfKnown(dims ?? [])), 0);
  const { operations } = costOfPoint(bound);
  return operations >= Math.max(costlyPoint, operationsPerKeptCredit * elements) && items * elements * mostRefined <= keptCredits;
}

/** Bytes that one run takes for the values between, weights apart. An estimate from shapes alone. */
export function bytesOfRun(bound: BoundGraph): number {
  return costOfPoint(bound).bytes * rowsPerRun(bound);
}

function sizeOfKnown(dims: readonly (number | string | null)[]): number {
  return dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : 1), 1);
}

/** What the gradient at one point of one row takes. */
function costOfPoint(bound: BoundGraph): { readonly operations: number; readonly bytes: number } {
  let operations = 0;
  let bytes = 0;
  const size = (dims: readonly (number | null)[]): number => dims.reduce<number>((n, d) => n * (d ?? 1), 1);
  for (const node of bound.graph.nodes) {
    for (const output of node.outputs) {
      const type = bound.types.get(output);
      if (type === undefined || (bound.stacked && !type.dims.includes(null))) continue;
      const elements = size(type.dims);
      bytes += elements * Math.max(1, byteSize[type.dtype]);
      operations += elements * operationsPerElement;
      const weights = bound.types.get(node.inputs[1] ?? "");
      if (weights === undefined) continue;
      if (node.op === "MatMul" || node.op === "Gemm") operations += 2 * elements * (bound.types.get(node.inputs[0] ?? "")?.dims.at(-1) ?? 1);
      else if (node.op === "Conv") operations += 2 * elements * size(weights.dims.slice(1));
    }
  }
  // Forward, backward, and what the backward pass reads again.
  const gradient = 3;
  return { operations: gradient * operations, bytes: gradient * bytes };
}
