import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { commandIds } from "../../../src/vscode/commandIds.js";
import { example, explain } from "./explain.js";

const extensionId = "explain-prediction.explain-prediction";

/** What is checked from inside the extension host, by name. The examples are the open folder. */
export const cases: Readonly<Record<string, () => Promise<void>>> = {
  "the command is there under its title": async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    ok(extension, `${extensionId} is not installed`);
    await extension.activate();
    const registered = await vscode.commands.getCommands(true);
    deepStrictEqual(
      Object.values(commandIds).filter((id) => !registered.includes(id)),
      [],
    );
  },

  "a request settles with the explanation the panel shows": async () => {
    const state = await explain({ model: example("diabetes/model.onnx"), samples: example("diabetes/samples.csv"), rows: [3] });
    strictEqual(state.phase, "done", state.error?.message);
    const { check, inputs } = state.view ?? {};
    ok(check?.delta !== null && check?.delta !== undefined && Math.abs(check.delta) < 1e-4, `delta is ${check?.delta}`);
    deepStrictEqual(
      inputs?.map(({ name, kind }) => [name, kind]),
      [["measurements", "features"]],
    );
  },

  "a broken model fails with its code and disturbs nothing": async () => {
    const folder = mkdtempSync(join(tmpdir(), "explain-inhost-"));
    try {
      const broken = join(folder, "broken.onnx");
      writeFileSync(broken, "This is not a model.\n");
      const state = await explain({ model: broken, values: { x: "1" } });
      strictEqual(state.phase, "failed");
      strictEqual(state.error?.code, "NOT_A_MODEL");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const next = await explain({ model: example("diabetes/model.onnx"), samples: example("diabetes/samples.csv"), rows: [0] });
    strictEqual(next.phase, "done", next.error?.message);
  },

  "a row that does not exist is refused by its code": async () => {
    const state = await explain({ model: example("diabetes/model.onnx"), samples: example("diabetes/samples.csv"), rows: [100_000] });
    strictEqual(state.phase, "failed");
    strictEqual(state.error?.code, "ROW_MISSING");
  },

  "cancel settles what runs": async () => {
    const running = explain({
      model: example("diabetes/model.onnx"),
      samples: example("diabetes/samples.csv"),
      rows: [1],
      options: { rule: "riemann_middle", steps: 2_000_000 },
    });
    await vscode.commands.executeCommand(commandIds.cancel);
    strictEqual((await running).phase, "cancelled");
  },
};
