import { expect, it } from "vitest";
import { closest } from "../../../src/base/closest.js";

it.each([
  ["integratedgradient", "integratedGradients"],
  ["salency", "saliency"],
  ["nonsense", undefined],
  ["", undefined],
])("%s → %s", (text, expected) => {
  expect(closest(text, ["integratedGradients", "saliency", "layerActivation"])).toBe(expected);
});
