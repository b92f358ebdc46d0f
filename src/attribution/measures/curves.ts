import type { Measured } from "../../protocol/explanation.js";
import type { MeasureName } from "../../protocol/names.js";
import type { Steps } from "../evaluate.js";
import type { Measure, MeasureContext } from "../measure.js";
import { readCount, readSeed } from "../options.js";
import { shuffled, uniforms } from "../random.js";
import { ablated } from "./subject.js";

/** The score as features are replaced by their baseline, the most credited first; the area under the curve is small when those mattered. */
export const deletion: Measure = {
  name: "deletion",
  title: "Deletion curve",
  question: "How fast does the score fall when the most credited features are taken away first? (The area under that curve.)",
  paper: "https://arxiv.org/abs/1806.07421",
  better: "lower",
  measure: (context) => curve(context, "deletion"),
};

/** The score as features are put back into the baseline, the most credited first; the area is large when those sufficed. */
export const insertion: Measure = {
  name: "insertion",
  title: "Insertion curve",
  question: "How fast does the score rise when the most credited features are put into the baseline first? (The area under that curve.)",
  paper: "https://arxiv.org/abs/1806.07421",
  better: "higher",
  measure: (context) => curve(context, "insertion"),
};

/** Orders by chance that the curve is held against. */
const randomOrders = 5;

function* curve(context: MeasureContext, name: Extract<MeasureName, "deletion" | "insertion">): Steps<readonly Measured[]> {
  const options = context.request.options ?? {};
  const subject = ablated(context, name);
  const n = subject.players;
  const steps = Math.min(n, readCount(options, "curveSteps", 100));
  const counts = Array.from({ length: steps + 1 }, (_, k) => Math.round((k * n) / steps));
  const share = counts.map((c) => c / n);
  const found: Measured[] = [];
  for (let row = 0; row < subject.rows; row++) {
    const credits = subject.credits(row);
    const random = uniforms(readSeed(options) + row);
    const orders = [[...credits.keys()].sort((p, q) => credits[q]! - credits[p]!), ...Array.from({ length: randomOrders }, () => shuffled(n, random))];
    const variants = orders.flatMap((order) => {
      const rank = new Int32Array(n);
      order.forEach((player, place) => (rank[player] = place));
      return counts.map((count) => (player: number) => (name === "deletion" ? rank[player]! < count : rank[player]! >= count));
    });
    const scores = yield* subject.scores(row, variants);
    const curves = orders.map((_, i) => scores.slice(i * counts.length, (i + 1) * counts.length));
    const areas = curves.map((values) => area(share, values));
    found.push({
      value: areas[0]!,
      curve: { share, value: curves[0]!, chance: counts.map((_, k) => curves.slice(1).reduce((s, c) => s + c[k]!, 0) / randomOrders) },
      parts: { random: areas.slice(1).reduce((s, a) => s + a, 0) / randomOrders },
    });
    yield { kind: "progress", fraction: (row + 1) / subject.rows };
  }
  return found;
}

/** By trapezoids. */
function area(x: readonly number[], y: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return sum;
}
