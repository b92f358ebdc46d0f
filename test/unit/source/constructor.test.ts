import { expect, test } from "vitest";
import { requiredArguments } from "../../../src/source/constructor.js";
import { classesOf } from "../../../src/source/pythonClass.js";
import { pythonFile } from "../../../src/source/pythonFile.js";

const needed = (text: string): (readonly [string, string])[] => {
  const [first] = classesOf(pythonFile("net.py", text));
  return first === undefined ? [] : requiredArguments(first).map(({ name, annotation }) => [name, annotation] as const);
};

test.each<[string, string, (readonly [string, string])[]]>([
  ["no constructor", "class Net(Module):\n    def forward(self, x): pass\n", []],
  ["self alone", "class Net:\n    def __init__(self):\n        pass\n", []],
  [
    "annotated, with defaults left out",
    'class Net:\n    def __init__(self, size: int, mean: "torch.Tensor", hidden: int = 3, *, rate=0.1, **rest) -> None:\n        pass\n',
    [
      ["size", "int"],
      ["mean", "torch.Tensor"],
    ],
  ],
  [
    "over several lines, with brackets and comments",
    "class Net:\n    def __init__(\n        self,\n        sizes: Dict[str, int],  # one, two\n        plain,\n        *args,\n    ):\n        pass\n",
    [
      ["sizes", "Dict[str, int]"],
      ["plain", ""],
    ],
  ],
  ["another class's constructor", "class Net:\n    x = 1\n\nclass Other:\n    def __init__(self, a): pass\n", []],
])("%s", (_, text, expected) => {
  expect(needed(text)).toEqual(expected);
});
