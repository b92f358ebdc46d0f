import { expect, test } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { MeasureName } from "../../../src/protocol/names.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { missingMeasures, TrustMeasures, withAnswer } from "../../../src/vscode/trustMeasures.js";
import type { WorkerClient } from "../../../src/worker/client.js";
import type { CallOptions } from "../../../src/worker/lane.js";

const request: ExplainRequest = { model: "/m.onnx", rows: [0] };
const explanation: Explanation = {
  schema: 1,
  model: { file: "m.onnx", inputs: [], outputs: [] },
  request,
  results: [{ row: 0, prediction: { value: "p", data: [1] }, score: 1, baselineScore: 0, delta: 0, points: 1, attributions: {} }],
  milliseconds: { load: 0, compile: 0, run: 0 },
  diagnostics: [],
};

/** Measures whose answers wait until the test lets them go: order and stopping are what is tested here. */
function scripted() {
  const asked: {
    readonly measures: ExplainRequest["measures"];
    answer(value: number): void;
    refuse(message: string): void;
    progress(fraction: number): void;
  }[] = [];
  const found: [MeasureName, object][] = [];
  const client = {
    explain: ([{ measures = [] }]: Parameters<WorkerClient["explain"]>[0], { signal, progress }: CallOptions = {}): Promise<Explanation> =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new ExplainError("CANCELLED", "Cancelled.")));
        asked.push({
          measures,
          answer: (value) => {
            const results = explanation.results.map((result) => ({ ...result, measures: Object.fromEntries(measures.map((name) => [name, { value }])) }));
            resolve({ ...explanation, results });
          },
          refuse: (message) => reject(new ExplainError("OPTION_INVALID", message)),
          progress: (fraction) => progress?.({ message: "", fraction }),
        });
      }),
  };
  const seen: unknown[] = [];
  const trust: TrustMeasures = new TrustMeasures(
    client,
    () => seen.push(trust.current),
    (name, answer) => found.push([name, answer]),
  );
  return { trust, asked, found, seen };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("measures are taken one after the other, those asked for twice once; one that has no meaning says why", async () => {
  const { trust, asked, found, seen } = scripted();
  const taken = trust.take(["deletion", "baselines"], request);
  await trust.take(["deletion", "agreement"], request);
  asked[0]?.progress(0.5);
  expect(seen.at(-1)).toEqual({ name: "deletion", fraction: 0.5 });
  asked[0]?.answer(0.25);
  await turn();
  asked[1]?.refuse("no baseline");
  await turn();
  asked[2]?.answer(1);
  await taken;
  expect(asked.map(({ measures }) => measures)).toEqual([["deletion"], ["baselines"], ["agreement"]]);
  expect(found).toEqual([
    ["deletion", { measured: { value: 0.25 } }],
    ["baselines", { refused: "no baseline" }],
    ["agreement", { measured: { value: 1 } }],
  ]);
  expect(trust.current).toBeUndefined();
});

test("what is stopped finds nothing, and another answer's measures begin anew", async () => {
  const { trust, asked, found } = scripted();
  const taken = trust.take(["deletion", "agreement"], request);
  trust.stop();
  await taken;
  expect([found, trust.current]).toEqual([[], undefined]);
  const again = trust.take(["infidelity"], request);
  asked[1]?.answer(0);
  await again;
  expect(found).toEqual([["infidelity", { measured: { value: 0 } }]]);
});

test("an answer carries its measures, so that what is exported and asked again has them", () => {
  const parts = { explanation, ...withAnswer({ explanation }, "deletion", { measured: { value: 0.5 } }) };
  expect(parts.explanation.request.measures).toEqual(["deletion"]);
  expect(parts.explanation.results[0]?.measures).toEqual({ deletion: { value: 0.5 } });
  const refused = { ...parts, ...withAnswer(parts, "baselines", { refused: "none" }) };
  expect(missingMeasures(refused, "all")).toEqual(["infidelity", "sensitivity", "insertion", "randomisation", "agreement"]);
  expect(missingMeasures(refused, "deletion")).toEqual([]);
});
