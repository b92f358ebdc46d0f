import { expect, test } from "vitest";
import { inputsThatTakeMissing } from "../../../src/explain/takesMissing.js";
import type { Attribute, Node } from "../../../src/graph/ir.js";
import { float32, graphOf, op } from "../graph/build.js";

const ml = (name: string, inputs: string[], outputs: string[], attributes: Record<string, Attribute> = {}): Node =>
  op(name, inputs, outputs, attributes, "ai.onnx.ml");
const replaces = (value: number): Record<string, Attribute> => ({ replaced_value_float: { kind: "float", value } });

test.each<readonly [string, readonly Node[], readonly string[]]>([
  ["trees read them", [ml("TreeEnsembleRegressor", ["a"], ["y"]), op("Add", ["b", "b"], ["z"])], ["a"]],
  [
    "trees read them joined and scaled",
    [op("Concat", ["a", "b"], ["c"]), ml("Scaler", ["c"], ["d"]), ml("TreeEnsembleClassifier", ["d"], ["l", "y"])],
    ["a", "b"],
  ],
  ["something else reads them too", [ml("TreeEnsembleRegressor", ["a"], ["y"]), op("Add", ["a", "b"], ["z"])], []],
  ["they are an output", [op("Identity", ["a"], ["y"]), op("Relu", ["b"], ["z"])], []],
  ["they are replaced", [ml("Imputer", ["a"], ["c"], replaces(NaN)), op("Relu", ["c"], ["y"])], ["a"]],
  ["another number is replaced", [ml("Imputer", ["a"], ["c"], replaces(-1)), op("Relu", ["c"], ["y"])], []],
  ["nothing reads them", [op("Relu", ["b"], ["y"])], []],
])("missing values are taken where they are defined: %s", (_, nodes, names) => {
  const graph = graphOf({ inputs: { a: float32([1, 2]), b: float32([1, 2]) }, nodes: [...nodes], outputs: ["y"] });
  expect([...inputsThatTakeMissing(graph)]).toEqual(names);
});
