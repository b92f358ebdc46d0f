import { expect, test } from "vitest";
import { isolationOf } from "../../../src/vscode/isolation.js";

test.each([
  ["auto", true, false, "thread"],
  ["auto", false, false, "process"],
  ["auto", true, true, "process"],
  [undefined, true, false, "thread"],
  ["nonsense", false, false, "process"],
  ["thread", false, true, "thread"],
  ["process", true, false, "process"],
] as const)("%s, trusted %s, crashed before %s: %s", (setting, trusted, crashed, expected) => {
  expect(isolationOf(setting, { trusted, crashed: () => crashed, mapped: () => false })).toBe(expected);
});

test("a model whose weights are read from disk while it runs is kept apart, unless the setting says otherwise", () => {
  const [trusted, crashed] = [true, (): boolean => false];
  expect(isolationOf("auto", { trusted, crashed, mapped: () => true })).toBe("process");
  expect(isolationOf("thread", { trusted, crashed, mapped: () => true })).toBe("thread");
});
