import { expect, test } from "vitest";
import { PathMap } from "../../../src/base/pathMap.js";

test("on Windows every spelling of a path is one key, listed as it was set first", () => {
  const map = new PathMap<number>("win32");
  map.set("C:\\work\\Model.onnx", 1);
  map.set("C:\\work\\other.onnx", 2);
  map.set("c:/work/model.onnx", 3);
  expect(map.get("C:\\WORK\\model.onnx")).toBe(3);
  expect(map.paths).toEqual(["C:\\work\\Model.onnx", "C:\\work\\other.onnx"]);
  expect(map.values).toEqual([3, 2]);
  expect(map.delete("c:\\work\\MODEL.onnx")).toBe(true);
  expect(map.delete("c:\\work\\MODEL.onnx")).toBe(false);
  expect(map.has("C:\\work\\Model.onnx")).toBe(false);
});

test("on Linux capitals tell files apart", () => {
  const map = new PathMap<number>("linux");
  map.set("/Model.onnx", 1);
  map.set("/model.onnx", 2);
  expect(map.paths).toHaveLength(2);
  expect(map.get("//model.onnx")).toBe(2);
});
