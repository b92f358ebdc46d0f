import * as vscode from "vscode";
import { markBars, markSign, markSummary, markText, sourceMarks, type LineMark } from "../../viewmodel/sourceMarks.js";
import { linkCommandIds } from "../commandIds.js";
import type { Services } from "../services.js";
import { hoverChart } from "./hoverChart.js";
import type { ModelSourceFinder } from "./modelSources.js";
import { sourceName } from "./pythonFiles.js";

const setting = "sourceCredit.enabled";
/** Typing settles before the source is looked at again; meanwhile the editor moves the decorations with the text. */
const pauseMilliseconds = 400;

/** After an explanation, each layer's share beside the source lines that define and call it. Nothing is looked for while the setting is off. */
export class SourceCredit implements vscode.Disposable {
  /** By model, then by file. */
  readonly #marks = new Map<string, ReadonlyMap<string, readonly LineMark[]>>();
  readonly #types: Readonly<Record<"-1" | "0" | "1", vscode.TextEditorDecorationType>>;
  readonly #subscriptions: vscode.Disposable;
  #pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly services: Pick<Services, "shown" | "log">,
    private readonly finder: Pick<ModelSourceFinder, "find">,
  ) {
    const type = (color: string): vscode.TextEditorDecorationType =>
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
        after: { margin: "0 0 0 3ch", color: new vscode.ThemeColor(color) },
        overviewRulerColor: new vscode.ThemeColor(color),
        overviewRulerLane: vscode.OverviewRulerLane.Right,
      });
    this.#types = { "1": type("explainPrediction.creditFor"), "-1": type("explainPrediction.creditAgainst"), "0": type("editorCodeLens.foreground") };
    this.#subscriptions = vscode.Disposable.from(
      ...Object.values(this.#types),
      services.shown.onDidChange((model) => void this.#follow(model)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.window.onDidChangeActiveColorTheme(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document.languageId === "python" && this.#marks.size > 0) this.#followLater();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`explainPrediction.${setting}`)) void this.#followAll();
      }),
    );
    void this.#followAll();
  }

  dispose(): void {
    clearTimeout(this.#pause);
    this.#subscriptions.dispose();
  }

  #followLater(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#followAll(), pauseMilliseconds);
  }

  async #followAll(): Promise<void> {
    await Promise.all(this.services.shown.models.map((model) => this.#follow(model)));
  }

  async #follow(model: string): Promise<void> {
    const layers = this.services.shown.get(model)?.layers;
    const enabled = vscode.workspace.getConfiguration("explainPrediction").get<boolean>(setting, true);
    if (layers === undefined || !enabled) {
      if (this.#marks.delete(model)) this.#draw();
      return;
    }
    try {
      const { layers: sources, model: home } = await this.finder.find(model);
      // Another explanation may have come or gone meanwhile.
      if (this.services.shown.get(model)?.layers !== layers) return;
      this.#marks.set(model, sourceMarks(layers, sources, home));
      this.#draw();
    } catch (error) {
      this.services.log.warn(`The source of ${model} could not be looked for: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #marksIn(file: string): readonly LineMark[] {
    return [...this.#marks.values()].flatMap((files) => files.get(file) ?? []);
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme !== "file") continue;
      const marks = this.#marksIn(sourceName(editor.document.uri.fsPath)).filter(({ line }) => line <= editor.document.lineCount);
      for (const sign of ["-1", "0", "1"] as const) {
        editor.setDecorations(
          this.#types[sign],
          marks.filter((mark) => String(markSign(mark)) === sign).map((mark) => this.#decoration(editor.document, mark)),
        );
      }
    }
  }

  #decoration(document: vscode.TextDocument, mark: LineMark): vscode.DecorationOptions {
    const { range } = document.lineAt(mark.line - 1);
    return { range, hoverMessage: this.#hover(mark), renderOptions: { after: { contentText: markText(mark) } } };
  }

  #hover(mark: LineMark): vscode.MarkdownString {
    const text = new vscode.MarkdownString("", true);
    text.isTrusted = { enabledCommands: [linkCommandIds.openLayer] };
    const model = [...this.#marks].find(([, files]) => [...files.values()].some((lines) => lines.includes(mark)))?.[0] ?? "";
    for (const layer of mark.layers) {
      // Names come from the model: as text, never as Markdown.
      text.appendMarkdown("**").appendText(layer.path).appendMarkdown("**\n");
      text.appendMarkdown("\n").appendText(markSummary(layer)).appendMarkdown("\n\n");
      const bars = markBars(layer);
      if (bars.length > 0) text.appendMarkdown(`${hoverChart(bars)}\n\n`);
      const argument = encodeURIComponent(JSON.stringify([{ model, layer: layer.value }]));
      text.appendMarkdown(`[$(lightbulb-sparkle) ${vscode.l10n.t("Open in the explanation")}](command:${linkCommandIds.openLayer}?${argument})\n\n`);
    }
    return text;
  }
}
