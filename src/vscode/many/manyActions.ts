import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";
import type { FromPanel } from "../../protocol/panelMessages.js";
import { commandIds } from "../commandIds.js";
import { withSettings } from "../engineSettings.js";
import type { ExplainSession } from "../explainSession.js";
import { saveText } from "../exportExplanation.js";
import { engineSettings } from "../settings.js";
import { commandLine } from "../snippets/commandLine.js";
import type { ManySamples } from "./manySamples.js";

type What = Extract<FromPanel, { kind: "many" }>["what"];

/** What the panel's part about many samples asks for. */
export async function actOnMany(what: What, many: ManySamples, session: ExplainSession): Promise<void> {
  switch (what) {
    case "start": {
      const chosen = session.matchingRows;
      return chosen === undefined ? undefined : many.explain(withSettings(session.request, engineSettings()), chosen);
    }
    case "stop":
      return many.stop();
    case "csv": {
      const { csv } = many;
      const { model } = session.request;
      const proposal = join(dirname(model), `${basename(model, extname(model))}-means.csv`);
      return csv === undefined ? undefined : saveText("csv", proposal, csv);
    }
    case "command": {
      const { request } = many;
      if (request === undefined) return;
      await vscode.env.clipboard.writeText(commandLine({ ...request, aggregate: "meanAbs" }));
      vscode.window.setStatusBarMessage(vscode.l10n.t("Copied."), 2000);
      return;
    }
    case "dataset": {
      const { rows: _, values: __, measures: ___, ...request } = session.request;
      await vscode.commands.executeCommand(commandIds.explainDataset, { request });
    }
  }
}
