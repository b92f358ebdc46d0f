import { chord, quotient, stands } from "./chord.js";
import { compose } from "./compose.js";
import { multiplier, moves, type SecantContext, type SecantFamily, type SecantState } from "./rule.js";

/**
 * Maxima (`up`) and minima. Where the output rose, the change belongs to the position of the sample's maximum, where it fell to that of the baseline's: only
 * there the input moved as far. Each position divides by its own difference; a still one has its own gradient. Overlapping windows add up.
 * Source: Captum, deep_lift.py, maxpool; the definition does not depend on how many windows share a position.
 */
function extremum(up: boolean): SecantState {
  return multiplier((c) => {
    const { b } = c;
    const rise = b.sub(c.y[0]!, c.y0[0]!);
    const none = b.scalar(0, rise);
    const [rising, falling] = [b.binary("Max", rise, none), b.binary("Min", rise, none)];
    const rest = c.dy.slice(1).map(() => "");
    const atSample = c.gradient({ dy: [b.mul(c.dy[0]!, up ? rising : falling), ...rest] });
    const atBaseline = c.gradient({ x: c.x0, y: c.y0, dy: [b.mul(c.dy[0]!, up ? falling : rising), ...rest] });
    const gradient = c.gradient({ dy: [c.dy[0]!, ...rest] });
    return c.x.map((x, i) => {
      const [p, q, still] = [atSample[i] ?? null, atBaseline[i] ?? null, gradient[i] ?? null];
      if (p === null || q === null || still === null || !moves(c, i)) return null;
      const difference = b.sub(x, c.x0[i]!);
      return quotient(b, b.add(p, q), difference, stands(b, difference), still);
    });
  });
}

const maximum = extremum(true);
const minimum = extremum(false);

function apply(state: SecantState, c: SecantContext): readonly (string | null)[] {
  return state.state === "rule" ? state.multiply(c) : c.gradient();
}

/** Operators that pass one of their inputs on. */
export const selectionSecants: SecantFamily = {
  Max: maximum,
  Min: minimum,
  ReduceMax: maximum,
  ReduceMin: minimum,
  MaxPool: maximum,
  GlobalMaxPool: maximum,
  // min(max(x, low), high), where a bound moves.
  Clip: multiplier((c) => {
    if (!moves(c, 1) && !moves(c, 2)) return apply(chord, c);
    const { b } = c;
    return compose(
      c,
      c.x.map((x, i) => [x, c.x0[i] ?? ""] as const),
      ([x, low = "", high = ""]) => {
        const raised = low === "" ? x! : b.binary("Max", x!, low);
        return [high === "" ? raised : b.binary("Min", raised, high)];
      },
    );
  }),
};
