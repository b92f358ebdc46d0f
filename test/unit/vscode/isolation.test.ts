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
  expect(isolationOf(setting, { trusted, crashed: () => crashed })).toBe(expected);
});
