import { describe, expect, test } from "vitest";
import { findSources } from "../../../src/source/findSources.js";
import { network, search, shown, tracesOf, type Exported, type Layout } from "./layouts.js";

const linear = "torch.nn.modules.linear.Linear";
const relu = "torch.nn.modules.activation.ReLU";
const sequential = "torch.nn.modules.container.Sequential";

const plain = network("Net", ["self.linear1 = nn.Linear(4, 8)", "self.act = nn.ReLU()"], ["return self.act(self.linear1(x))"]);
const plainStack = [
  "/srv/someone/project/net.py:6:return self.act(self.linear1(x))",
  "/venv/site-packages/torch/nn/modules/linear.py:134:return F.linear(input)",
];
const plainNode: Exported = { scopes: [":net.Net", `linear1:${linear}`], stack: plainStack };
const found = { linear1: "net.py:3 < 6" };

const layouts: Readonly<Record<string, Layout>> = {
  "one class in one file": { exported: [plainNode], files: { "net.py": plain }, expected: found },
  "a package in src/": {
    exported: [{ scopes: [":app.models.net.Net", `linear1:${linear}`], stack: ["/build/app/models/net.py:6:return self.act(self.linear1(x))"] }],
    files: { "src/app/models/net.py": plain, "src/other/net.py": plain, "setup.py": "" },
    expected: { linear1: "src/app/models/net.py:3 < 6" },
  },
  "a class in a package's own file": {
    exported: [{ scopes: [":app.Net", `linear1:${linear}`], stack: ["/build/app/__init__.py:6:return self.act(self.linear1(x))"] }],
    files: { "lib/app/__init__.py": plain, "lib/other/__init__.py": plain },
    expected: { linear1: "lib/app/__init__.py:3 < 6" },
  },
  "Windows paths in the trace": {
    exported: [{ scopes: [":net.Net", `linear1:${linear}`], stack: ["C:\\Users\\someone\\work\\models\\net.py:6:return self.act(self.linear1(x))"] }],
    files: { "models/net.py": plain, "old/net.py": plain },
    expected: { linear1: "models/net.py:3 < 6" },
  },
  "a script that was run itself (__main__)": {
    exported: [{ scopes: [":__main__.Net", `linear1:${linear}`], stack: ["/srv/someone/train.py:6:return self.act(self.linear1(x))"] }],
    files: { "train.py": plain, "net.py": network("Net", ["self.linear1 = nn.Linear(1, 1)"], ["return x"]) },
    expected: { linear1: "train.py:3 < 6" },
  },
  "Windows line ends": { exported: [plainNode], files: { "net.py": plain.replaceAll("\n", "\r\n") }, expected: found },
  "lines were added above": { exported: [plainNode], files: { "net.py": `import torch\n\n${plain}` }, expected: { linear1: "net.py:5 < 8" } },
  "the file was moved": { exported: [plainNode], files: { "deep/inside/net.py": plain }, expected: { linear1: "deep/inside/net.py:3 < 6" } },
  "the file was renamed": { exported: [plainNode], files: { "network.py": plain, "other.py": "x = 1" }, expected: { linear1: "network.py:3 < 6" } },
  "renamed, and two classes have the name: no guess": { exported: [plainNode], files: { "a.py": plain, "b.py": plain }, expected: {} },
  "two classes of one name in two files": {
    exported: [{ scopes: [":b.net.Net", `linear1:${linear}`], stack: ["/x/b/net.py:6:return self.act(self.linear1(x))"] }],
    files: { "a/net.py": plain, "b/net.py": plain },
    expected: { linear1: "b/net.py:3 < 6" },
  },
  "two files of one name: the one with the quoted text": {
    exported: [plainNode],
    files: { "a/net.py": network("Net", ["self.linear1 = nn.Linear(1, 2)"], ["return self.linear1(x).tanh()"]), "b/net.py": plain },
    expected: { linear1: "b/net.py:3 < 6" },
  },
  "two equal files: the one beside the model": {
    exported: [plainNode],
    files: { "a/net.py": plain, "b/net.py": plain },
    near: "b",
    expected: { linear1: "b/net.py:3 < 6" },
  },
  "a class that is written twice in one file: the later one counts": {
    exported: [{ scopes: [":net.Net", `linear1:${linear}`], stack: ["/x/net.py:99:gone"] }],
    files: { "net.py": `${plain}${plain}` },
    expected: { linear1: "net.py:9 < 12 ≠" },
  },
  "a class inside another": {
    exported: [{ scopes: [":net.Net.Head", `out:${linear}`], stack: ["/x/net.py:9:return self.out(x)"] }],
    files: {
      "net.py": [
        "class Head(nn.Module):",
        "    out = None",
        "class Net(nn.Module):",
        "    class Head(nn.Module):",
        "        def __init__(self):",
        "            super().__init__()",
        "            self.out = nn.Linear(2, 1)",
        "        def forward(self, x):",
        "            return self.out(x)",
      ].join("\n"),
    },
    expected: { out: "net.py:7 < 9" },
  },
  "a class inside a function": {
    exported: [{ scopes: [":net.make.<locals>.Net", `linear1:${linear}`], stack: ["/x/net.py:7:return self.act(self.linear1(x))"] }],
    files: { "net.py": `def make():\n${plain.replaceAll(/^(?=.)/gm, "    ")}` },
    expected: { linear1: "net.py:4 < 7" },
  },
  "nested modules": {
    exported: [
      {
        scopes: [":net.Net", "encoder:net.Encoder", `encoder.proj:${linear}`],
        stack: ["/x/net.py:10:return self.encoder(x)", "/x/net.py:5:return self.proj(x)"],
      },
    ],
    files: {
      "net.py":
        network("Encoder", ["self.proj = nn.Linear(2, 2)"], ["return self.proj(x)"]) + network("Net", ["self.encoder = Encoder()"], ["return self.encoder(x)"]),
    },
    expected: { encoder: "net.py:8 < 10", "encoder.proj": "net.py:3 < 5" },
  },
  "a helper method that the trace hides": {
    exported: [{ scopes: [":net.Net", `linear1:${linear}`], stack: ["/x/net.py:7:return self.logits(x)"] }],
    files: {
      "net.py": [
        "class Net(nn.Module):",
        "    def __init__(self):",
        "        self.linear1 = nn.Linear(4, 8)",
        "    def logits(self, x):",
        "        return self.linear1(x)",
        "    def forward(self, x):",
        "        return self.logits(x)",
      ].join("\n"),
    },
    expected: { linear1: "net.py:3 < 5" },
  },
  "an attribute of a base class in the same file": {
    exported: [{ scopes: [":net.Net", `linear1:${linear}`], stack: ["/x/net.py:10:return self.linear1(x)"] }],
    files: {
      "net.py":
        network("Base", ["self.linear1 = nn.Linear(4, 8)"], ["raise NotImplementedError"]) +
        network("Net", ["super().__init__()"], ["return self.linear1(x)"], "Base"),
    },
    expected: { linear1: "net.py:3 < 10" },
  },
  "an attribute of a base class in another file": {
    exported: [{ scopes: [":pkg.net.Net", `linear1:${linear}`], stack: ["/x/pkg/net.py:6:return self.linear1(x)"] }],
    files: {
      "pkg/base.py": network("Base", ["self.linear1 = nn.Linear(4, 8)"], ["raise NotImplementedError"]),
      "old/base.py": network("Base", ["pass", "self.linear1 = nn.Linear(4, 8)"], ["raise NotImplementedError"]),
      "pkg/net.py": `from pkg.base import Base\n${network("Net", ["super().__init__()"], ["return self.linear1(x)"], "Base")}`,
    },
    expected: { linear1: "pkg/base.py:3 < pkg/net.py:6" },
  },
  "an overridden attribute: the subclass's": {
    exported: [{ scopes: [":net.Net", `linear1:${linear}`], stack: ["/x/net.py:5:return self.linear1(x)"] }],
    files: {
      "net.py":
        network("Base", ["self.linear1 = nn.Linear(4, 8)"], ["return self.linear1(x)"]) +
        network("Net", ["self.linear1 = nn.Linear(4, 16)"], ["return super().forward(x)"], "Base"),
    },
    expected: { linear1: "net.py:8 < 5" },
  },
  "a base class from a library: nothing is said about what it makes": {
    exported: [{ scopes: [":net.Net", `fc:${linear}`], stack: ["/x/net.py:5:return super().forward(x)"] }],
    files: { "net.py": network("Net", ["self.own = 1"], ["return super().forward(x)"], "torchvision.models.ResNet") },
    expected: {},
  },
  "items of a Sequential over several lines": {
    exported: [{ scopes: [":net.Net", `body:${sequential}`, `body.1:${relu}`], stack: ["/x/net.py:8:return self.body(x)"] }],
    files: {
      "net.py": network("Net", ["self.body = nn.Sequential(", "    nn.Linear(4, 8),  # first, of two", "    nn.ReLU(),", ")"], ["return self.body(x)"]),
    },
    expected: { body: "net.py:3 < 8", "body.1": "net.py:5 < 8" },
  },
  "a Sequential that is the model, with one inside": {
    exported: [
      { scopes: [`:${sequential}`, `0:${linear}`] },
      { scopes: [`:${sequential}`, `1:${sequential}`, `1.0:${relu}`] },
      { scopes: [`:${sequential}`, `1:${sequential}`, `1.1:${linear}`] },
    ],
    files: {
      "train.py":
        "from torch import nn\n\nother = nn.Sequential(nn.ReLU())\nmodel = nn.Sequential(\n    nn.Linear(4, 8),\n    nn.Sequential(nn.ReLU(), nn.Linear(8, 2)),\n)\n",
      "net.py": network("Net", ["self.body = nn.Sequential(nn.Linear(4, 8), nn.Sequential())"], ["return self.body(x)"]),
    },
    expected: { "0": "train.py:5", "1": "train.py:6", "1.0": "train.py:6", "1.1": "train.py:6" },
  },
  "a Sequential that a function returns, with a class of its own": {
    exported: [
      { scopes: [`:${sequential}`, `0:${linear}`] },
      { scopes: [`:${sequential}`, "1:net.Head", `1.out:${linear}`], stack: ["/x/net.py:6:return self.out(x)"] },
    ],
    files: {
      "net.py": `${network("Head", ["self.out = nn.Linear(8, 2)"], ["return self.out(x)"])}\ndef make():\n    return nn.Sequential(nn.Linear(4, 8), Head())\n`,
    },
    expected: { "0": "net.py:8", "1": "net.py:8", "1.out": "net.py:3 < 5" },
  },
  "two Sequentials that could be the model: no guess": {
    exported: [{ scopes: [`:${sequential}`, `0:${linear}`] }],
    files: { "a.py": "model = nn.Sequential(nn.Linear(4, 8))\n", "b.py": "model = nn.Sequential(nn.Linear(4, 8))\n" },
    expected: {},
  },
  "a Sequential on one line": {
    exported: [{ scopes: [":net.Net", `body:${sequential}`, `body.1:${relu}`], stack: ["/x/net.py:5:return self.body(x)"] }],
    files: { "net.py": network("Net", ["self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU())"], ["return self.body(x)"]) },
    expected: { body: "net.py:3 < 5", "body.1": "net.py:3 < 5" },
  },
  "a Sequential in a Sequential": {
    exported: [{ scopes: [":net.Net", `body:${sequential}`, `body.0:${sequential}`, `body.0.1:${relu}`], stack: ["/x/net.py:10:return self.body(x)"] }],
    files: {
      "net.py": network(
        "Net",
        ["self.body = nn.Sequential(", "    nn.Sequential(", "        nn.Linear(4, 8),", "        nn.ReLU(),", "    ),", ")"],
        ["return self.body(x)"],
      ),
    },
    expected: { body: "net.py:3 < 10", "body.0": "net.py:4 < 10", "body.0.1": "net.py:6 < 10" },
  },
  "a Sequential of an OrderedDict": {
    exported: [{ scopes: [":net.Net", `body:${sequential}`, `body.second:${relu}`], stack: ["/x/net.py:8:return self.body(x)"] }],
    files: {
      "net.py": network(
        "Net",
        ["self.body = nn.Sequential(OrderedDict([", '    ("first", nn.Linear(4, 8)),', '    ("second", nn.ReLU()),', "]))"],
        ["return self.body(x)"],
      ),
    },
    expected: { body: "net.py:3 < 8", "body.second": "net.py:5 < 8" },
  },
  "a Sequential of a list that was put together elsewhere: the container's line": {
    exported: [{ scopes: [":net.Net", `body:${sequential}`, `body.3:${relu}`], stack: ["/x/net.py:6:return self.body(x)"] }],
    files: { "net.py": network("Net", ["layers = make()", "self.body = nn.Sequential(*layers)"], ["return self.body(x)"]) },
    expected: { body: "net.py:4 < 6", "body.3": "net.py:4 < 6" },
  },
  "a Sequential made by a method": {
    exported: [
      {
        scopes: [":net.Net", `layer1:${sequential}`, "layer1.0:net.Block", `layer1.0.conv:${linear}`],
        stack: ["/x/net.py:12:return self.layer1(x)", "/x/net.py:5:return self.conv(x)"],
      },
    ],
    files: {
      "net.py":
        network("Block", ["self.conv = nn.Linear(2, 2)"], ["return self.conv(x)"]) +
        network("Net", ["self.layer1 = self._make_layer(2)", "self.other = 1", "self.more = 2"], ["return self.layer1(x)"]),
    },
    expected: { layer1: "net.py:8 < 12", "layer1.0": "net.py:8 < 12", "layer1.0.conv": "net.py:3 < 5" },
  },
  "a ModuleList of a comprehension, called through a variable": {
    exported: [
      { scopes: [":net.Net", "layers.3:net.Block", `layers.3.norm:${linear}`], stack: ["/x/net.py:11:x = layer(x)", "/x/net.py:5:return self.norm(x)"] },
    ],
    files: {
      "net.py":
        network("Block", ["self.norm = nn.Linear(2, 2)"], ["return self.norm(x)"]) +
        network("Net", ["self.layers = nn.ModuleList([Block() for _ in range(6)])"], ["for layer in self.layers:", "    x = layer(x)", "return x"]),
    },
    expected: { "layers.3": "net.py:8 < 11", "layers.3.norm": "net.py:3 < 5" },
  },
  "a ModuleList of a literal list, called by index": {
    exported: [{ scopes: [":net.Net", `steps.1:${relu}`], stack: ["/x/net.py:7:return self.steps[1](self.steps[0](x))"] }],
    files: { "net.py": network("Net", ["self.steps = nn.ModuleList([", "    nn.Linear(2, 2), nn.ReLU()", "])"], ["return self.steps[1](self.steps[0](x))"]) },
    expected: { "steps.1": "net.py:4 < 7" },
  },
  "a ModuleList that is appended to": {
    exported: [{ scopes: [":net.Net", `steps.2:${relu}`], stack: ["/x/net.py:7:x = step(x)"] }],
    files: {
      "net.py": network(
        "Net",
        ["self.steps = nn.ModuleList()", "for _ in range(3): self.steps.append(nn.ReLU())"],
        ["for step in self.steps:", "    x = step(x)"],
      ),
    },
    expected: { "steps.2": "net.py:4 < 7" },
  },
  "a ModuleDict": {
    exported: [{ scopes: [":net.Net", `heads.left:${linear}`], stack: ['/x/net.py:8:return self.heads["left"](x)'] }],
    files: {
      "net.py": network(
        "Net",
        ["self.heads = nn.ModuleDict({", '    "right": nn.Linear(2, 1),', '    "left": nn.Linear(2, 1),', "})"],
        ['return self.heads["left"](x)'],
      ),
    },
    expected: { "heads.left": "net.py:5 < 8" },
  },
  "a layer of a module that is not called itself": {
    exported: [{ scopes: [":net.Net", `encoder.proj:${linear}`], stack: ["/x/net.py:10:return self.encoder.proj(x)"] }],
    files: {
      "net.py":
        network("Encoder", ["self.proj = nn.Linear(2, 2)"], ["return self.proj(x)"]) +
        network("Net", ["self.encoder = Encoder()"], ["return self.encoder.proj(x)"]),
    },
    expected: { "encoder.proj": "net.py:3 < 10" },
  },
  "add_module and setattr": {
    exported: [
      { scopes: [":net.Net", `one:${linear}`], stack: ["/x/net.py:6:return self.two(self.one(x))"] },
      { scopes: [":net.Net", `two:${linear}`], stack: ["/x/net.py:6:return self.two(self.one(x))"] },
    ],
    files: { "net.py": network("Net", ['self.add_module("one", nn.Linear(2, 2))', 'setattr(self, "two", nn.Linear(2, 2))'], ["return self.two(self.one(x))"]) },
    expected: { one: "net.py:3 < 6", two: "net.py:4 < 6" },
  },
  "an annotation, a tuple, a wrapped line, a condition": {
    exported: ["one", "two", "three", "act"].map((path) => ({
      scopes: [":net.Net", `${path}:${path === "act" ? relu : linear}`],
      stack: ["/x/net.py:13:return self.act(self.three(self.two(self.one(x))))"],
    })),
    files: {
      "net.py": network(
        "Net",
        [
          "self.one: nn.Linear = nn.Linear(2, 2)",
          "self.zero, self.two = 0, nn.Linear(2, 2)",
          "self.three = (",
          "    nn.Linear(2, 2)",
          ")",
          "if smooth:",
          "    self.act = nn.GELU()",
          "else:",
          "    self.act = nn.ReLU()",
        ],
        ["return self.act(self.three(self.two(self.one(x))))"],
      ),
    },
    expected: { one: "net.py:3 < 13", two: "net.py:4 < 13", three: "net.py:5 < 13", act: "net.py:11 < 13" },
  },
  "words in comments and docstrings are no code": {
    exported: [{ scopes: [":net.Net", `linear1:${linear}`], stack: ["/x/net.py:10:return self.linear1(x)"] }],
    files: {
      "net.py": [
        '"""',
        "class Net(nn.Module):",
        "    self.linear1 = 1",
        '"""',
        "class Net(nn.Module):",
        "    def __init__(self):",
        "        # self.linear1 = nn.Linear(1, 1)",
        "        self.linear1 = nn.Linear(4, 8)",
        "    def forward(self, x):",
        "        return self.linear1(x)",
      ].join("\n"),
    },
    expected: { linear1: "net.py:8 < 10" },
  },
  "the layer was renamed": {
    exported: [plainNode],
    files: { "net.py": plain.replaceAll("linear1", "first") },
    expected: { linear1: "net.py:? ≠" },
  },
  "the calling line was edited": {
    exported: [plainNode],
    files: { "net.py": plain.replace("self.act(self.linear1(x))", "self.act(self.linear1(x * 2))") },
    expected: { linear1: "net.py:3 < 6 ≠" },
  },
  "the layer is of another class now": {
    exported: [{ scopes: [":net.Net", `act:${relu}`], stack: plainStack }],
    files: { "net.py": plain.replace("nn.ReLU()", "nn.GELU()") },
    expected: { act: "net.py:4 < 6 ≠" },
  },
  "an item of a Sequential is of another class now": {
    exported: [{ scopes: [":net.Net", `body:${sequential}`, `body.1:${relu}`], stack: ["/x/net.py:5:return self.body(x)"] }],
    files: { "net.py": network("Net", ["self.body = nn.Sequential(nn.Linear(4, 8), nn.GELU())"], ["return self.body(x)"]) },
    expected: { body: "net.py:3 < 5", "body.1": "net.py:3 < 5 ≠" },
  },
  "no source at all": { exported: [plainNode], files: {}, expected: {} },
};

describe("a model's layers in Python source", () => {
  test.each(Object.entries(layouts))("%s", async (_, { exported, files, near, expected }) => {
    const sources = await search(exported, files, near);
    const all = shown(sources);
    expect(Object.fromEntries(Object.entries(all).filter(([path]) => path in expected || Object.keys(expected).length === 0))).toEqual(expected);
  });
});

test("the model's class is named with its line", async () => {
  expect((await search([plainNode], { "net.py": `import torch\n${plain}` })).model).toEqual({ file: "net.py", line: 2, name: "Net", arguments: [] });
});

test("files that no trace hints at are read only when something is missing", async () => {
  const read: string[] = [];
  const files: Record<string, string> = { "net.py": plain, "unrelated.py": "x = 1" };
  await findSources(tracesOf([plainNode]), {
    list: () => Promise.resolve(Object.keys(files)),
    read: (file) => (read.push(file), Promise.resolve(files[file])),
  });
  expect(read).toEqual(["net.py"]);
});
