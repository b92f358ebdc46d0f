import { expect, test } from "vitest";
import { parseRequest, savedRequest } from "../../../src/vscode/savedRequest.js";

const request = { model: "/m.onnx", samples: "/s.csv", rows: [4], method: "saliency", options: { tolerance: 0.01 }, measures: ["deletion"] };

test("a request is found in the state itself and in a state inside it", () => {
  expect(savedRequest({ phase: "done", request })).toEqual(request);
  expect(savedRequest({ scroll: 3, state: { phase: "done", request } })).toEqual(request);
});

test.each([
  undefined,
  null,
  {},
  { request: null },
  { request: { rows: [0] } },
  { request: { ...request, rows: ["0"] } },
  { request: { ...request, method: "guess" } },
  { request: { ...request, model: "" } },
])("%j holds none", (saved) => expect(savedRequest(saved)).toBeUndefined());

test("fields that no request has are dropped", () => expect(parseRequest({ ...request, shell: "rm" })).toEqual(request));
