import { expect, test } from "vitest";
import { isWithin, pathKey, samePath } from "../../../src/base/samePath.js";

test.each([
  ["win32", "C:\\work\\model.onnx", "c:\\work\\model.onnx"],
  ["win32", "C:\\work\\Model.ONNX", "c:/work/model.onnx"],
  ["win32", "c:\\work\\a\\..\\model.onnx", "C:\\work\\model.onnx"],
  ["win32", "\\\\Server\\share\\model.onnx", "//server/share/model.onnx"],
  ["win32", "c:\\work\\", "C:\\work"],
  ["darwin", "/Users/a/Model.onnx", "/users/a/model.onnx"],
  ["darwin", "/a/caf\u00e9.onnx", "/a/cafe\u0301.onnx"],
  ["linux", "/a//b/./model.onnx", "/a/b/model.onnx"],
  ["linux", "/a/", "/a"],
])("on %s %s and %s are one file", (platform, a, b) => {
  expect(samePath(a, b, platform)).toBe(true);
  expect(pathKey(a, platform)).toBe(pathKey(b, platform));
});

test.each([
  ["win32", "C:\\work\\model.onnx", "D:\\work\\model.onnx"],
  ["win32", "C:\\work\\model.onnx", "C:\\work\\model.onnx.bak"],
  ["linux", "/a/Model.onnx", "/a/model.onnx"],
  ["linux", "/a/caf\u00e9.onnx", "/a/cafe\u0301.onnx"],
  ["linux", "/a/b\\c", "/a/b/c"],
])("on %s %s and %s are two", (platform, a, b) => {
  expect(samePath(a, b, platform)).toBe(false);
});

test.each([
  ["win32", "C:\\work", "c:\\WORK\\a\\b.csv", true],
  ["win32", "C:\\work", "C:\\work", true],
  ["win32", "C:\\work", "C:\\work\\..b.csv", true],
  ["win32", "C:\\work", "C:\\working\\b.csv", false],
  ["win32", "C:\\work", "D:\\work\\b.csv", false],
  ["win32", "C:\\work", "C:\\work\\..\\b.csv", false],
  ["win32", "C:\\", "c:\\b.csv", true],
  ["win32", "\\\\server\\share", "\\\\server\\other\\b.csv", false],
  ["linux", "/work", "/work/..b/c", true],
  ["linux", "/work", "/Work/b", false],
  ["linux", "/", "/b", true],
  ["darwin", "/Work", "/work/b", true],
])("on %s, is in %s what is at %s? %s", (platform, folder, path, inside) => {
  expect(isWithin(folder, path, platform)).toBe(inside);
});
