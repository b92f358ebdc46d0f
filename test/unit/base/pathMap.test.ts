import { expect, test } from "vitest";
import { PathMap } from "../../../src/base/pathMap.js";

test("on Windows every spelling of a path is one key, listed as it was set first", () => {
  const map = new PathMap<number>("win32");
  map.set("C:\\data\\Model.onnx", 1);
  map.set("C:\\data\\other.onnx", 2);
  map.set("c:/data/model.onnx", 3);
  expect(map.get("C:\\DATA\\model.onnx")).toBe(3);
  expect(map.paths).toEqual(["C:\\data\\Model.onnx", "C:\\data\\other.onnx"]);
  expect(map.values).toEqual([3, 2]);
  expect(map.delete("c:\\data\\MODEL.onnx")).toBe(true);
  expect(map.delete("c:\\data\\MODEL.onnx")).toBe(false);
  expect(map.has("C:\\data\\Model.onnx")).toBe(false);
});

test("on Linux capitals tell files apart", () => {
  const map = new PathMap<number>("linux");
  map.set("/Model.onnx", 1);
  map.set("/model.onnx", 2);
  expect(map.paths).toHaveLength(2);
  expect(map.get("//model.onnx")).toBe(2);
});
