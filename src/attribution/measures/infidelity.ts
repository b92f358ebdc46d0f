import type { Measured } from "../../protocol/explanation.js";
import type { Steps } from "../evaluate.js";
import type { Measure, MeasureContext } from "../measure.js";
import { interval95 } from "../moments.js";
import { readCount, readSeed } from "../options.js";
import { shuffled, uniforms } from "../random.js";
import { ablated } from "./subject.js";

/** E[(Σ credits of S − (F(x) − F(x with S at its baseline)))²] over random sets S of features, every size equally likely. */
export const infidelity: Measure = {
  name: "infidelity",
  title: "Infidelity",
  question: "By how much (squared) do the credits of some features miss what the score really changes by when those are replaced by their baseline?",
  paper: "https://arxiv.org/abs/1901.09392",
  better: "lower",
  measure,
};

interface Drawn {
  readonly absent: Uint8Array;
  readonly weight: number;
}

function* measure(context: MeasureContext): Steps<readonly Measured[]> {
  const { request } = context;
  const options = request.options ?? {};
  const samples = readCount(options, "infidelitySamples", 400);
  const subject = ablated(context, "infidelity");
  const exact = subject.players <= 20 && 2 ** subject.players <= samples;
  const found: Measured[] = [];
  for (let row = 0; row < subject.rows; row++) {
    const sets = exact ? allSets(subject.players) : drawnSets(subject.players, samples, readSeed(options) + row);
    const credits = subject.credits(row);
    const scores = yield* subject.scores(row, [
      () => false,
      ...sets.map(
        ({ absent }) =>
          (player: number) =>
            absent[player] === 1,
      ),
    ]);
    let [value, changes, fourth] = [0, 0, 0];
    sets.forEach(({ absent, weight }, s) => {
      const change = scores[0]! - scores[s + 1]!;
      const missed = (credits.reduce((sum, c, p) => sum + c * absent[p]!, 0) - change) ** 2;
      value += weight * missed;
      fourth += weight * missed * missed;
      changes += weight * change * change;
    });
    found.push({
      value,
      ...(exact ? {} : { error: interval95 * Math.sqrt(Math.max(0, fourth - value * value) / Math.max(1, sets.length - 1)) }),
      // The typical miss as a share of the typical change.
      parts: { relative: Math.sqrt(value / changes) },
    });
    yield { kind: "progress", fraction: (row + 1) / subject.rows };
  }
  return found;
}

/** All sets but the empty one, with the probability that drawing them has. */
function allSets(n: number): Drawn[] {
  const binomial = [1];
  for (let k = 1; k <= n; k++) binomial.push((binomial[k - 1]! * (n - k + 1)) / k);
  return Array.from({ length: 2 ** n - 1 }, (_, i) => {
    const absent = Uint8Array.from({ length: n }, (_p, p) => ((i + 1) >> p) & 1);
    const size = absent.reduce((s, v) => s + v, 0);
    return { absent, weight: 1 / (n * binomial[size]!) };
  });
}

function drawnSets(n: number, samples: number, seed: number): Drawn[] {
  const random = uniforms(seed);
  return Array.from({ length: samples }, () => {
    const absent = new Uint8Array(n);
    for (const player of shuffled(n, random).slice(0, 1 + Math.floor(random() * n))) absent[player] = 1;
    return { absent, weight: 1 / samples };
  });
}
