import { assert } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import { limitOf } from "../../base/limits.js";
import { readInitializer } from "../initializer.js";
import { toNumbers } from "../../tensor/tensor.js";
import { attribute } from "../attributes.js";
import { bindOutput } from "../bindOutput.js";
import type { Builder } from "../builder.js";
import type { Dim, Node } from "../ir.js";
import { activations, type Activation } from "./activation.js";

/** One direction of a recurrent node, its weights cut out, ready to be stepped. Value names; "" where the node has none. */
export interface Direction {
  readonly b: Builder;
  readonly node: Node;
  readonly hidden: number;
  readonly batch: Dim;
  /** [gates * hidden, hidden] */
  readonly recurrence: string;
  /** Recurrence bias [gates * hidden]; "" without biases. */
  readonly recurrenceBias: string;
  /** Peephole weights [3 * hidden] of an LSTM, else "". */
  readonly peepholes: string;
  readonly activations: readonly Activation[];
  /** Pieces of weights cut out so far: every step uses the same. */
  readonly pieces: Map<string, string>;
  /** A hidden state as it enters a product: rounded where that is how the node multiplies. */
  enters(h: string): string;
  /** Limits what enters an activation to ± the attribute `clip`, if it is given. */
  clip(x: string): string;
}

/** State after a step: the hidden value, and an LSTM's cell; "" stands for zeros. */
export type State = readonly string[];

/** What differs between LSTM, GRU and RNN. */
export interface Cell {
  readonly gates: number;
  readonly defaults: readonly string[];
  /** Positions of the initial states among the inputs, the hidden one first. */
  readonly initial: readonly number[];
  /** Which part of the recurrence bias may be added to the input projection; the rest reaches `step` as `recurrenceBias`. */
  readonly foldsBias: (node: Node) => boolean;
  /** The node with the inputs of LSTM, GRU or RNN; absent: it has them. */
  readonly plain?: (b: Builder, node: Node) => Node;
  /** How values enter the products with the weights; absent: as they are. */
  readonly enters?: (b: Builder, x: string) => string;
  /** The state after one step, from the projected input [batch, gates * hidden]. */
  readonly step: (d: Direction, projected: string, state: State) => State;
}

/** Why a recurrent node can't be laid out for this sample, else undefined. */
export function obstacle(b: Builder, node: Node): string | undefined {
  const dims = b.dims(node.inputs[0] ?? "");
  const steps = dims[attribute(node, "layout", "int") === 1 ? 1 : 0] ?? null;
  if (steps === null || (dims[2] ?? null) === null) return "its sequence length is not known for this sample";
  const most = limitOf("unrollSteps");
  return steps > most ? `it takes ${steps} steps, and ${most} are the most that are laid out (setting explainPrediction.limits.unrollSteps)` : undefined;
}

/**
 * A recurrent node, which has no obstacle, as primitive steps, with its outputs' names kept. The input projection of all steps is one Gemm, a step is one Gemm and the gates.
 * Sequences shorter than the longest keep their state and give zeros after their end; the reverse direction starts at their end.
 * Source: https://onnx.ai/onnx/operators/onnx__LSTM.html, GRU and RNN.
 */
export function unrollRecurrent(b: Builder, given: Node, cell: Cell): void {
  b.scope(`${given.name}/unroll`);
  const node = cell.plain?.(b, given) ?? given;
  const batchFirst = attribute(node, "layout", "int") === 1;
  const input = (i: number): string => node.inputs[i] ?? "";
  const x = batchFirst ? b.transpose(input(0), [1, 0, 2]) : input(0);
  const [steps = null, batch = null, width = null] = b.dims(x);
  assert(steps !== null && width !== null, "obstacle() was not asked");
  const direction = attribute(node, "direction", "string") ?? "forward";
  const count = direction === "bidirectional" ? 2 : 1;
  const hidden = b.dims(input(2))[2] ?? null;
  if (hidden === null)
    throw new ExplainError("MODEL_INVALID", `The recurrence weights of the node "${node.name}" (${node.op}) have no known size.`, { node: node.name });
  const acts = activations(node, cell.defaults, count);
  const size = cell.gates * hidden;
  const dtype = b.type(x).dtype;
  const part = (name: string, d: number, start: number, end: number, axis: number): string => {
    const row =
      count === 1
        ? name
        : b.slice(
            name,
            [0],
            [d],
            [d + 1],
            b.dims(name).map((dim, i) => (i === 0 ? 1 : dim)),
          );
    const flat = b.squeeze(row, [0]);
    const whole = b.dims(flat)[axis];
    return start === 0 && end === whole
      ? flat
      : b.slice(
          flat,
          [axis],
          [start],
          [end],
          b.dims(flat).map((dim, i) => (i === axis ? end - start : dim)),
        );
  };
  const masks = stepMasks(b, input(4), steps);
  const enters = (value: string): string => cell.enters?.(b, value) ?? value;
  const flatX = enters(b.reshape(x, [batch === null ? null : steps * batch, width]));
  const clipAt = attribute(node, "clip", "float") ?? 0;
  const outputs: { y: string; last: State }[] = [];
  for (let d = 0; d < count; d++) {
    const folds = cell.foldsBias(node);
    const bias = input(3);
    const inputBias = bias === "" ? "" : part(bias, d, 0, size, 0);
    const recurrenceBias = bias === "" ? "" : part(bias, d, size, 2 * size, 0);
    const total = folds && bias !== "" ? b.add(inputBias, recurrenceBias) : inputBias;
    const projected = b.emit(
      "Gemm",
      [flatX, part(input(1), d, 0, size, 0), ...(total === "" ? [] : [total])],
      { dtype, dims: [batch === null ? null : steps * batch, size] },
      { transB: 1 },
    );
    const rows =
      steps === 1
        ? [projected]
        : b.emitMany(
            "Split",
            [projected],
            Array.from({ length: steps }, () => ({ dtype, dims: [batch, size] })),
            { axis: 0, num_outputs: steps },
          );
    const context: Direction = {
      b,
      node,
      hidden,
      batch,
      recurrence: part(input(2), d, 0, size, 0),
      recurrenceBias: folds ? "" : recurrenceBias,
      peepholes: cell.gates === 4 && input(7) !== "" ? part(input(7), d, 0, 3 * hidden, 0) : "",
      activations: acts[d] ?? [],
      pieces: new Map(),
      enters,
      clip: (v) => (clipAt > 0 ? b.emit("Clip", [v, b.scalar(-clipAt, v), b.scalar(clipAt, v)], b.type(v)) : v),
    };
    const initial = cell.initial.map((at) => (input(at) === "" ? "" : initialState(b, input(at), d, count, batchFirst)));
    outputs.push(runSteps(context, cell, rows, masks, initial, direction === "reverse" || d === 1));
  }
  bindOutputs(b, node, outputs, steps, batchFirst);
}

function runSteps(d: Direction, cell: Cell, rows: readonly string[], masks: readonly string[], initial: State, reverse: boolean): { y: string; last: State } {
  const { b } = d;
  const ys: string[] = Array.from({ length: rows.length }, () => "");
  let state = initial;
  for (let s = 0; s < rows.length; s++) {
    const t = reverse ? rows.length - 1 - s : s;
    const next = cell.step(d, rows[t] ?? "", state);
    const mask = masks[t];
    const zero = mask === undefined ? "" : b.scalar(0, next[0] ?? "");
    ys[t] = mask === undefined ? (next[0] ?? "") : b.where(mask, next[0] ?? "", zero);
    state =
      mask === undefined
        ? next
        : next.map((value, i) => (state[i] === "" && i === 0 ? (ys[t] ?? "") : b.where(mask, value, state[i] === "" ? zero : (state[i] ?? ""))));
  }
  const dims = [d.batch, rows.length * d.hidden];
  return {
    // Side by side and not one below the other: sizes that are known need not be computed on the way back.
    y: ys.length === 1 ? (ys[0] ?? "") : b.emit("Concat", ys, { dtype: b.type(ys[0] ?? "").dtype, dims }, { axis: 1 }),
    last: state,
  };
}

/** Per step a bool [batch, 1]: whether the sequence still runs. Empty when all run to the end. */
function stepMasks(b: Builder, lengths: string, steps: number): string[] {
  if (lengths === "") return [];
  const constant = b.initializers.get(lengths);
  if (constant?.content.kind === "raw" && toNumbers(readInitializer(constant)).every((length) => length >= steps)) return [];
  const column = b.unsqueeze(b.cast(lengths, "int64"), [1]);
  return Array.from({ length: steps }, (_, t) => b.compare("Greater", column, b.constant("int64", [], [t])));
}

/** [batch, hidden] of one direction. */
function initialState(b: Builder, name: string, d: number, count: number, batchFirst: boolean): string {
  const axis = batchFirst ? 1 : 0;
  const row =
    count === 1
      ? name
      : b.slice(
          name,
          [axis],
          [d],
          [d + 1],
          b.dims(name).map((dim, i) => (i === axis ? 1 : dim)),
        );
  return b.squeeze(row, [axis]);
}

/** Y [steps, directions, batch, hidden], Y_h and Y_c [directions, batch, hidden]; with layout 1 the batch comes first. */
function bindOutputs(b: Builder, node: Node, outputs: readonly { y: string; last: State }[], steps: number, batchFirst: boolean): void {
  const [name = "", ...lastNames] = node.outputs;
  const join = (parts: readonly string[], axis: number): string => {
    const raised = parts.map((p) => b.unsqueeze(p, [axis]));
    return raised.length === 1 ? (raised[0] ?? "") : b.concat(raised, axis);
  };
  if (name !== "") {
    const [batch = null, hidden = null] = b.dims(outputs[0]?.last[0] ?? "");
    const y = join(
      outputs.map((o) => b.transpose(b.reshape(o.y, [batch, steps, hidden]), [1, 0, 2])),
      1,
    );
    bindOutput(b, batchFirst ? b.transpose(y, [2, 0, 1, 3]) : y, name);
  }
  lastNames.forEach((output, i) => {
    if (output !== "")
      bindOutput(
        b,
        join(
          outputs.map((o) => o.last[i] ?? ""),
          batchFirst ? 1 : 0,
        ),
        output,
      );
  });
}
