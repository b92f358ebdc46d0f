import { basename, isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import { formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import type { CallOptions } from "../../worker/client.js";
import type { Services } from "../services.js";
import type { ExplainInput, ModelInput } from "./toolInput.js";

/** The tools that agents in the editor may use, by the names that package.json declares. What they do is loaded when one is called. */
export function registerTools(services: Services): vscode.Disposable {
  const { client } = services;
  return vscode.Disposable.from(
    vscode.lm.registerTool<ExplainInput>(
      "explainPrediction_explain",
      tool(
        ({ model, samples, row }) => ({
          doing: vscode.l10n.t("Explaining a prediction of {0}", basename(String(model))),
          confirm: {
            title: vscode.l10n.t("Explain a prediction"),
            message: vscode.l10n.t(
              "Run {0} on {1}?",
              String(model),
              samples === undefined ? vscode.l10n.t("its samples") : `${samples}, ${vscode.l10n.t("row {0}", row ?? 0)}`,
            ),
          },
        }),
        async (input, options) => {
          const [{ requestOf }, { explanationText }] = await Promise.all([import("./toolInput.js"), import("./toolText.js")]);
          const { request, layers } = requestOf(input, resolve);
          const explanation = await client.explain([{ anyMethod: true, ...request }], options);
          const inspection = await client.inspect([request.model], options);
          return explanationText(explanation, inspection, layers ? await client.layers([request], options) : undefined);
        },
      ),
    ),
    vscode.lm.registerTool<ModelInput>(
      "explainPrediction_inspect",
      tool(
        ({ model }) => ({
          doing: vscode.l10n.t("Inspecting {0}", basename(String(model))),
        }),
        async (input, options) => {
          const [{ modelOf }, { inspectionText }] = await Promise.all([import("./toolInput.js"), import("./toolText.js")]);
          return inspectionText(await client.inspect([modelOf(input, resolve)], options));
        },
      ),
    ),
    vscode.lm.registerTool<ModelInput>(
      "explainPrediction_methods",
      tool(
        ({ model }) => ({
          doing: vscode.l10n.t("Listing the methods for {0}", basename(String(model))),
        }),
        async (input, options) => {
          const [{ modelOf }, { methodsText }] = await Promise.all([import("./toolInput.js"), import("./toolText.js")]);
          return methodsText(await client.inspect([modelOf(input, resolve)], options));
        },
      ),
    ),
  );
}

interface Words {
  readonly doing: string;
  /** Asked before a model is run; reading a file asks nothing. */
  readonly confirm?: vscode.LanguageModelToolConfirmationMessages;
}

/** A tool that says what it will do, can be cancelled, and answers with text; what goes wrong is text too, with what to do about it. */
function tool<T>(words: (input: T) => Words, run: (input: T, options: CallOptions) => Promise<string>): vscode.LanguageModelTool<T> {
  return {
    prepareInvocation: ({ input }) => {
      const { doing, confirm } = words(input);
      return { invocationMessage: doing, ...(confirm === undefined ? {} : { confirmationMessages: confirm }) };
    },
    invoke: async ({ input }, token) => {
      const work = new AbortController();
      const listening = token.onCancellationRequested(() => work.abort());
      try {
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(await run(input, { signal: work.signal }))]);
      } catch (error) {
        const diagnostic = toDiagnostic(error);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(`${diagnostic.code}: ${formatDiagnostic(diagnostic)}`)]);
      } finally {
        listening.dispose();
      }
    },
  };
}

/** Paths as an agent writes them: absolute, or from a folder of the workspace. */
function resolve(path: string): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return isAbsolute(path) || folder === undefined ? path : join(folder.uri.fsPath, path);
}
