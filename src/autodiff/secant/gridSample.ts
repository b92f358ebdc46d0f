import { present } from "../../base/assert.js";
import { quotient, stands } from "./chord.js";
import { moves, multiplier, type SecantContext, type SecantFamily } from "./rule.js";

/**
 * GridSample(X, G): linear in the image, whose multipliers are the mean of those at both grids. The grid's change is seen on the mean image, coordinate by
 * coordinate, first to last and last to first, so that each has the mean of the two.
 */
export const gridSampleSecants: SecantFamily = {
  GridSample: multiplier((c) => {
    if (!moves(c, 1)) return c.gradient();
    const { b } = c;
    const half = b.scale(c.dy[0]!, 0.5);
    const ofImage = (grid: string): string => present(c.gradient({ x: [c.x[0]!, grid], dy: [half] })[0], "a gradient");
    return [c.needs(0) ? b.add(ofImage(c.x[1]!), ofImage(c.x0[1]!)) : null, c.needs(1) ? ofGrid(c) : null];
  }),
};

function ofGrid(c: SecantContext): string {
  const { b, node } = c;
  const [grid, grid0] = [c.x[1]!, c.x0[1]!];
  const dims = b.dims(grid);
  const last = dims.length - 1;
  const axes = present(dims[last], "a known number of coordinates");
  const image = moves(c, 0) ? b.scale(b.add(c.x[0]!, c.x0[0]!), 0.5) : c.x[0]!;
  const sampled = new Map<number, string>();
  /** Σ over channels of dy · GridSample on a grid whose coordinates are the sample's where the bits of `which` say so. */
  const at = (which: number): string => {
    const known = sampled.get(which);
    if (known !== undefined) return known;
    const mask = b.constant(
      "bool",
      dims.map((_, i) => (i === last ? axes : 1)),
      Array.from({ length: axes }, (_, i) => (which >> i) & 1),
    );
    const mixed = b.where(mask, grid, grid0);
    const value = b.sum(b.mul(c.dy[0]!, b.emit(node.op, [image, mixed], b.type(c.y[0]!), node.attributes)), [1], false);
    sampled.set(which, value);
    return value;
  };
  const parts = Array.from({ length: axes }, (_, i) => {
    const [before, behind] = [(1 << i) - 1, ((1 << axes) - 1) & ~((1 << (i + 1)) - 1)];
    const bit = 1 << i;
    const both = b.add(b.sub(at(before | bit), at(before)), b.sub(at(behind | bit), at(behind)));
    return b.unsqueeze(b.scale(both, 0.5), [last]);
  });
  const difference = b.sub(grid, grid0);
  const still = c.gradient()[1] ?? b.scalar(0, grid);
  return quotient(b, b.concat(parts, last), difference, stands(b, difference), still);
}
