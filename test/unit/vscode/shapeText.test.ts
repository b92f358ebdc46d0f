import { expect, it } from "vitest";
import { parseShape } from "../../../src/vscode/python/shapeText.js";

it("reads sizes as people write them", () => {
  expect(parseShape("8")).toEqual({ dims: [8] });
  expect(parseShape(" 3, 224,224 ")).toEqual({ dims: [3, 224, 224] });
  expect(parseShape("3 x 8×8")).toEqual({ dims: [3, 8, 8] });
  expect(parseShape("20 int64")).toEqual({ dims: [20], dtype: "int64" });
  expect(parseShape("1:float32")).toEqual({ dims: [1], dtype: "float32" });
  expect(parseShape("")).toEqual({ dims: [] });
});

it("takes nothing else for sizes", () => {
  for (const text of ["eight", "3,", "0", "-1", "8; import os", "1e9", "999999999", "8 complex64"]) expect(parseShape(text), text).toBeUndefined();
});
