import { expect, test } from "vitest";
import type { Inspection } from "../../../src/protocol/explanation.js";
import { baselineChoices } from "../../../src/viewmodel/names.js";

type Input = Inspection["inputs"][number];
const input = (type: Input["type"], role: Input["role"]): Input => ({ name: `${type} ${role}`, type, dims: [null, 1], role, evidence: "" });
const offered = (...inputs: readonly Input[]): readonly string[] => baselineChoices({ id: "", label: "default" }, inputs).map(({ id }) => id);

test("baselines are offered that have a meaning for one of the inputs", () => {
  expect(offered()).toEqual(["", "zero", "mean", "median"]);
  expect(offered(input("int64", "tokens"))).toEqual(["", "pad", "mask", "unk", "zero"]);
  expect(offered(input("string", "categories"))).toEqual(["", "mode", "empty"]);
  expect(offered(input("string", "categories"), input("float32", "features"))).toEqual(["", "zero", "mean", "median", "mode", "empty"]);
  expect(baselineChoices({ id: "row:3", label: "row 3" }).map(({ id }) => id)).toEqual(["row:3", "zero", "mean", "median"]);
});
