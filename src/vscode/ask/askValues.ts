import { basename } from "node:path";
import * as vscode from "vscode";
import type { Inspection } from "../../protocol/explanation.js";
import type { WorkerClient } from "../../worker/client.js";
import { checkTyped, elementsOf, takesText, typedToRequest } from "../typedValue.js";

/** One value or list for each input of the model, typed. Undefined when the person left. */
export async function askValues(
  client: WorkerClient,
  model: string,
  before: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { inputs } = await client.inspect([model]);
  const asked = inputs.filter(isAsked);
  const values: Record<string, string> = {};
  for (const [i, input] of asked.entries()) {
    const typed = await vscode.window.showInputBox({
      title: vscode.l10n.t("{0}: {1} ({2} of {3})", basename(model), input.name, i + 1, asked.length),
      prompt: promptFor(input),
      value: before[input.name] ?? "",
      ignoreFocusOut: true,
      validateInput: (text) => complaintAbout(input, text),
    });
    if (typed === undefined) return undefined;
    values[input.name] = typedToRequest(input, typed);
  }
  return values;
}

/** Masks, positions and the like follow from the others; states and flags have defaults. */
const isAsked = ({ role }: Inspection["inputs"][number]): boolean => !["mask", "tokenTypes", "positions", "state", "flag"].includes(role);

function promptFor(input: Inspection["inputs"][number]): string {
  if (takesText(input)) return vscode.l10n.t("Text, or token ids as a list: [101, 2054, 102]");
  const count = elementsOf(input);
  if (count === 1) return vscode.l10n.t("One number");
  return count === undefined ? vscode.l10n.t("Numbers, separated by commas or spaces") : vscode.l10n.t("{0} numbers, separated by commas or spaces", count);
}

function complaintAbout(input: Inspection["inputs"][number], text: string): string | undefined {
  const check = checkTyped(input, text);
  switch (check.kind) {
    case "fine":
      return undefined;
    case "empty":
      return vscode.l10n.t("A value is needed.");
    case "notNumbers":
      return vscode.l10n.t("These are not all numbers.");
    case "count":
      return vscode.l10n.t("{0} numbers are needed; these are {1}.", check.wanted, check.found);
  }
}
