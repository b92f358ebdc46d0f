import { describe, expect, test } from "vitest";
import { network, search, shown, type Layout } from "./layouts.js";

const layouts: Readonly<Record<string, Layout>> = {
  "older torch: a path through classes and lists": {
    exported: ["/embed/Gather", "/encoder/layer.3/attention/MatMul", "/pooler/Gemm"],
    files: {
      "bert.py":
        network("Layer", ["self.attention = Attention()"], ["return self.attention(x)"]) +
        network("Encoder", ["self.layer = nn.ModuleList([Layer() for _ in range(6)])"], ["for layer in self.layer:", "    x = layer(x)"]) +
        network(
          "Bert",
          ["self.embed = nn.Embedding(9, 9)", "self.encoder = Encoder()", "self.pooler = nn.Linear(9, 9)"],
          ["return self.pooler(self.encoder(self.embed(x)))"],
        ),
    },
    expected: {
      embed: "bert.py:14 < 18",
      encoder: "bert.py:15 < 18",
      "encoder.layer.3": "bert.py:8 < 11",
      "encoder.layer.3.attention": "bert.py:3 < 5",
      pooler: "bert.py:16 < 18",
    },
  },
  "older torch: a member of a ModuleDict is named without it": {
    exported: ["/stem/Gemm", "/body/Gemm", "/left/Gemm"],
    files: {
      "net.py": network(
        "Net",
        ["self.stem = nn.Linear(2, 2)", "self.body = nn.Linear(2, 2)", "self.heads = nn.ModuleDict({", '    "left": nn.Linear(2, 1),', "})"],
        ['return self.heads["left"](self.body(self.stem(x)))'],
      ),
    },
    expected: { stem: "net.py:3 < 9", body: "net.py:4 < 9", left: "net.py:6 < 9" },
  },
  "older torch: a class that has few of the names is not the model": {
    exported: ["/a/Gemm", "/b/Gemm", "/c/Gemm"],
    files: { "net.py": network("Net", ["self.a = nn.Linear(2, 2)"], ["return self.a(x)"]) },
    expected: {},
  },
  "older torch: two classes fit, so none is named": {
    exported: ["/fc1/Gemm"],
    files: { "a.py": network("A", ["self.fc1 = nn.Linear(1, 1)"], ["return x"]), "b.py": network("B", ["self.fc1 = nn.Linear(1, 1)"], ["return x"]) },
    expected: {},
  },
  "Keras: names that were given": {
    exported: ["model/hidden/MatMul", "model/result/MatMul"],
    files: { "train.py": 'from tensorflow import keras\nx = keras.layers.Dense(12, name="hidden")(x)\nx = keras.layers.Dense(2, name="result")(x)\n' },
    expected: { "model.hidden": "train.py:2", "model.result": "train.py:3" },
  },
  "Keras: names that were counted": {
    exported: ["sequential/dense/MatMul", "sequential/dense_1/MatMul", "sequential/dropout/Mul"],
    files: { "train.py": "import tensorflow as tf\nmodel = tf.keras.Sequential([\n  Dense(12),\n  Dropout(0.5),\n  Dense(2),\n])\n" },
    expected: { sequential: "train.py:2", "sequential.dense": "train.py:3", "sequential.dense_1": "train.py:5", "sequential.dropout": "train.py:4" },
  },
};

describe("layers of exporters that wrote paths but no classes", () => {
  test.each(Object.entries(layouts))("%s", async (_, { exported, files, near, expected }) => {
    expect(shown(await search(exported, files, near))).toEqual(expected);
  });
});
