import { describe, expect, test } from "vitest";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { ExplanationView } from "../../../src/protocol/viewModel.js";
import { ExplanationHistory } from "../../../src/vscode/history/explanationHistory.js";

/** VS Code's storage keeps JSON: what can't be written there must not be relied on. */
function storage(initial: unknown = []) {
  const kept = new Map<string, string>([["history", JSON.stringify(initial)]]);
  return {
    keys: () => [...kept.keys()],
    get: (key: string, fallback?: unknown) => (kept.has(key) ? (JSON.parse(kept.get(key) ?? "null") as never) : (fallback as never)),
    update: (key: string, value: unknown) => (kept.set(key, JSON.stringify(value)), Promise.resolve()),
  };
}

const shown = (request: ExplainRequest, label = "neg") => ({
  view: { prediction: { classes: [], sentence: "", label, confidence: "97 %" }, target: label, sample: "a 1, b 2", row: 0 } as unknown as ExplanationView,
  explanation: { request } as unknown as Explanation,
});
const rows = (history: ExplanationHistory): unknown[] => history.entries.map(({ request }) => request.rows?.[0]);
const request = (row: number, changes: Partial<ExplainRequest> = {}): ExplainRequest => ({ model: "/m.onnx", samples: "/s.csv", rows: [row], ...changes });

describe("the explanations of a workspace", () => {
  test("newest first; the same question has one place, whatever the order of its fields and the threads that answer it", async () => {
    const history = new ExplanationHistory(storage());
    await history.add(shown(request(1)), 1);
    await history.add(shown(request(2)), 2);
    await history.add(shown({ rows: [1], threads: 2, samples: "/s.csv", model: "/m.onnx" }, "pos"), 3);
    expect(rows(history)).toEqual([1, 2]);
    expect(history.entries[0]).toMatchObject({ answer: "pos 97 %", target: "pos", sample: "a 1, b 2", time: 3, pinned: false });
    await history.add(shown(request(1, { method: "saliency" })), 4);
    expect(history.entries).toHaveLength(3);
  });

  test("a pin stays when the question is asked again; what is deleted is gone", async () => {
    const history = new ExplanationHistory(storage());
    await history.add(shown(request(1)), 1);
    const id = history.entries[0]?.id ?? "";
    await history.pin(id, true);
    await history.add(shown(request(1)), 2);
    expect(history.entries.map(({ pinned }) => pinned)).toEqual([true]);
    await history.remove([id]);
    expect(history.entries).toEqual([]);
  });

  test("the oldest that are not pinned go when there are too many", async () => {
    const history = new ExplanationHistory(storage());
    await history.add(shown(request(0)), 0);
    await history.pin(history.entries[0]?.id ?? "", true);
    for (let row = 1; row <= 205; row++) await history.add(shown(request(row)), row);
    expect(history.entries).toHaveLength(200);
    expect(rows(history).at(0)).toBe(205);
    expect(rows(history).slice(-2)).toEqual([7, 0]);
  });

  test("or too large: the newest stays whatever its size", async () => {
    const history = new ExplanationHistory(storage());
    const long = "x".repeat(150_000);
    for (let row = 0; row < 3; row++) await history.add(shown(request(row, { values: { text: long } })), row);
    expect(rows(history)).toEqual([2]);
    await history.add(shown(request(9, { values: { text: long.repeat(4) } })), 9);
    expect(rows(history)).toEqual([9]);
  });

  test("what another version stored otherwise is left out", () => {
    const good = { id: "1", request: request(1), answer: "", target: "", sample: "", row: 1, time: 1, pinned: false };
    expect(new ExplanationHistory(storage([{ nonsense: true }, { ...good, request: { rows: "none" } }, good])).entries).toEqual([good]);
    expect(new ExplanationHistory(storage("no list")).entries).toEqual([]);
  });
});
