import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { inversePermutation, normalAxis, range, sizeOfAxis } from "./axes.js";
import { slice } from "./slicing.js";

/** Reshape, Flatten, Squeeze, Unsqueeze: the same elements in the input's shape. */
function sameElements(c: RuleContext): (string | null)[] {
  return [c.b.reshapeLike(c.dy[0]!, c.x[0]!)];
}

function transpose(c: RuleContext): string[] {
  const rank = c.b.rank(c.x[0]!);
  const perm = c.a.ints("perm") ?? range(rank).reverse();
  return [c.b.transpose(c.dy[0]!, inversePermutation(perm))];
}

/** The repeats lie in front of each axis once it is split; the driver can't sum them, as they are no broadcast. */
function tile(c: RuleContext): string[] {
  const { b } = c;
  const dims = b.dims(c.x[0]!);
  const repeated = b.dims(c.y[0]!);
  const constant = c.constant(1);
  const repeats = dims.map((d, i) => {
    const to = repeated[i];
    return constant?.[i] ?? (typeof d === "number" && typeof to === "number" ? (d === 0 ? 1 : to / d) : 1);
  });
  const split: Dim[] = [];
  const sums: number[] = [];
  dims.forEach((d, i) => {
    if (repeats[i] !== 1) {
      sums.push(split.length);
      split.push(present(repeats[i], "repeat"));
    }
    split.push(d);
  });
  if (sums.length === 0) return [c.dy[0]!];
  return [b.sum(b.reshape(c.dy[0]!, split), sums, false)];
}

function concat(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const dy = c.dy[0]!;
  const axis = normalAxis(c.a.int("axis", 0), b.rank(dy));
  const sizes = x.map((name) => b.dims(name)[axis] ?? null);
  const { dtype } = b.type(dy);
  if (sizes.every((s) => s !== null)) {
    let start = 0;
    return x.map((name, i) => {
      const from = start;
      start += sizes[i]!;
      return c.needs(i) ? b.slice(dy, [axis], [from], [start], b.dims(name)) : null;
    });
  }
  const lengths = b.concat(
    x.map((name) => sizeOfAxis(b, name, axis)),
    0,
  );
  return b.emitMany(
    "Split",
    [dy, lengths],
    x.map((name) => ({ dtype, dims: b.dims(name) })),
    { axis },
  );
}

/** ONNX Runtime wants every part named, so all outputs have types. */
function split(c: RuleContext): string[] {
  const { b, y } = c;
  const axis = normalAxis(c.a.int("axis", 0), b.rank(c.x[0]!));
  return [
    joined(
      b,
      y.map((name, i) => (c.dy[i] === "" ? b.zerosLike(name) : c.dy[i]!)),
      axis,
      b.dims(c.x[0]!),
    ),
  ];
}

/** Concat keeps no sum of sizes that follow the batch: the known shape is declared. */
function joined(b: Builder, parts: readonly string[], axis: number, dims: readonly Dim[]): string {
  return b.emit("Concat", parts, { dtype: b.type(parts[0]!).dtype, dims }, { axis });
}

function trilu(c: RuleContext): (string | null)[] {
  const { b, node } = c;
  const dy = c.dy[0]!;
  const rest = node.inputs.slice(1);
  return [b.emit("Trilu", [dy, ...rest], b.type(dy), { upper: c.a.int("upper", 1) }), null];
}

/** Reversing the first elements of each sequence twice gives the sequence back. */
function reverseSequence(c: RuleContext): (string | null)[] {
  const { b, a } = c;
  const dy = c.dy[0]!;
  return [b.emit("ReverseSequence", [dy, c.x[1]!], b.type(dy), { batch_axis: a.int("batch_axis", 1), time_axis: a.int("time_axis", 0) }), null];
}

/** DepthToSpace and SpaceToDepth rearrange blocks: the other one of the pair undoes it, spelled out because CRD has no SpaceToDepth. */
function depthToSpace(c: RuleContext): string[] {
  const { b } = c;
  const size = c.a.int("blocksize", 1);
  const [n, channels, height, width] = b.dims(c.x[0]!) as [Dim, number, number, number];
  const depth = channels / (size * size);
  const blocks = b.reshape(c.dy[0]!, [n, depth, height, size, width, size]);
  const order = c.a.string("mode", "DCR") === "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
  return [b.reshape(b.transpose(blocks, order), [n, channels, height, width])];
}

function spaceToDepth(c: RuleContext): string[] {
  const { b } = c;
  const size = c.a.int("blocksize", 1);
  const [n, channels, height, width] = b.dims(c.x[0]!) as [Dim, number, number, number];
  const blocks = b.reshape(c.dy[0]!, [n, size, size, channels, height / size, width / size]);
  return [b.reshape(b.transpose(blocks, [0, 3, 4, 1, 5, 2]), [n, channels, height, width])];
}

/** Moving, repeating and joining elements. */
export const movement: RuleFamily = {
  Reshape: rule(sameElements),
  Flatten: rule(sameElements),
  Squeeze: rule(sameElements),
  Unsqueeze: rule(sameElements),
  Transpose: rule(transpose),
  // The driver sums the cotangent to the input's shape.
  Expand: rule((c) => [c.dy[0]!, null]),
  Tile: rule(tile, (node, types) => {
    const [from, to] = [types.get(node.inputs[0] ?? "")?.dims, types.get(node.outputs[0] ?? "")?.dims];
    return from !== undefined && to !== undefined && from.filter((d) => d === null).length > 1
      ? "tiles a value with two axes that follow the batch"
      : undefined;
  }),
  Concat: rule(concat),
  Split: rule(split),
  Slice: rule(slice),
  Trilu: rule(trilu),
  ReverseSequence: rule(reverseSequence),
  DepthToSpace: rule(depthToSpace),
  SpaceToDepth: rule(spaceToDepth),
};
