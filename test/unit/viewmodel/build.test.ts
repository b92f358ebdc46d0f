import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Explanation } from "../../../src/protocol/explanation.js";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";

const parts = (name: string): ViewParts => JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8")) as ViewParts;
const diabetes = parts("diabetes");
const changed = (change: Partial<Explanation["results"][number]>, diagnostics: Explanation["diagnostics"] = []): ViewParts => ({
  ...diabetes,
  explanation: { ...diabetes.explanation, results: diabetes.explanation.results.map((result) => ({ ...result, ...change })), diagnostics },
});

describe("features", () => {
  const view = buildView(diabetes);

  test("are ranked by size and keep value, sign and error of their own name", () => {
    const [input] = view.inputs;
    if (input?.kind !== "features") throw new Error("expected features");
    const sizes = input.bars.map((bar) => Math.abs(bar.credit));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const credit = diabetes.explanation.results[0]?.attributions["measurements"];
    for (const bar of input.bars) {
      const i = credit?.labels?.indexOf(bar.label) ?? -1;
      expect(bar.credit).toBe(credit?.data[i]);
      expect(bar.value).toBe(String(credit?.values?.[i]));
    }
    expect(input.share).toBe(1);
  });

  test("the classes are in the model's order and one of them is explained", () => {
    expect(view.prediction.classes.map((one) => one.label)).toEqual(["neg", "pos"]);
    expect(view.prediction.classes.filter((one) => one.explained)).toHaveLength(1);
    expect(view.prediction.sentence).toBe(`Predicted ${view.prediction.label ?? ""} ${view.prediction.confidence ?? ""}`);
  });

  test("layers carry class and source line of the model, units the index a request names", () => {
    expect(view.layers[0]).toMatchObject({ path: "linear1", units: 12, kind: "Linear" });
    expect(view.layers[0]?.source).toMatch(/^network\.py:\d+$/u);
    expect(view.units?.bars.map((bar) => bar.key)).toEqual(Array.from({ length: 12 }, (_, i) => String(i)));
    expect(view.unit?.inputs[0]?.kind).toBe("features");
  });

  test("methods that are not available say why, and the one in use is offered", () => {
    expect(view.methods.some((method) => method.id === view.method && method.reason === undefined)).toBe(true);
    const refused = buildView({
      ...diabetes,
      ...(diabetes.inspection === undefined
        ? {}
        : { inspection: { ...diabetes.inspection, methods: [{ name: "gradCam", available: false, reason: "No convolution." }] } }),
    });
    expect(refused.methods.find((method) => method.id === "gradCam")?.reason).toBe("No convolution.");
    expect(refused.methods.some((method) => method.id === refused.method)).toBe(true);
  });
});

describe("text", () => {
  const view = buildView(parts("review"));

  test("pieces of a word are merged and their credits add up", () => {
    const input = view.inputs.find((one) => one.name === "tokens");
    if (input?.kind !== "tokens") throw new Error("expected tokens");
    const credit = parts("review").explanation.results[0]?.attributions["tokens"];
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    expect(sum(input.tokens.map((token) => token.credit))).toBeCloseTo(sum(credit?.data ?? []), 12);
    expect(input.tokens.every((token) => !token.text.startsWith("##"))).toBe(true);
  });

  test("shares of the inputs sum to one, the largest first", () => {
    expect(view.inputs.reduce((total, input) => total + input.share, 0)).toBeCloseTo(1, 12);
    expect(view.inputs[0]?.share).toBeGreaterThanOrEqual(view.inputs[1]?.share ?? 1);
  });
});

describe("the check", () => {
  test("adds up: the equation, the gap, the points, the error", () => {
    const { check } = buildView(
      changed({
        score: 0.642,
        baselineScore: 0.4871,
        delta: -2e-6,
        points: 33,
        error: { measurements: { dims: [8], data: [0.0003, 0, 0, 0, 0, 0, 0, 0] } },
        attributions: { measurements: { dims: [8], data: [0.1, 0.0549, 0, 0, 0, 0, 0, 0] } },
      }),
    );
    expect(check.state).toBe("good");
    expect(check.sentence).toBe("Adds up: 0.6420 − 0.4871 = 0.1549, off by 2·10⁻⁶; 33 points in 75 ms; error ≤ 0.3 % of the largest credit.");
  });

  test("a wide gap is poor even when nobody remarked on it, and the sentence says what to do", () => {
    const { check } = buildView(changed({ delta: 0.05 }));
    expect(check.state).toBe("poor");
    expect(check.sentence).toMatch(/^Does not add up: .*miss it by 0\.05.*Try another baseline/u);
  });

  test("an error too small for a tenth of a percent reads as less than that", () => {
    const sample = changed({ delta: 0, error: { measurements: { dims: [1], data: [1e-9] } } });
    expect(buildView(sample).check.sentence).toContain("error < 0.1 % of the largest credit");
  });

  test("a gap that is not a number is poor", () => {
    expect(buildView(changed({ delta: NaN })).check.state).toBe("poor");
  });

  test("the engine's remark makes it poor however small the gap", () => {
    const { check } = buildView(
      changed({ delta: 1e-9, points: 129 }, [{ code: "NOT_CONVERGED", severity: "warning", message: "Not converged after 129 points." }]),
    );
    expect(check.state).toBe("poor");
    expect(check.sentence).toMatch(/^Not settled after 129 points/u);
  });

  test("a method without a promise has no check", () => {
    expect(buildView(changed({ delta: null, score: null, baselineScore: null })).check).toMatchObject({ state: "none", delta: null });
  });

  test("with a path an input there is no common baseline score, and the widest gap counts", () => {
    const good = buildView(changed({ baselineScore: null, delta: { a: 1e-9, b: -2e-9 }, points: 34 })).check;
    expect(good.state).toBe("good");
    expect(good.sentence).toMatch(/^Adds up for each input by itself, off by at most 2·10⁻⁹; 34 points/u);
    const { check } = buildView(changed({ delta: { a: 1e-9, b: -0.2 } }));
    expect(check).toMatchObject({ state: "poor", delta: -0.2 });
  });

  test("relevance adds up to the score; what biases keep is said and is no fault", () => {
    const whole = buildView(changed({ score: 0.5, baselineScore: null, delta: 1e-7, points: 1 })).check;
    expect(whole.state).toBe("good");
    expect(whole.sentence).toMatch(/^Adds up to the score: 0\.5000 of the score 0\.5000, off by 1·10⁻⁷; 1 point/u);
    const { check } = buildView(changed({ score: 0.5, baselineScore: null, delta: -0.2, points: 1 }));
    expect(check.state).toBe("none");
    expect(check.sentence).toMatch(/^The credits hold 0\.3000 of the score 0\.5000; 1 point in .*Biases/u);
  });
});

test("an input without names shows its largest elements by index, missing numbers last", () => {
  const data = Array.from({ length: 36 }, (_, i) => (i === 7 ? -3 : i === 8 ? null : i / 100));
  const view = buildView(changed({ attributions: { image: { dims: [6, 6], data: data as number[] } } }));
  const [input] = view.inputs;
  if (input?.kind !== "tensor") throw new Error("expected a tensor");
  expect(input.bars[0]).toMatchObject({ label: "[1,1]", credit: -3 });
  expect(input.bars).toHaveLength(20);
  expect(input.bars.every((bar) => Number.isFinite(bar.credit))).toBe(true);
});

test("a unit's drivers say what they add up to: the unit's own value, or its part of the target", () => {
  const { unit } = diabetes;
  if (unit === undefined) throw new Error("the fixture has a unit");
  const credits = unit.explanation.results[0]?.attributions["measurements"]?.data ?? [];
  const conductance = buildView(diabetes).unit;
  expect(conductance?.activation).toBeNull();
  expect(conductance?.conductance).toBeCloseTo(
    credits.reduce((a, b) => a + b, 0),
    12,
  );
  const results = unit.explanation.results.map(({ row, prediction, baselineScore, delta, points, attributions }) => ({
    row,
    prediction,
    score: 0.71,
    baselineScore,
    delta,
    points,
    attributions,
  }));
  expect(buildView({ ...diabetes, unit: { ...unit, explanation: { ...unit.explanation, results } } }).unit).toMatchObject({ activation: 0.71 });
});

test("one number predicted is shown as itself", () => {
  const view = buildView(changed({ prediction: { value: "price", data: [1234.5] }, target: { value: "price", index: [0] } }));
  expect(view.prediction.sentence).toBe("Predicted 1234.5");
  expect(view.prediction.classes).toHaveLength(1);
});
