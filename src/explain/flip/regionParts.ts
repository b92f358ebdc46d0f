import type { Grid } from "../baseline/picture.js";
import type { FlipPart } from "./flipPart.js";

/** Blocks along each side of a picture, and pieces of a sound, that are set to the baseline as wholes. */
const blocks = 8;
const pieces = 32;

/** The flat numbers of an input as they are and at its baseline. */
export interface Covered {
  readonly input: string;
  readonly now: ArrayLike<number>;
  readonly then: ArrayLike<number>;
  /** What the baseline is called. */
  readonly word: string;
}

/** The blocks of a picture that differ from the baseline. */
export function pictureParts(covered: Covered, { channels, height, width, at }: Grid): readonly FlipPart[] {
  return slices(height, blocks).flatMap((rows) =>
    slices(width, blocks).flatMap((columns) => {
      const positions = Array.from({ length: channels }, (_, c) => range(rows).flatMap((y) => range(columns).map((x) => at(c, y, x)))).flat();
      return regionPart(covered, positions, { rows, columns });
    }),
  );
}

/** The pieces of a sound that differ from the baseline: `length` samples, channel after channel. */
export function soundParts(covered: Covered, length: number): readonly FlipPart[] {
  const channels = length === 0 ? 0 : covered.now.length / length;
  return slices(length, pieces).flatMap((columns) => {
    const positions = Array.from({ length: channels }, (_, c) => range(columns).map((x) => c * length + x)).flat();
    return regionPart(covered, positions, { columns });
  });
}

function regionPart(
  { input, now, then, word }: Covered,
  positions: readonly number[],
  place: { readonly rows?: readonly [number, number]; readonly columns: readonly [number, number] },
): readonly FlipPart[] {
  const values = positions.map((position) => then[position] ?? 0);
  if (positions.every((position, i) => now[position] === values[i])) return [];
  return [
    {
      input,
      below: 0,
      above: 1,
      ordered: false,
      size: (level) => level,
      write: () => ({ kind: "elements", positions, values }),
      describe: (level) => ({ kind: "region", input, ...place, to: word, size: level }),
    },
  ];
}

/** A length in at most so many slices of nearly the same size: begin and end, the end left out. */
function slices(length: number, count: number): readonly (readonly [number, number])[] {
  const many = Math.min(length, count);
  return Array.from({ length: many }, (_, i) => [Math.floor((i * length) / many), Math.floor(((i + 1) * length) / many)] as const);
}

function range([from, to]: readonly [number, number]): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
