import { expect, test } from "vitest";
import { isWithin, pathKey, samePath } from "../../../src/base/samePath.js";

test.each([
  ["win32", "C:\\data\\model.onnx", "c:\\data\\model.onnx"],
  ["win32", "C:\\data\\Model.ONNX", "c:/data/model.onnx"],
  ["win32", "c:\\data\\a\\..\\model.onnx", "C:\\data\\model.onnx"],
  ["win32", "\\\\Server\\share\\model.onnx", "//server/share/model.onnx"],
  ["win32", "c:\\data\\", "C:\\data"],
  ["darwin", "/Users/a/Model.onnx", "/users/a/model.onnx"],
  ["darwin", "/a/caf\u00e9.onnx", "/a/cafe\u0301.onnx"],
  ["linux", "/a//b/./model.onnx", "/a/b/model.onnx"],
  ["linux", "/a/", "/a"],
])("on %s %s and %s are one file", (platform, a, b) => {
  expect(samePath(a, b, platform)).toBe(true);
  expect(pathKey(a, platform)).toBe(pathKey(b, platform));
});

test.each([
  ["win32", "C:\\data\\model.onnx", "D:\\data\\model.onnx"],
  ["win32", "C:\\data\\model.onnx", "C:\\data\\model.onnx.bak"],
  ["linux", "/a/Model.onnx", "/a/model.onnx"],
  ["linux", "/a/caf\u00e9.onnx", "/a/cafe\u0301.onnx"],
  ["linux", "/a/b\\c", "/a/b/c"],
])("on %s %s and %s are two", (platform, a, b) => {
  expect(samePath(a, b, platform)).toBe(false);
});

test.each([
  ["win32", "C:\\data", "c:\\DATA\\a\\b.csv", true],
  ["win32", "C:\\data", "C:\\data", true],
  ["win32", "C:\\data", "C:\\data\\..b.csv", true],
  ["win32", "C:\\data", "C:\\dataing\\b.csv", false],
  ["win32", "C:\\data", "D:\\data\\b.csv", false],
  ["win32", "C:\\data", "C:\\data\\..\\b.csv", false],
  ["win32", "C:\\", "c:\\b.csv", true],
  ["win32", "\\\\server\\share", "\\\\server\\other\\b.csv", false],
  ["linux", "/data", "/data/..b/c", true],
  ["linux", "/data", "/Data/b", false],
  ["linux", "/", "/b", true],
  ["darwin", "/Data", "/data/b", true],
])("on %s, is in %s what is at %s? %s", (platform, folder, path, inside) => {
  expect(isWithin(folder, path, platform)).toBe(inside);
});
