import { expect, test } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import type { Explanation, Inspection, LayersAnswer } from "../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { PanelState } from "../../../src/protocol/viewModel.js";
import type { EngineSettings } from "../../../src/vscode/engineSettings.js";
import { ExplainSession } from "../../../src/vscode/explainSession.js";
import type { CallOptions, WorkerClient } from "../../../src/worker/client.js";

const request: ExplainRequest = { model: "/m.onnx", samples: "/s.csv", rows: [0] };
/** Nobody named a method: one that the model allows will do. */
const asAsked = { ...request, anyMethod: true };

function explanationOf(asked: ExplainRequest): Explanation {
  return {
    schema: 1,
    model: { file: asked.model, inputs: [], outputs: [] },
    request: asked,
    results: [
      {
        row: typeof asked.rows === "object" ? (asked.rows[0] ?? 0) : 0,
        target: { value: "p", index: [Number(asked.targets?.[0] ?? 1)] },
        prediction: { value: "p", data: [0.25, 0.75] },
        score: 0.75,
        baselineScore: 0.5,
        delta: 0,
        points: 9,
        attributions:
          asked.layer === undefined
            ? { x: { dims: [2], data: [0.2, 0.05], labels: ["a", "b"], values: [1, 2] } }
            : { [asked.layer]: { dims: [2], data: [0.1, 0.15] } },
      },
    ],
    milliseconds: { load: 0, compile: 0, run: 0 },
    diagnostics: [],
  };
}

const layers: LayersAnswer = {
  layers: ["hidden", "out"].map((value) => ({ value, path: value, units: 2, total: 0.25, share: 1, credit: { dims: [2], data: [0.2, 0.05] } })),
  diagnostics: [],
};
const inspection: Inspection = {
  schema: 1,
  model: { file: "/m.onnx", bytes: 0, producer: "", opset: {} },
  inputs: [],
  outputs: [],
  layers: [],
  operators: [],
  methods: [],
  diagnostics: [],
};

/** A worker whose answers to `explain` wait until the test lets them go: order and supersession are what is tested here. */
function scripted() {
  const asked: {
    readonly request: ExplainRequest;
    answer(): Promise<void>;
    partial(points: number): void;
    fail(error: ExplainError): Promise<void>;
    readonly cancelled: boolean;
  }[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const client: WorkerClient = {
    explain: ([wanted, partials], { signal, progress }: CallOptions = {}) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new ExplainError("CANCELLED", "Cancelled.")));
        asked.push({
          request: wanted,
          answer: () => (resolve(explanationOf(wanted)), turn()),
          partial: (points) => {
            const whole = explanationOf(wanted);
            if (partials === true) progress?.({ message: "", partial: { ...whole, results: whole.results.map((result) => ({ ...result, points })) } });
          },
          fail: (error) => (reject(error), turn()),
          get cancelled() {
            return signal?.aborted ?? false;
          },
        });
      }),
    inspect: () => Promise.resolve(inspection),
    samples: () => Promise.resolve({ file: "/s.csv", total: 77, columns: [], rows: [], mapping: [], diagnostics: [] }),
    layers: () => Promise.resolve(layers),
    traces: () => Promise.resolve([]),
    activations: () => Promise.resolve([]),
    flip: () => Promise.reject(new Error("not asked for")),
    sidecar: () => Promise.resolve({ file: "/m.explain.json", text: "{}" }),
    compile: () => Promise.reject(new Error("not asked for")),
    batchPlan: () => Promise.reject(new Error("not asked for")),
    batchPiece: () => Promise.reject(new Error("not asked for")),
    batchJoin: () => Promise.reject(new Error("not asked for")),
    clusterSummary: () => Promise.reject(new Error("not asked for")),
    outline: () => Promise.resolve({ ...inspection, layers: [] }),
    ranges: () => Promise.resolve({}),
    predictions: () => Promise.resolve({ total: 0, columns: [], labelled: false, rows: [] }),
    examples: () => Promise.resolve([]),
    sampleTable: () => Promise.resolve({ columns: [], rows: [], shape: "" }),
    predictionCheck: () => Promise.resolve(null),
    companions: () => Promise.resolve({ outputs: [], samples: null }),
    forget: () => Promise.resolve(null),
    dispose: () => Promise.resolve(),
  };
  return { client, asked };
}

function open(client: WorkerClient, settings: EngineSettings = {}) {
  const states: PanelState[] = [];
  const session = new ExplainSession(
    client,
    (state) => states.push(state),
    (text, ...args) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
    () => settings,
    request,
  );
  return { session, states, last: () => states[states.length - 1] };
}

test("inputs come first, then layers with the units of the first; every state is whole", async () => {
  const { client, asked } = scripted();
  const { session, states, last } = open(client);
  const run = session.run();
  expect(last()).toMatchObject({ phase: "running", view: null, request });
  await asked[0]?.answer();
  await run;
  const withInputs = states.find(({ view }) => view !== null);
  expect(withInputs).toMatchObject({ phase: "running", view: { inputs: [{ name: "x" }], layers: [] } });
  expect(last()).toMatchObject({
    phase: "done",
    error: null,
    request,
    view: { rows: 77, layers: [{ value: "hidden" }, { value: "out" }], units: { layer: "hidden" } },
  });
});

test("a change cancels what runs, and only the newer answer is shown", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const first = session.run();
  const second = session.change({ target: "0" });
  await first;
  expect(asked[0]?.cancelled).toBe(true);
  expect(last()).toMatchObject({ phase: "running", error: null });
  await asked[1]?.answer();
  await second;
  expect(asked[1]?.request).toEqual({ ...asAsked, targets: ["0"] });
  expect(last()).toMatchObject({ phase: "done", view: { prediction: { classes: [{ explained: true }, { explained: false }] } } });
});

test("cancelling keeps what is known, and its layers are explained for what is shown", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const first = session.run();
  await asked[0]?.answer();
  await first;
  const second = session.change({ row: 3 });
  session.cancel();
  await second;
  expect(asked[1]?.cancelled).toBe(true);
  expect(last()).toMatchObject({ phase: "cancelled", error: null, view: { row: 0 } });
  void session.chooseLayer("out");
  expect(asked[2]?.request.rows).toEqual([0]);
  session.dispose();
});

test("a failure is shown with what was known before, and the next run clears it", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const first = session.run();
  await asked[0]?.fail(new ExplainError("ROW_MISSING", "There is no row 9.", { hint: "Choose another." }));
  await first;
  expect(last()).toMatchObject({ phase: "failed", view: null, error: { code: "ROW_MISSING", hint: "Choose another." } });
  const second = session.run();
  expect(last()).toMatchObject({ phase: "running", error: null });
  await asked[1]?.answer();
  await second;
  expect(last()?.phase).toBe("done");
});

test("a layer's units, then a unit's drivers; another layer drops the unit", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const run = session.run();
  await asked[0]?.answer();
  await run;
  const layer = session.chooseLayer("out");
  expect(last()?.view?.units?.layer).toBe("out");
  await asked[1]?.answer();
  await layer;
  expect(asked[1]?.request).toMatchObject({ method: "layerConductance", layer: "out" });
  const unit = session.chooseUnit("out", "1");
  await asked[2]?.answer();
  await unit;
  expect(asked[2]?.request).toMatchObject({ method: "neuronConductance", layer: "out", neuron: "1" });
  expect(last()?.view?.unit).toMatchObject({ layer: "out", unit: "1" });
  void session.chooseLayer("hidden");
  expect(last()?.view).toMatchObject({ unit: null, units: { layer: "hidden" } });
});

test("the chosen layer stays chosen over another row", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const run = session.run();
  await asked[0]?.answer();
  await run;
  const layer = session.chooseLayer("out");
  await asked[1]?.answer();
  await layer;
  const next = session.change({ row: 1 });
  await asked[2]?.answer();
  await next;
  expect(last()?.view).toMatchObject({ row: 1, units: { layer: "out" } });
});

test("tolerance goes to methods that have one, and a method's options do not go to another method", () => {
  const { client, asked } = scripted();
  const { session } = open(client, { tolerance: 0.01, threads: 2 });
  void session.run({ ...request, options: { rule: "adaptive" } });
  expect(asked[0]?.request).toEqual({ ...asAsked, threads: 2, options: { tolerance: 0.01, rule: "adaptive" } });
  void session.change({ method: "saliency" });
  expect(asked[1]?.request).toEqual({ ...request, threads: 2, method: "saliency" });
  session.dispose();
});

test("the default baseline is no baseline", () => {
  const { client, asked } = scripted();
  const { session } = open(client);
  void session.change({ baseline: "mean" });
  void session.change({ baseline: "" });
  expect(asked.map(({ request: { baselines } }) => baselines)).toEqual([{ "": "mean" }, undefined]);
  session.dispose();
});

test("layers that can't be explained leave the inputs explained, with a warning", async () => {
  const { client, asked } = scripted();
  const { session, last } = open({ ...client, layers: () => Promise.reject(new ExplainError("UNSUPPORTED_OPERATOR", "No rule for TopK.")) });
  const run = session.run();
  await asked[0]?.answer();
  await run;
  expect(last()).toMatchObject({
    phase: "done",
    view: { inputs: [{ name: "x" }], layers: [], diagnostics: [{ code: "UNSUPPORTED_OPERATOR", severity: "warning" }] },
  });
});

test("a changed file marks the answer as old and stops what runs", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const run = session.run();
  session.stale("m.onnx changed on disk.");
  await run;
  expect(asked[0]?.cancelled).toBe(true);
  expect(last()).toMatchObject({ phase: "stale", message: "m.onnx changed on disk." });
});

test("a first picture is shown at once and refined; the layers come after the answer", async () => {
  const { client, asked } = scripted();
  const { session, states, last } = open(client);
  const run = session.run();
  asked[0]?.partial(3);
  expect(last()).toMatchObject({ phase: "running", view: { check: { state: "partial", points: 3 }, layers: [] } });
  asked[0]?.partial(5);
  expect(last()?.view?.check.points).toBe(5);
  await asked[0]?.answer();
  await run;
  expect(states.find(({ view }) => view?.check.state === "good")?.view?.layers).toEqual([]);
  expect(last()).toMatchObject({ phase: "done", view: { check: { state: "good", points: 9 }, layers: [{}, {}] } });
  expect(last()?.lag).toBeUndefined();
});

test("an edit asks for the edited values and shows what they change; layers of the former answer go with it when it is stopped", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const run = session.run();
  await asked[0]?.answer();
  await run;
  const edit = session.edit({ kind: "edit", input: "x", changes: [[1, 7]] });
  expect(last()).toMatchObject({ phase: "running", lag: "all" });
  expect(asked[1]?.request).toEqual({ ...asAsked, values: { x: "[1,7]" } });
  await asked[1]?.answer();
  expect(last()).toMatchObject({ phase: "running", lag: "inside", view: { whatIf: { edited: true }, layers: [{}, {}] } });
  session.cancel();
  await edit;
  expect(last()).toMatchObject({ phase: "cancelled", view: { whatIf: { edited: true }, layers: [], units: null } });
  const reset = session.edit({ kind: "reset" });
  await reset;
  expect(asked).toHaveLength(2);
  expect(last()).toMatchObject({ phase: "done", view: { whatIf: { edited: false }, layers: [{}, {}] } });
});

test("edits stay when the question changes and go when the sample does", async () => {
  const { client, asked } = scripted();
  const { session } = open(client);
  const run = session.run();
  await asked[0]?.answer();
  await run;
  void session.edit({ kind: "edit", input: "x", changes: [[0, 5]] });
  void session.change({ target: "0" });
  await asked[2]?.answer();
  expect(asked[2]?.request).toEqual({ ...asAsked, targets: ["0"] });
  expect(asked[3]?.request).toEqual({ ...asAsked, targets: ["0"], values: { x: "[5,2]" } });
  void session.change({ row: 4 });
  await asked[4]?.answer();
  expect(asked[4]?.request.values).toBeUndefined();
  expect(asked).toHaveLength(5);
  session.dispose();
});

test("a class minus another; the class itself is nothing to compare with", () => {
  const { client, asked } = scripted();
  const { session } = open(client);
  void session.change({ versus: "1" });
  void session.change({ target: "1" });
  void session.change({ versus: "0" });
  void session.change({ versus: "" });
  expect(asked.map(({ request: { versus } }) => versus)).toEqual(["1", undefined, "0", undefined]);
  session.dispose();
});

test("back leads out of a unit into its layer and out of the layer, forward in again", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const settle = async (work: Promise<void> | undefined): Promise<void> => {
    await asked.at(-1)?.answer();
    await work;
  };
  await settle(session.run());
  await settle(session.chooseLayer("out"));
  await settle(session.chooseUnit("out", "1"));
  expect(last()?.path).toEqual({ layer: "out", unit: "1", back: true, forward: false });
  await settle(session.back());
  expect(last()).toMatchObject({ path: { layer: "out", back: true, forward: true }, view: { unit: null } });
  await session.back();
  expect(last()?.path).toEqual({ back: false, forward: true });
  await settle(session.forward());
  await settle(session.forward());
  expect(last()).toMatchObject({ path: { layer: "out", unit: "1" }, view: { unit: { unit: "1" } } });
});

test("a pinned answer stands beside the next one", async () => {
  const { client, asked } = scripted();
  const { session, last } = open(client);
  const run = session.run();
  await asked[0]?.answer();
  await run;
  expect(last()?.comparison).toBeNull();
  session.pin();
  const next = session.change({ row: 3 });
  await asked[1]?.answer();
  await next;
  const id = last()?.comparison?.chosen ?? "";
  expect(last()?.comparison?.inputs[0]?.rows).toHaveLength(2);
  session.unpin(id);
  expect(last()?.comparison).toBeNull();
});
