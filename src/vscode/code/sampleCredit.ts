import { basename } from "node:path";
import * as vscode from "vscode";
import { samePath } from "../../base/samePath.js";
import type { SamplePage } from "../../protocol/explanation.js";
import type { Services } from "../services.js";
import type { ShownExplanation } from "../shownExplanations.js";
import { formatValue } from "../../viewmodel/format.js";
import { revealStart } from "./revealStart.js";
import { cellMarks, type CellMark } from "./cellMarks.js";
import { recordCells } from "./recordCells.js";
import { recordKind } from "./recordKind.js";

const setting = "sampleCredit.enabled";
/** Steps of colour; below the first, a credit is too small to colour. */
const levels = [0.04, 0.2, 0.45, 0.75] as const;
const opacities = [0.14, 0.28, 0.42, 0.58] as const;
/** A record is no longer than this: what follows it is not looked at. */
const longestRecord = 1 << 20;

interface Row {
  readonly shown: ShownExplanation;
  readonly page: SamplePage;
}

/** In open sample files, the explained row's cells and words in the colours of their credit. Only what is in sight is decorated. */
export class SampleCredit implements vscode.Disposable {
  /** By model: its explained row, as the reader sees it. */
  readonly #rows = new Map<string, Row>();
  readonly #types = new Map<string, vscode.TextEditorDecorationType>();
  readonly #subscriptions: vscode.Disposable;

  constructor(private readonly services: Services) {
    for (const sign of ["for", "against"] as const) for (const level of levels.keys()) this.#types.set(`${sign}${level}`, decorationType(sign, level));
    this.#subscriptions = vscode.Disposable.from(
      ...this.#types.values(),
      services.shown.onDidChange((model) => void this.#follow(model)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#drawAll()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#draw(textEditor)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`explainPrediction.${setting}`)) this.#followAll();
      }),
    );
    this.#followAll();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #followAll(): void {
    for (const model of this.services.shown.models) void this.#follow(model);
  }

  async #follow(model: string): Promise<void> {
    const shown = this.services.shown.get(model);
    const { samples, columns, values = {} } = shown?.explanation.request ?? {};
    const row = shown?.explanation.results[0]?.row;
    const enabled = vscode.workspace.getConfiguration("explainPrediction").get<boolean>(setting, true);
    // A row some of whose values were given by hand is another than the file's.
    if (shown === undefined || samples === undefined || row === undefined || recordKind(samples) === undefined || !enabled || Object.keys(values).length > 0) {
      if (this.#rows.delete(model)) this.#drawAll();
      return;
    }
    try {
      const page = await this.services.client.samples([model, samples, { from: row, count: 1, ...(columns === undefined ? {} : { columns }) }]);
      if (this.services.shown.get(model) !== shown) return;
      this.#rows.set(model, { shown, page });
      this.#drawAll();
      reveal(page);
    } catch (error) {
      this.services.log.warn(`The row in ${basename(samples)} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
  }

  #draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    if (document.uri.scheme !== "file" || recordKind(document.uri.fsPath) === undefined) return;
    const byType = new Map<string, vscode.DecorationOptions[]>([...this.#types.keys()].map((key) => [key, []]));
    for (const { shown, page } of this.#rows.values()) {
      if (!samePath(page.file, document.uri.fsPath)) continue;
      for (const { mark, range } of placedMarks(document, { shown, page })) {
        const level = levels.findLastIndex((least) => mark.strength >= least);
        if (level < 0 || !editor.visibleRanges.some((visible) => visible.intersection(range) !== undefined)) continue;
        byType.get(`${mark.credit > 0 ? "for" : "against"}${level}`)?.push({ range, hoverMessage: hover(mark, shown) });
      }
    }
    for (const [key, options] of byType) {
      const type = this.#types.get(key);
      if (type !== undefined) editor.setDecorations(type, options);
    }
  }
}

/** Scrolls to the explained row where its file is in sight: rows are also chosen in the panel. */
function reveal({ file, rows }: SamplePage): void {
  const line = rows[0]?.line;
  for (const editor of vscode.window.visibleTextEditors) {
    if (line === undefined || !samePath(editor.document.uri.fsPath, file) || line > editor.document.lineCount) continue;
    revealStart(editor, editor.document.lineAt(line - 1).range);
  }
}

/** The marks of an explained row where the document has them; none when its line is not what was explained. */
function placedMarks(document: vscode.TextDocument, { shown, page }: Row): readonly { readonly mark: CellMark; readonly range: vscode.Range }[] {
  const kind = recordKind(document.uri.fsPath);
  const [row] = page.rows;
  const [result] = shown.explanation.results;
  if (kind === undefined || row?.line === undefined || result === undefined || page.feeds === undefined || row.line > document.lineCount) return [];
  const start = document.offsetAt(new vscode.Position(row.line - 1, 0));
  const text = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(start + longestRecord)));
  const cells = recordCells(kind, text, page.columns);
  if (cells === undefined || !sameCells(text, cells, page)) return [];
  return cellMarks(cells, page.feeds, result).map((mark) => ({
    mark,
    range: new vscode.Range(document.positionAt(start + mark.from), document.positionAt(start + mark.to)),
  }));
}

/** Numbers and short texts of the line against what the reader saw: an edited row is another row. */
function sameCells(text: string, cells: NonNullable<ReturnType<typeof recordCells>>, { columns, rows }: SamplePage): boolean {
  const seen = rows[0]?.cells ?? [];
  return columns.every((column, i) => {
    const cell = cells.get(column);
    const value = seen[i] ?? "";
    if (cell === undefined) return value === "";
    const written = cell.units
      .slice(0, -1)
      .map((at) => text.charAt(at))
      .join("");
    // Lists, escaped texts and long texts are shown otherwise than they are written.
    if (/^[[{]/.test(value) || /[\\…]/.test(value + text.slice(cell.from, cell.to))) return true;
    return written.trim() === value.trim() || Number(written.replace(",", ".")) === Number(value);
  });
}

function hover(mark: CellMark, { explanation, view }: ShownExplanation): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  // Texts come from the sample: as text, never as Markdown.
  text.appendMarkdown("**").appendText(mark.what).appendMarkdown("**\n\n");
  const baselines = [...new Set(Object.values(explanation.request.baselines ?? {}))].join(", ");
  text.appendText(vscode.l10n.t("Credit {0} for {1}", mark.shown, view.target));
  if (mark.baseline !== undefined) text.appendMarkdown("\n\n").appendText(vscode.l10n.t("Baseline: {0} ({1})", formatValue(mark.baseline), baselines));
  else if (baselines !== "") text.appendMarkdown("\n\n").appendText(vscode.l10n.t("Baseline: {0}", baselines));
  return text;
}

function decorationType(sign: "for" | "against", level: number): vscode.TextEditorDecorationType {
  const colour = sign === "for" ? "240, 125, 45" : "75, 150, 235";
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    backgroundColor: `rgba(${colour}, ${opacities[level] ?? 0})`,
    // Seen in high contrast only: other themes have no such colour.
    border: "1px solid",
    borderColor: new vscode.ThemeColor("contrastBorder"),
    overviewRulerColor: new vscode.ThemeColor(sign === "for" ? "explainPrediction.creditFor" : "explainPrediction.creditAgainst"),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    // Never colour alone: what speaks against is underlined with dots.
    textDecoration: sign === "for" ? "none" : "underline dotted",
  });
}
