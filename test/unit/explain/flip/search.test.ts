import { describe, expect, it } from "vitest";
import { ExplainError } from "../../../../src/base/diagnostic.js";
import { sizeOfChange, type Change, type Part } from "../../../../src/explain/flip/part.js";
import { searchFlip, type FlipStage } from "../../../../src/explain/flip/search.js";
import { uniforms } from "../../../../src/attribution/random.js";

/** A number from −below to above steps, so many of which are one spread. */
const number = (below: number, above: number, steps: number): Part => ({ below, above, ordered: true, size: (level) => Math.abs(level) / steps });
const switches = (count: number): readonly Part[] => Array.from({ length: count }, () => ({ below: 0, above: 1, ordered: false, size: (level) => level }));

type Score = (levels: readonly number[]) => number;
const levelsOf = (parts: readonly Part[], change: Change): readonly number[] => parts.map((_, part) => change.get(part) ?? 0);

/** The search, the model being a function of levels that has to become larger than 0. */
async function search(parts: readonly Part[], score: Score, mostRuns = 20_000) {
  let asked = 0;
  const stages = new Set<FlipStage>();
  const found = await searchFlip(
    parts,
    (changes) => {
      asked += changes.length;
      return Promise.resolve(changes.map((change) => ({ margin: score(levelsOf(parts, change)), reached: score(levelsOf(parts, change)) > 0 })));
    },
    { mostRuns, progress: (stage) => stages.add(stage) },
  );
  expect(asked).toBe(found.runs);
  return { ...found, stages };
}

/** Every combination of levels, by brute force: the fewest parts, then the smallest size. */
function exhaustive(parts: readonly Part[], score: Score): { readonly count: number; readonly size: number } | undefined {
  let best: { count: number; size: number } | undefined;
  const levels = parts.map(() => 0);
  const visit = (part: number): void => {
    const own = parts[part];
    if (own === undefined) {
      const count = levels.filter((level) => level !== 0).length;
      const size = parts.reduce((sum, one, i) => sum + one.size(levels[i] ?? 0), 0);
      if (score(levels) > 0 && (best === undefined || count < best.count || (count === best.count && size < best.size))) best = { count, size };
      return;
    }
    for (let level = -own.below; level <= own.above; level++) {
      levels[part] = level;
      visit(part + 1);
    }
    levels[part] = 0;
  };
  visit(0);
  return best;
}

describe("as small as trying everything", () => {
  const random = uniforms(7);
  const between = (a: number, b: number): number => a + (b - a) * random();
  const parts = (): readonly Part[] =>
    Array.from({ length: 3 }, () => number(Math.round(between(0, 25)), Math.round(between(5, 25)), Math.round(between(2, 9))));

  it.each(Array.from({ length: 12 }, (_, i) => i))("a linear model (%i)", async () => {
    const own = parts();
    const weights = own.map(() => between(-1, 1));
    // So far away that one, two or all three have to move, or that nothing helps.
    const far = between(0.1, 1.1) * own.reduce((sum, { below, above }, i) => sum + Math.max((weights[i] ?? 0) * above, -(weights[i] ?? 0) * below), 0);
    const score: Score = (levels) => levels.reduce((sum, level, i) => sum + level * (weights[i] ?? 0), -far);
    const [{ best, minimal, fewest }, wanted] = [await search(own, score), exhaustive(own, score)];
    expect(best?.size).toBe(wanted?.count);
    if (best === undefined || wanted === undefined) return;
    expect([minimal, fewest]).toEqual([true, true]);
    expect(sizeOfChange(own, best)).toBeLessThanOrEqual(wanted.size + 1e-9);
    if (wanted.count === 1) expect(sizeOfChange(own, best)).toBeCloseTo(wanted.size, 9);
  });

  it.each(Array.from({ length: 8 }, (_, i) => i))("a tree of steps (%i)", async () => {
    const own = parts();
    const boxes = Array.from({ length: 5 }, () => own.map(({ below, above }) => between(-below, above)).map((at) => [at, at + between(2, 12)] as const));
    const score: Score = (levels) => (boxes.some((box) => box.every(([from, to], i) => (levels[i] ?? 0) >= from && (levels[i] ?? 0) <= to)) ? 1 : -1);
    const [{ best }, wanted] = [await search(own, score), exhaustive(own, score)];
    // A plateau says nothing about where the boxes are: what is found on the grid is made as small as it gets there, and may be missed altogether.
    if (best === undefined || wanted === undefined || score(own.map(() => 0)) > 0) return;
    expect(score(levelsOf(own, best))).toBe(1);
    expect(best.size).toBeGreaterThanOrEqual(wanted.count);
  });

  it.each(Array.from({ length: 8 }, (_, i) => i))("a small network (%i)", async () => {
    const own = parts().slice(0, 2);
    const hidden = Array.from({ length: 6 }, () => ({ w: own.map(() => between(-0.3, 0.3)), b: between(-1, 1), out: between(-1, 1) }));
    const raw: Score = (levels) => hidden.reduce((sum, { w, b, out }) => sum + out * Math.tanh(w.reduce((s, wi, i) => s + wi * (levels[i] ?? 0), b)), 0);
    const zero = raw([0, 0]);
    const gain = between(0.05, 0.9);
    const score: Score = (levels) => raw(levels) - zero - gain;
    const [{ best }, wanted] = [await search(own, score), exhaustive(own, score)];
    expect(best?.size).toBe(wanted?.count);
    if (best !== undefined && wanted !== undefined) expect(sizeOfChange(own, best)).toBeLessThanOrEqual(wanted.size + 1e-9);
  });
});

it("finds the few of many that have to go together", async () => {
  const wanted = new Set([3, 17, 40]);
  const score: Score = (levels) => levels.reduce((sum, level, i) => sum + level * (wanted.has(i) ? 1 : -0.01), -2.5);
  const { best, minimal, fewest } = await search(switches(60), score);
  expect([...(best?.keys() ?? [])].sort((a, b) => a - b)).toEqual([3, 17, 40]);
  expect([minimal, fewest]).toEqual([true, true]);
});

it("finds two that do nothing alone", async () => {
  const { best, fewest } = await search(switches(30), (levels) => (levels[4] === 1 && levels[20] === 1 ? 1 : -1));
  expect([...(best?.keys() ?? [])].sort((a, b) => a - b)).toEqual([4, 20]);
  expect(fewest).toBe(true);
});

it("leaves out what is not needed, and says that other sets may be smaller", async () => {
  const score: Score = (levels) => levels.reduce((sum, level, i) => sum + level * (i < 8 ? 1 : 0), -5.5);
  const { best, minimal, fewest } = await search(switches(20), score);
  expect(best?.size).toBe(6);
  expect([minimal, fewest]).toEqual([true, false]);
});

it("tells what came nearest where nothing does it", async () => {
  const { best, nearest, minimal, stages } = await search([number(5, 5, 1), ...switches(2)], (levels) => levels.reduce((a, b) => a + b, -100));
  expect([best, minimal]).toEqual([undefined, false]);
  expect(nearest).toEqual(
    new Map([
      [0, 5],
      [1, 1],
      [2, 1],
    ]),
  );
  expect([...stages]).toEqual(["single", "pairs", "more"]);
});

it("stays within its runs, with the best so far", async () => {
  const score: Score = (levels) => levels.reduce((sum, level) => sum + level, -20.5);
  for (const most of [1, 50, 400, 900]) {
    const { runs, ended, best, minimal } = await search(switches(40), score, most);
    expect(runs).toBeLessThanOrEqual(most);
    if (ended) expect(minimal).toBe(false);
    if (best !== undefined) expect(best.size).toBeGreaterThanOrEqual(21);
  }
  expect((await search(switches(40), score, 1)).ended).toBe(true);
});

it("ends with what the model throws, and has no use for NaN", async () => {
  const stop = new ExplainError("CANCELLED", "Cancelled.");
  await expect(searchFlip(switches(3), () => Promise.reject(stop), { mostRuns: 100 })).rejects.toBe(stop);
  const { best, nearest } = await search(switches(3), () => NaN);
  expect([best, nearest.size]).toEqual([undefined, 0]);
});
