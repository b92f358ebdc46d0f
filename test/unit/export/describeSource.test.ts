import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { describeSource, onlyEntry, requirePackages } from "../../../src/export/describeSource.js";
import { chooseInterpreter } from "../../../src/export/interpreter.js";
import { runPython } from "../../../src/export/runPython.js";
import { exportScript, makeBarePython } from "./barePython.js";

const bare = makeBarePython();
const folder = mkdtempSync(join(tmpdir(), "export-source-"));

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe.runIf(bare !== undefined)("a Python file, read by an interpreter without packages,", async () => {
  const python = bare === undefined ? "" : (await chooseInterpreter({ given: bare })).path;
  const run = { python, script: exportScript, log: () => undefined, signal: new AbortController().signal };

  it("shows its models: those that others are made of come last", async () => {
    const { entries = [], python: found } = await describeSource("python", resolve("examples/review-profile/network.py"), folder, run);
    expect(found.version).toMatch(/^3\.\d+/);
    expect(entries.map(({ name, inner, line }) => [name, inner, line])).toEqual([
      ["ReviewProfileNetwork", false, 32],
      ["TextEncoder", true, 6],
      ["ProfileEncoder", true, 20],
    ]);
    expect(onlyEntry(entries)?.name).toBe("ReviewProfileNetwork");
    expect(entries[0]?.parameters.slice(0, 4)).toEqual([
      { name: "vocabulary", required: true, annotation: "int" },
      { name: "mean", required: true, annotation: "torch.Tensor" },
      { name: "std", required: true, annotation: "torch.Tensor" },
      { name: "embedding", required: false, annotation: "int", default: "24" },
    ]);
  });

  it("shows functions that make a model, and models made at its top level; what is none is left out", async () => {
    const file = write(
      "made.py",
      [
        "from torch import nn",
        "from elsewhere import Base",
        "class Settings: ...",
        "class Net(Base):",
        "  def forward(self, x): return x",
        "class Other(nn.Module): ...",
        "def load_model(path='best.pt'): return Net()",
        "def build_net(width): return Net(width)",
        "def helper(): return 1",
        "net = Net()",
        "count = len([])",
        "raise SystemExit('nothing of the file is run')",
      ].join("\n"),
    );
    const { entries = [] } = await describeSource("python", file, folder, run);
    expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["function load_model", "instance net", "class Net", "class Other"]);
    expect(onlyEntry(entries)).toBeUndefined();
  });

  it("depends on the local files that it imports, directly or not", async () => {
    write("package/__init__.py", "");
    const blocks = write("package/blocks.py", "from .layers import norm\nimport os, torch");
    const layers = write("package/layers.py", "import numpy");
    const shared = write("shared.py", "");
    const file = write("package/net.py", "from . import blocks\nimport shared\nimport json");
    const { files } = await describeSource("python", file, folder, run);
    expect([...files].sort()).toEqual([file, blocks, layers, shared, join(folder, "package/__init__.py")].sort());
  });

  it("lacks packages: which, and how to install them there", async () => {
    const file = write("a.py", "");
    for (const [kind, names] of [
      ["python", "torch onnx onnxscript"],
      ["sklearn", "scikit-learn joblib skl2onnx onnx"],
      ["lightgbm", "lightgbm onnxmltools skl2onnx onnx"],
    ] as const) {
      const description = await describeSource(kind, file, folder, run);
      expect(() => requirePackages(description, python)).toThrow(
        expect.objectContaining({ diagnostic: expect.objectContaining({ hint: `Install them: "${python}" -m pip install ${names}` }) as unknown }),
      );
    }
  });

  it("that Python can't read is said to be so, with the line", async () => {
    const file = write("broken.py", "import torch\nclass Net(:\n");
    await expect(describeSource("python", file, folder, run)).rejects.toMatchObject({ diagnostic: { code: "EXPORT_FAILED", file, line: 2 } });
  });

  it("is not waited for after it was cancelled", async () => {
    const stop = new AbortController();
    const running = runPython({ ...run, folder, signal: stop.signal, script: write("sleep.py", "import time\ntime.sleep(600)"), request: {} });
    stop.abort();
    await expect(running).rejects.toMatchObject({ diagnostic: { code: "CANCELLED" } });
  });

  it("that ends Python ends in an error with its last words", async () => {
    const script = write("dies.py", "import sys, os\nprint('the disk is on fire', file=sys.stderr)\nsys.stderr.flush()\nos._exit(9)");
    await expect(runPython({ ...run, folder, script, request: {} })).rejects.toMatchObject({
      diagnostic: { code: "EXPORT_FAILED", message: "Python ended with exit code 9 without an answer.", hint: "It last printed: the disk is on fire" },
    });
  });
});
