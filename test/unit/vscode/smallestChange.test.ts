import { expect, test } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { FlipAnswer, FlipAsk } from "../../../src/protocol/flip.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { FlipState, PanelState } from "../../../src/protocol/viewModel.js";
import { SmallestChange } from "../../../src/vscode/smallestChange.js";
import type { WorkerClient } from "../../../src/worker/client.js";
import type { CallOptions } from "../../../src/worker/lane.js";

const of = (request: Partial<ExplainRequest>): Explanation => ({
  schema: 1,
  model: { file: "m.onnx", inputs: [], outputs: [] },
  request: { model: "/m.onnx", rows: [0], measures: ["deletion"], versus: "1", ...request },
  results: [],
  milliseconds: { load: 0, compile: 0, run: 0 },
  diagnostics: [],
});
const answer: FlipAnswer = {
  schema: 1,
  model: { file: "m.onnx" },
  request: { model: "/m.onnx" },
  ask: {},
  row: 0,
  goal: { kind: "otherClass", from: 0 },
  found: true,
  changes: [
    {
      kind: "number",
      input: "x",
      position: 0,
      label: "age",
      from: 30,
      to: 35.5,
      spread: { value: 2, measure: "medianAbsoluteDeviation" },
      size: 2.75,
    },
  ],
  size: 2.75,
  before: { value: "p", data: [0.7, 0.3] },
  after: { value: "p", data: [0.4, 0.6] },
  runs: 1234,
  minimal: true,
  fewest: true,
  tried: 3,
  population: { file: "s.csv", rows: 77 },
  edits: { x: { kind: "values", values: [35.5] } },
  diagnostics: [],
};
const shown = (change: Partial<PanelState> = {}): PanelState => ({ phase: "done", message: "", view: null, error: null, ...change });

/** A worker whose answers wait until the test lets them go. */
function scripted() {
  const asked: {
    readonly request: ExplainRequest;
    readonly ask: FlipAsk;
    readonly cancelled: boolean;
    answer(value: FlipAnswer): void;
    refuse(error: ExplainError): void;
    progress(message: string): void;
  }[] = [];
  const client: Pick<WorkerClient, "flip"> = {
    flip: ([request, ask], { signal, progress }: CallOptions = {}) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new ExplainError("CANCELLED", "Cancelled.")));
        asked.push({
          request,
          ask,
          get cancelled() {
            return signal?.aborted ?? false;
          },
          answer: resolve,
          refuse: reject,
          progress: (message) => progress?.({ message }),
        });
      }),
  };
  const seen: (FlipState | undefined)[] = [];
  const smallest: SmallestChange = new SmallestChange(client, () => seen.push(smallest.state));
  return { smallest, asked, seen };
}

test("a search is followed to what it found, which can then be applied", async () => {
  const { smallest, asked, seen } = scripted();
  const searched = smallest.find(of({}), { to: "1" }, "Looking …");
  // What is measured or compared has no part in it.
  expect(asked[0]).toMatchObject({ request: { model: "/m.onnx", rows: [0] }, ask: { to: "1" } });
  expect(Object.keys(asked[0]?.request ?? {})).toEqual(["model", "rows"]);
  asked[0]?.progress("Trying single changes (512 runs)");
  expect(smallest.edits).toBeUndefined();
  asked[0]?.answer(answer);
  await searched;
  expect(seen.map((state) => state?.phase)).toEqual(["running", "running", "done"]);
  expect(seen[1]).toEqual({ phase: "running", message: "Trying single changes (512 runs)" });
  expect(seen[2]).toMatchObject({
    view: {
      found: true,
      sentence: "class 0 70.0 % → class 1 60.0 % with one change.",
      rows: [{ label: "age", from: "30", to: "35.5", size: "2.75" }],
      unit: "Sizes are in median absolute deviations of the first 77 rows of s.csv.",
    },
  });
  expect(smallest.edits).toEqual(answer.edits);
});

test("nothing can be applied of what was not found", async () => {
  const { smallest, asked } = scripted();
  const searched = smallest.find(of({}), {}, "");
  asked[0]?.answer({ ...answer, found: false, minimal: false, after: { value: "p", data: [0.6, 0.4] } });
  await searched;
  expect(smallest.state).toMatchObject({ view: { sentence: "Not found: at best the model is less sure, class 0 60.0 % instead of class 0 70.0 %." } });
  expect(smallest.edits).toBeUndefined();
});

test("a failure says why; stopping leaves nothing behind", async () => {
  const { smallest, asked, seen } = scripted();
  const failed = smallest.find(of({}), {}, "");
  asked[0]?.refuse(new ExplainError("OPTION_INVALID", "Nothing can be changed.", { hint: "Name a sample file." }));
  await failed;
  expect(smallest.state).toEqual({ phase: "failed", message: "Nothing can be changed. Name a sample file." });
  const stopped = smallest.find(of({}), {}, "");
  smallest.stop();
  await stopped;
  expect([asked[1]?.cancelled, smallest.state, seen.at(-1)]).toEqual([true, undefined, undefined]);
});

test.each<[string, PanelState, Explanation | undefined]>([
  ["other edits", shown(), of({ values: { x: "[1]" } })],
  ["another row", shown(), of({ rows: [1] })],
  ["another target", shown(), of({ targets: ["1"] })],
  ["a question that is being worked on", shown({ phase: "running", lag: "all" }), of({})],
  ["a file that changed", shown({ phase: "stale" }), of({})],
])("%s ends a search and takes what was found away", async (_, state, explanation) => {
  for (const finished of [false, true]) {
    const { smallest, asked } = scripted();
    const searched = smallest.find(of({}), {}, "");
    if (finished) asked[0]?.answer(answer);
    if (finished) await searched;
    // The layers of the same answer, or a measure of it, change nothing.
    smallest.follow(shown({ phase: "running", lag: "inside" }), of({ measures: ["infidelity"] }));
    expect(smallest.state).toBeDefined();
    smallest.follow(state, explanation);
    await searched;
    expect([smallest.state, smallest.edits]).toEqual([undefined, undefined]);
    expect(asked[0]?.cancelled).toBe(true);
  }
});

test("a newer search replaces an older one", async () => {
  const { smallest, asked } = scripted();
  const first = smallest.find(of({}), {}, "");
  const second = smallest.find(of({}), { to: "1" }, "");
  asked[1]?.answer(answer);
  await Promise.all([first, second]);
  expect([asked[0]?.cancelled, smallest.state?.phase]).toEqual([true, "done"]);
});
