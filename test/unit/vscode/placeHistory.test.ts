import { expect, test } from "vitest";
import { PlaceHistory } from "../../../src/vscode/placeHistory.js";

test("back and forward as in a browser; going on forgets what was ahead", () => {
  const history = new PlaceHistory();
  history.go({ layer: "a" });
  history.go({ layer: "a", unit: "1" });
  history.go({ layer: "a", unit: "1" });
  expect(history.back()).toEqual({ layer: "a" });
  expect(history.back()).toEqual({});
  expect(history.back()).toBeUndefined();
  expect(history.forward()).toEqual({ layer: "a" });
  history.go({ layer: "b" });
  expect(history).toMatchObject({ here: { layer: "b" }, canGoBack: true, canGoForward: false });
  expect(history.forward()).toBeUndefined();
});

test("another sample leaves the unit and keeps the layer", () => {
  const history = new PlaceHistory();
  history.go({ layer: "a", unit: "1" });
  history.leaveUnit();
  expect(history.here).toEqual({ layer: "a" });
});
