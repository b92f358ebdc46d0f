import { expect, test } from "vitest";
import { ExportMemory } from "../../../src/vscode/python/exportMemory.js";

/** Storage as the editor's: what is kept survives only as JSON. */
function storage() {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T): T => (kept.has(key) ? (JSON.parse(kept.get(key) ?? "") as T) : (otherwise as T)),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, JSON.stringify(value))),
  };
}

test("what was agreed to is these contents in this interpreter, nothing else", async () => {
  const memory = new ExportMemory(storage());
  expect(memory.agreed("aaaaaaaaaaaa")).toBe(false);
  await memory.agree("aaaaaaaaaaaa");
  expect([memory.agreed("aaaaaaaaaaaa"), memory.agreed("aaaaaaaaaaab")]).toEqual([true, false]);
});

test("the last answers for a file come back, the oldest of many files are forgotten", async () => {
  const memory = new ExportMemory(storage());
  await memory.remember("/net.py", { name: "Net", arguments: { width: "8" } });
  await memory.remember("/net.py", { name: "Other" });
  expect(memory.answersFor("/net.py")).toEqual({ name: "Other" });
  expect(memory.answersFor("/none.py")).toEqual({});
  for (let i = 0; i < 60; i += 1) await memory.remember(`/${i}.py`, {});
  expect(memory.answersFor("/net.py")).toEqual({});
});
