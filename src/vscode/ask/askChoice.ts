import * as vscode from "vscode";
import type { ExplanationView } from "../../protocol/viewModel.js";
import { formatScore } from "../../viewmodel/format.js";

/** A class out of all of the model's, highest score first; its target, or undefined when the person left. */
export async function askClass(view: ExplanationView, title: string): Promise<string | undefined> {
  const classes = [...view.prediction.classes].sort((a, b) => b.score - a.score);
  const items = classes.map(({ label, score, target }) => ({ label, description: formatScore(score), target }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t("{0} classes, highest score first", classes.length) }))?.target;
}

/** A baseline in words of the command line, typed; undefined when the person left. */
export async function askBaseline(rows: number | null): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t("Baseline: the sample that the path starts from"),
    prompt: vscode.l10n.t("A number for every element, row:N for another row of the samples, or a word such as zero, mean, median, pad"),
    value: rows === null ? "zero" : "row:0",
    validateInput: (text) =>
      text.split("+").every((part) => oneBaseline.test(part.trim())) ? undefined : vscode.l10n.t("This is none of a number, row:N or a baseline's name."),
  });
}

const oneBaseline =
  /^(?:-?\d+(?:\.\d+)?(?:e-?\d+)?|row:\d+|zero|mean|median|mode|empty|pad|mask|unk|black|blur(?::[\d.]+)?|silence|medoids(?::\d+)?|population(?::\d+)?)$/iu;
