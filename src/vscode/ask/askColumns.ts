import * as vscode from "vscode";
import type { ExplainRequest } from "../../protocol/request.js";
import type { WorkerClient } from "../../worker/client.js";

/** Which columns feed which input, asked input by input: all choices so far with the new one, or undefined when the person left. Rejects as reading the file does. */
export async function askColumns(client: WorkerClient, request: ExplainRequest): Promise<ExplainRequest["columns"]> {
  const { model, samples, columns: chosen = {} } = request;
  const { inputs } = await client.inspect([model]);
  const page = await client.samples([model, samples, { from: 0, count: 1, unmapped: true }]);
  const feeds = (await client.samples([model, samples, { from: 0, count: 0 }]).catch(() => undefined))?.feeds ?? {};
  const current = (input: string): readonly string[] => chosen[input] ?? feeds[input]?.columns ?? [];
  const items = inputs.map(({ name, type, dims, role }) => ({
    label: name,
    description: `${role}, ${type}${dims === null ? "" : ` [${dims.map((d) => d ?? "?").join(", ")}]`}`,
    detail: current(name).join(", "),
  }));
  const item =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Input whose columns to choose"), matchOnDetail: true });
  if (item === undefined) return undefined;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t("Columns that feed {0}, in its order", item.label),
    prompt: vscode.l10n.t("Separated by commas. The file has: {0}", page.columns.join(", ")),
    value: current(item.label).join(", "),
    validateInput: (text) => {
      const lost = namesIn(text, page.columns).find((name) => !page.columns.includes(name));
      return lost === undefined ? undefined : vscode.l10n.t("The file has no column {0}.", lost);
    },
  });
  if (typed === undefined) return undefined;
  const { [item.label]: _, ...others } = chosen;
  const names = namesIn(typed, page.columns);
  // An empty line takes the choice back.
  return names.length === 0 ? others : { ...others, [item.label]: names };
}

/** Names between commas; a column may have commas in its own name when it is the only one typed. */
function namesIn(text: string, columns: readonly string[]): readonly string[] {
  const whole = text.trim();
  if (columns.includes(whole)) return [whole];
  return whole
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
