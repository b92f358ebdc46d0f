import { expect, test } from "vitest";
import { parseSidecar } from "../../../src/explain/sidecar.js";
import type { Inspection } from "../../../src/protocol/explanation.js";
import { inferredSidecar } from "../../../src/vscode/modelView/inferredSidecar.js";

const inspection: Pick<Inspection, "inputs" | "outputs"> = {
  inputs: [
    { name: "tokens", type: "int64", dims: ["batch", "sequence"], role: "tokens", evidence: "a Gather reads it" },
    { name: "extra", type: "float32", dims: null, role: "unknown", evidence: "" },
  ],
  outputs: [
    { name: "probabilities", type: "float32", dims: ["batch", 2], role: "probabilities", labels: ["no", "yes"] },
    { name: "state", type: "float32", dims: null, role: "unknown" },
  ],
};

test("what was inferred is written in the words of a sidecar; what is unknown is left out", () => {
  const written = inferredSidecar(inspection, "samples.csv");
  expect(written).toEqual({
    inputs: { tokens: { role: "tokens" } },
    outputs: { probabilities: { role: "probabilities", labels: ["no", "yes"] } },
    samples: "samples.csv",
  });
  // The reader of sidecars takes it as it is.
  const { inputs, outputs } = parseSidecar(JSON.stringify(written), "model.explain.json");
  expect({ inputs, outputs }).toEqual({ inputs: written.inputs, outputs: written.outputs });
  expect(inferredSidecar(inspection, undefined)).not.toHaveProperty("samples");
});
