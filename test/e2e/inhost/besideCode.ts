import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { PanelState } from "../../../src/protocol/viewModel.js";
import type { ExplainPredictionApi } from "../../../src/vscode/api.js";
import { commandIds } from "../../../src/vscode/commandIds.js";
import { example } from "./explain.js";

/** What is beside the code, seen from inside the extension host: the API, lenses, the model view, tools of agents. */
export const besideCodeCases: Readonly<Record<string, () => Promise<void>>> = {
  "the API explains without a panel, with the numbers of the panel": async () => {
    const api = await theApi();
    strictEqual(api.version, 1);
    const explained = next(api.onDidExplain);
    const state = await vscode.commands.executeCommand<PanelState>(commandIds.explain, diabetes(3));
    strictEqual(state.phase, "done", state.error?.message);
    const shown = await explained;
    const own = await api.explain(diabetes(3));
    deepStrictEqual(own.results.map(credits), shown.results.map(credits));
    const { layers } = await api.layers(diabetes(3));
    deepStrictEqual(
      layers.map(({ path }) => path),
      ["linear1", "sigmoid1", "linear2", "sigmoid2", "linear3"],
    );
  },

  "the API refuses what is no request, and can be cancelled": async () => {
    const api = await theApi();
    await rejects(api.explain({ model: 3 } as never), (error: { diagnostic?: { code: string } }) => error.diagnostic?.code === "OPTION_INVALID");
    const cancellation = new vscode.CancellationTokenSource();
    const running = api.explain({ ...diabetes(0), options: { rule: "riemann_middle", steps: 2_000_000 } }, { token: cancellation.token });
    cancellation.cancel();
    await rejects(running, (error: { diagnostic?: { code: string } }) => error.diagnostic?.code === "CANCELLED");
  },

  "layers are found on their source lines, through edits that are not saved": async () => {
    const api = await theApi();
    const file = example("diabetes/network.py").replace(/\\/g, "/");
    const before = await api.sources(example("diabetes/model.onnx"));
    deepStrictEqual(before["linear1"], { file, definition: 11, calls: [{ file, line: 20 }] });
    const document = await vscode.workspace.openTextDocument(example("diabetes/network.py"));
    const original = document.getText();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "# first\n# second\n");
    ok(await vscode.workspace.applyEdit(edit));
    try {
      strictEqual((await api.sources(example("diabetes/model.onnx")))["linear1"]?.definition, 13);
      const rename = new vscode.WorkspaceEdit();
      rename.replace(document.uri, document.lineAt(12).range, "        self.first = nn.Linear(8, 12)");
      await vscode.workspace.applyEdit(rename);
      strictEqual((await api.sources(example("diabetes/model.onnx")))["linear1"]?.differs, true);
    } finally {
      // Written back rather than reverted: a workbench in the browser saves by itself.
      const restore = new vscode.WorkspaceEdit();
      restore.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), original);
      await vscode.workspace.applyEdit(restore);
      await document.save();
    }
    strictEqual(readFileSync(document.uri.fsPath, "utf8"), original);
  },

  "go to layer source shows the line": async () => {
    const place = await vscode.commands.executeCommand<vscode.Location | undefined>(commandIds.goToLayer, {
      model: example("review-profile/model.onnx"),
      layer: "text_encoder.lstm",
    });
    strictEqual(place?.range.start.line, 9);
    strictEqual(vscode.window.activeTextEditor?.document.uri.fsPath, example("review-profile/network.py"));
    match(vscode.window.activeTextEditor?.document.getText(vscode.window.activeTextEditor.selection) ?? "", /self\.lstm = nn\.LSTM/);
  },

  "the model's class has a lens with its layers and the last answer": async () => {
    const uri = vscode.Uri.file(example("diabetes/network.py"));
    await vscode.commands.executeCommand<PanelState>(commandIds.explain, diabetes(0));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
    deepStrictEqual(
      lenses.map(({ range }) => range.start.line),
      [5],
    );
    match(lenses[0]?.command?.title ?? "", /Explain prediction · 6 layers · last: \w+ \d+(\.\d)? %/);
    strictEqual(lenses[0]?.command?.command, commandIds.explain);
    await configured("codeLens.enabled", false, async () => {
      deepStrictEqual(await vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri), []);
    });
  },

  "the cursor's row has a lens that explains it": async () => {
    const document = await vscode.workspace.openTextDocument(example("diabetes/samples.csv"));
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(6, 2, 6, 2);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    match(lenses[0]?.command?.title ?? "", /row 5 · model\.onnx/);
    strictEqual(lenses[0]?.range.start.line, 6);
    const state = await vscode.commands.executeCommand<PanelState | undefined>(commandIds.explainRow);
    strictEqual(state?.view?.row, 5);
  },

  "a model opens in its view, which is an option and not the default": async () => {
    const uri = vscode.Uri.file(example("digits/model.onnx"));
    await vscode.commands.executeCommand("vscode.openWith", uri, "explainPrediction.model");
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    ok(input instanceof vscode.TabInputCustom);
    strictEqual(input.viewType, "explainPrediction.model");
    const manifest = vscode.extensions.getExtension<ExplainPredictionApi>(extensionId)?.packageJSON as {
      contributes: { customEditors: { priority: string }[] };
    };
    strictEqual(manifest.contributes.customEditors[0]?.priority, "option");
  },

  "agents inspect a model and list its methods": async () => {
    deepStrictEqual(
      vscode.lm.tools
        .map(({ name }) => name)
        .filter((name) => name.startsWith("explainPrediction_"))
        .sort(),
      ["explainPrediction_explain", "explainPrediction_inspect", "explainPrediction_methods"],
    );
    match(await invoke("explainPrediction_inspect", { model: "diabetes/model.onnx" }), /- linear1: Linear, 108 parameters, network\.py:11/);
    match(await invoke("explainPrediction_methods", { model: example("diabetes/model.onnx") }), /Methods that work for model\.onnx: integratedGradients/);
    match(await invoke("explainPrediction_inspect", { model: "diabetes/lost.onnx" }), /^FILE_NOT_FOUND: .*There is no such file/);
  },

  "agents ask why": async () => {
    // The question whether the model may be run is answered by whoever drives the window; a desktop window is driven by nobody.
    if (vscode.env.uiKind === vscode.UIKind.Desktop) return;
    const answer = await invoke("explainPrediction_explain", { model: "diabetes/model.onnx", samples: "diabetes/samples.csv", row: 3, layers: true });
    match(answer, /Predicted neg/);
    match(answer, /- mass = 20: \+0\.1/);
    match(answer, /- linear1 \(Linear, network\.py:11\): 100 %/);
    ok(answer.length < 2500, `the answer has ${answer.length} characters`);
    match(await invoke("explainPrediction_explain", { model: "diabetes/model.onnx", row: -1 }), /^OPTION_INVALID: "row"/);
  },
};

const extensionId = "explain-prediction.explain-prediction";

async function theApi(): Promise<ExplainPredictionApi> {
  const extension = vscode.extensions.getExtension<ExplainPredictionApi>(extensionId);
  ok(extension, `${extensionId} is not installed`);
  return extension.activate();
}

const diabetes = (row: number): { model: string; samples: string; rows: number[] } => ({
  model: example("diabetes/model.onnx"),
  samples: example("diabetes/samples.csv"),
  rows: [row],
});

const credits = ({ attributions }: Explanation["results"][number]): unknown => Object.entries(attributions).map(([name, { data }]) => [name, data]);

function next<T>(event: vscode.Event<T>): Promise<T> {
  return new Promise((resolve) => {
    const listening = event((value) => {
      listening.dispose();
      resolve(value);
    });
  });
}

async function configured(setting: string, value: unknown, body: () => Promise<void>): Promise<void> {
  const settings = vscode.workspace.getConfiguration("explainPrediction");
  await settings.update(setting, value, vscode.ConfigurationTarget.Global);
  try {
    await body();
  } finally {
    await settings.update(setting, undefined, vscode.ConfigurationTarget.Global);
  }
}

async function invoke(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
}
