import { expect, test } from "vitest";
import { Memory } from "../../../src/vscode/memory.js";

/** Storage as the editor's: what is kept survives only as JSON. */
function storage() {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T): T => (kept.has(key) ? (JSON.parse(kept.get(key) ?? "") as T) : (otherwise as T)),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, JSON.stringify(value))),
  };
}

test("the newest model comes first, each with its own last choice", async () => {
  const memory = new Memory(storage());
  await memory.remember("/a.onnx", { samples: "/a.csv", row: 1 });
  await memory.remember("/b.onnx", { values: { x: "1" } });
  await memory.remember("/a.onnx", { samples: "/a.csv", row: 2 });
  expect(memory.recentModels).toEqual(["/a.onnx", "/b.onnx"]);
  expect(memory.choiceFor("/a.onnx")).toEqual({ samples: "/a.csv", row: 2 });
  expect(memory.choiceFor("/c.onnx")).toBeUndefined();
});

test("old models are forgotten after fifty", async () => {
  const memory = new Memory(storage());
  for (let i = 0; i < 60; i++) await memory.remember(`/${i}.onnx`, { row: i });
  expect(memory.recentModels).toHaveLength(50);
  expect(memory.choiceFor("/0.onnx")).toBeUndefined();
});
