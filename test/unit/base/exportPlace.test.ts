import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { companionFolder, exportPlace } from "../../../src/base/exportPlace.js";

const root = resolve("workspace");

it("is told from its source and back", () => {
  for (const folder of ["", "models", join("models", "diabetes")]) {
    const place = exportPlace(root, join(root, folder, "network.py"), "0123456789ab");
    expect(place).toBe(join(root, ".explain", folder, "0123456789ab", "network.onnx"));
    expect(companionFolder(place)).toBe(join(root, folder));
  }
});

it("is beside a source that is outside the workspace", () => {
  const elsewhere = resolve("elsewhere");
  const place = exportPlace(root, join(elsewhere, "best.pt2"), "k");
  expect(place).toBe(join(elsewhere, ".explain", "k", "best.onnx"));
  expect(companionFolder(place)).toBe(elsewhere);
});

it("is the model's own folder for any other model", () => {
  expect(companionFolder(join(root, "models", "model.onnx"))).toBe(join(root, "models"));
  expect(companionFolder(join(root, ".explain", "model.onnx"))).toBe(join(root, ".explain"));
});
