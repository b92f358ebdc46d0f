import { expect, test } from "vitest";
import type { Inspection } from "../../../src/protocol/explanation.js";
import { checkTyped, typedToRequest } from "../../../src/vscode/typedValue.js";

type Input = Inspection["inputs"][number];
const input = (fields: Partial<Input>): Input => ({ name: "x", type: "float32", dims: ["batch", 3], role: "features", evidence: "", ...fields });

test.each(["1, 2, 3", "1 2 3", "[1,2,3]", "1;2\t3", " 1,\n2,3 "])("%j is three numbers", (text) => {
  expect(checkTyped(input({}), text)).toEqual({ kind: "fine" });
  expect(typedToRequest(input({}), text)).toBe("[1,2,3]");
});

test("a wrong count, an empty text and words are told apart", () => {
  expect(checkTyped(input({}), "1, 2")).toEqual({ kind: "count", found: 2, wanted: 3 });
  expect(checkTyped(input({}), "  ")).toEqual({ kind: "empty" });
  expect(checkTyped(input({}), "1, two, 3")).toEqual({ kind: "notNumbers" });
});

test("an input of open length takes any count; one element alone is a plain number", () => {
  expect(checkTyped(input({ dims: ["batch", "n"] }), "1 2")).toEqual({ kind: "fine" });
  expect(typedToRequest(input({ dims: ["batch", 1] }), "2.5")).toBe("2.5");
  expect(typedToRequest(input({ dims: ["batch", "n"] }), "2.5")).toBe("[2.5]");
});

test("text for tokens and files stay as they are", () => {
  expect(typedToRequest(input({ role: "tokens", type: "int64" }), " so, so good ")).toBe("so, so good");
  expect(checkTyped(input({}), "@row.json")).toEqual({ kind: "fine" });
});
