import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../../src/base/diagnostic.js";
import { exportFailure, missingPackages, type Failure } from "../../../src/export/exportFailure.js";

const folder = "media/python/explain_export";
const script = [join("media/python/export.py"), ...readdirSync(folder).map((name) => join(folder, name))]
  .filter((file) => file.endsWith(".py"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");
const kinds = [...new Set([...script.matchAll(/(?:Failure|failure_of)\(\s*"(\w+)"|"kind": "(\w+)"/g)].map(([, made, written]) => made ?? written ?? ""))]
  .filter((kind) => !["class", "function", "instance"].includes(kind))
  .sort();

const text = (failure: Failure): string => formatDiagnostic(exportFailure(failure, "/opt/py/bin/python").diagnostic);

describe("words for a failure", () => {
  it("are there for every way in which the script fails", () => {
    expect(kinds.length).toBeGreaterThan(25);
    const unknown = text({ kind: "no such kind" });
    expect(kinds.filter((kind) => kind !== "unexpected" && text({ kind }) === unknown)).toEqual([]);
  });

  it("are whole sentences even when nothing more is known", () => {
    for (const kind of kinds) expect(text({ kind }), kind).not.toMatch(/undefined|null|\[object|NaN| {2}/);
  });

  it("give the exporter's reason and the person's own line, and no stack", () => {
    const failure: Failure = {
      kind: "exportFailed",
      reason: "Could not guard on data-dependent expression Eq(u0, 1)",
      type: "GuardOnDataDependentSymNode",
      file: "/models/network.py",
      line: 9,
      text: "if x.sum() > 0:",
    };
    expect(exportFailure(failure, "python3").diagnostic).toMatchObject({ code: "EXPORT_FAILED", file: "/models/network.py", line: 9 });
    expect(text(failure)).toContain("Could not guard on data-dependent expression Eq(u0, 1)\nin: if x.sum() > 0:");
  });

  it("suggest the name that was meant", () => {
    expect(text({ kind: "unknownName", name: "Netwrk", known: ["Network", "Encoder"], subject: "/m/net.py" })).toMatch(
      /net\.py has no class, function or model named "Netwrk"\.\nDid you mean "Network"\?/,
    );
  });

  it("say what to give with weights alone", () => {
    expect(text({ kind: "weightsOnly", subject: "/m/best.pt", count: 8 })).toContain("explain-prediction export network.py --weights best.pt");
  });

  it("name both versions of scikit-learn", () => {
    expect(text({ kind: "notUnpickled", subject: "/m/p.joblib", reason: "no attribute", saved: "1.1.2", here: "1.9.1" })).toMatch(
      /saved with scikit-learn 1\.1\.2; this Python has 1\.9\.1\.\nChoose an interpreter with scikit-learn 1\.1\.2/,
    );
  });

  it("quote an interpreter with a blank in the command that installs", () => {
    expect(missingPackages(["torch", "onnx"], "/my env/bin/python")).toMatchObject({
      message: "/my env/bin/python does not have torch and onnx.",
      command: '"/my env/bin/python" -m pip install torch onnx',
    });
  });
});
