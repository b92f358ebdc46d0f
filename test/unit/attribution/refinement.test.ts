import { describe, expect, test } from "vitest";
import type { Integral } from "../../../src/attribution/integral.js";
import { panelGrid, panels } from "../../../src/attribution/quadrature/panels.js";
import { refinement, type RefinementLimits } from "../../../src/attribution/refinement.js";
import type { PathPoint } from "../../../src/attribution/span.js";
import type { Attributed } from "../../../src/runtime/openModel.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import { tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { credit, deviation } from "./engine.js";

describe("panels", () => {
  const nodes = [0, 0.05, 0.1, 0.13, 0.2, 0.4, 0.5, 0.55, 0.7, 0.9, 1];

  test("every panel is exact to degree 7, and its difference vanishes to degree 5", () => {
    for (const { from, to, first, weights, difference } of panels(nodes))
      for (let degree = 0; degree <= 7; degree++) {
        const [a, b] = [nodes[from] ?? NaN, nodes[to] ?? NaN];
        const powers = weights.map((_, k) => (nodes[first + k] ?? NaN) ** degree);
        const sum = (list: readonly number[]): number => list.reduce((s, w, k) => s + w * (powers[k] ?? NaN), 0);
        expect(sum(weights)).toBeCloseTo((b ** (degree + 1) - a ** (degree + 1)) / (degree + 1), 12);
        if (degree <= 5) expect(sum(difference)).toBeCloseTo(0, 12);
      }
  });

  test("with fewer nodes than eight, all are taken", () => {
    const few = panels([0, 0.3, 0.6, 1]);
    expect(few.map((p) => [p.from, p.to, p.first, p.weights.length])).toEqual([
      [0, 1, 0, 4],
      [1, 2, 0, 4],
      [2, 3, 0, 4],
    ]);
  });

  test("the grid is that of the nested rule, ends included", () => {
    expect(panelGrid()).toHaveLength(129);
    expect([panelGrid()[0], panelGrid()[64], panelGrid()[128]]).toEqual([0, 0.5, 1]);
  });
});

/** Refines the slope of a score of one variable. */
function refined(score: (a: number) => number, slope: (a: number) => number, limits: Partial<RefinementLimits> = {}): Integral {
  const search = refinement({ tolerance: 0.005, complete: true, ...limits });
  let next = search.next([]);
  while (next.done !== true) {
    const point = (alpha: number): PathPoint => ({ alpha, score: score(alpha), credit: new Map([["x", Float32Array.of(slope(alpha))]]) });
    next = search.next(next.value.alphas.map(point));
  }
  return next.value;
}

describe("refinement", () => {
  const sum = ({ credit: c }: Integral): number => c.get("x")?.[0] ?? NaN;

  test("a smooth slope is done after the first two rounds", () => {
    const result = refined(Math.sin, Math.cos);
    expect(result).toMatchObject({ converged: true, points: 17 });
    expect(sum(result)).toBeCloseTo(Math.sin(1), 6);
  });

  test("a peak gets points where it is, and the estimate covers what is off", () => {
    for (const [at, width] of [
      [0.31, 0.02],
      [0.62, 0.03],
      [0.97, 0.05],
    ] as const) {
      const sigmoid = (a: number): number => 1 / (1 + Math.exp(-(a - at) / width));
      const result = refined(sigmoid, (a) => (sigmoid(a) * (1 - sigmoid(a))) / width);
      const off = Math.abs(sum(result) - (sigmoid(1) - sigmoid(0)));
      expect(result.converged).toBe(true);
      expect(result.points).toBeLessThan(45);
      expect(off).toBeLessThan(0.005);
      expect(off).toBeLessThanOrEqual(Math.max(result.error?.get("x")?.[0] ?? NaN, 1e-5));
    }
  });

  test("at a jump of the slope it ends without convergence, before the whole grid is known", () => {
    const result = refined(
      (a) => Math.max(0, a - 0.4321),
      (a) => (a > 0.4321 ? 1 : 0),
      { tolerance: 0.002 },
    );
    expect(result.converged).toBe(false);
    expect(result.points).toBeLessThan(65);
  });

  test("an infinite slope at an end ends it", () => {
    const result = refined(Math.sqrt, (a) => 0.5 / Math.sqrt(a));
    expect(result).toMatchObject({ converged: false, points: 8 });
  });
});

/** Words looked up and sent through layers that are wide enough for each point to cost something. */
const words = (() => {
  const [tokens, width] = [160, 256];
  const scaled = (dims: readonly number[], factor: number) => {
    const t = float32(dims);
    return { ...t, data: Float32Array.from(t.data as Float32Array, (x) => x * factor) };
  };
  const layers = [0, 1, 2];
  const graph = graphOf({
    inputs: { ids: { name: "ids", dtype: "int64", dims: ["batch", tokens] } },
    constants: {
      table: scaled([50, width], 2),
      ...Object.fromEntries(layers.map((i) => [`w${i}`, scaled([width, width], 6 / Math.sqrt(width))])),
      head: scaled([width, 1], 1),
      axis: int64(1),
    },
    nodes: [
      op("Gather", ["table", "ids"], ["h0"]),
      ...layers.flatMap((i) => [op("MatMul", [`h${i}`, `w${i}`], [`p${i}`]), op("Tanh", [`p${i}`], [`h${i + 1}`])]),
      op("ReduceMean", ["h3", "axis"], ["mean"], { keepdims: 0 }),
      op("MatMul", ["mean", "head"], ["y"]),
    ],
    outputs: ["y"],
  });
  const row = (step: number) => Array.from({ length: tokens }, (_, i) => (i * step) % 50);
  const ids = (...rows: readonly number[][]) => tensor("int64", [rows.length, tokens], rows.flat());
  return { graph, ids, row };
})();

test("a model whose points cost much is refined: fewer points than levels take, the right numbers, each row's as alone", async () => {
  const { graph, ids, row } = words;
  const attributor = createAttributor(graph, {});
  const pictures: number[] = [];
  const ask = (inputs: ReturnType<typeof ids>, options = {}): Promise<Attributed> =>
    attributor.attribute(
      { method: "integratedGradients", inputs: { ids: inputs }, targets: [{ value: "y", index: [0] }], options },
      {
        signal: { aborted: false },
        progress: (_, partial) => {
          if (partial !== undefined) pictures.push(partial().points);
        },
      },
    );
  const { result } = await ask(ids(row(7)));
  expect(pictures[0]).toBe(8);
  expect(pictures.length).toBeGreaterThan(1);
  const exact = (await ask(ids(row(7)), { rule: "gausslegendre", steps: 300 })).result;
  const scale = Math.max(...credit(exact, "ids").data.map(Math.abs));
  expect(result.converged).toBe(true);
  // Between the sizes of two levels: points were chosen, not taken by the level.
  expect(result.points).toBeGreaterThan(33);
  expect(result.points).toBeLessThan(65);
  expect(deviation(credit(result, "ids").data, credit(exact, "ids").data)).toBeLessThan(0.005 * scale);
  const both = (await ask(ids(row(7), row(3)))).result;
  expect(deviation(credit(both, "ids").data.slice(0, 160), credit(result, "ids").data)).toBeLessThan(1e-5 * scale);
  await attributor.dispose();
});
