import { stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { decodeModel } from "../../../src/graph/decode.js";
import { parseModel } from "../../../src/onnx/parse.js";
import { leaveInFile, readReleasable } from "../../../src/runtime/modelFile.js";
import { openModel } from "../../../src/runtime/open.js";
import { createSession } from "../../../src/runtime/session.js";
import { weightSettings } from "../../../src/runtime/weights.js";
import { tensor } from "../../../src/tensor/tensor.js";

const file = "examples/digits/model.onnx";

test("a model whose bytes were given back runs from its file and gives the same numbers", async () => {
  const { bytes, release } = await readReleasable(file, (await stat(file)).size);
  const model = leaveInFile(decodeModel(parseModel(bytes, file)), file, bytes);
  release();
  expect(bytes).toHaveLength(0);
  const kinds = [...model.graph.initializers.values()].map((i) => i.content.kind);
  expect(kinds).toContain("external");
  expect(kinds).toContain("raw");
  expect([...model.graph.initializers.values()].every((i) => i.content.kind !== "raw" || i.content.bytes.length > 0)).toBe(true);

  const image = tensor(
    "float32",
    [1, 1, 8, 8],
    Array.from({ length: 64 }, (_, i) => (i % 7) / 7),
  );
  const session = await createSession(model.graph, weightSettings(file, bytes, model.graph));
  const whole = await openModel(file);
  const [mine, theirs] = [await session.run({ image }), await whole.run({ image })];
  expect(mine["probabilities"]?.data).toEqual(theirs["probabilities"]?.data);
  await session.release();
  await whole.dispose();
});

test("a file that is shorter than it was said to be gives what there is", async () => {
  const { size } = await stat(file);
  const { bytes } = await readReleasable(file, size + 100);
  expect(bytes).toHaveLength(size);
});
