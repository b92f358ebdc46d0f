import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { commandIds } from "../commandIds.js";
import { once } from "../once.js";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";
import type { ExplanationHistory, PastExplanation } from "./explanationHistory.js";
import { historyKey } from "./historyKey.js";

const viewId = "explainPrediction.explanations";
/** The view is there once there is something in it. */
const contextKey = "explainPrediction.hasExplanations";

type Item = { readonly kind: "model"; readonly model: string } | { readonly kind: "explanation"; readonly past: PastExplanation };

/** "Explanations" in the Explorer: what was explained in this workspace, by model; to open again, pin, compare and delete. */
export class ExplanationTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  /** Loaded with the first explanation, of this session or a former one. */
  readonly #history: () => Promise<ExplanationHistory>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    private readonly services: Services,
    private readonly panels: () => Promise<Panels>,
    state: vscode.Memento,
  ) {
    this.#history = once(async () => new (await import("./explanationHistory.js")).ExplanationHistory(state));
    const onExplanation = (run: (past: PastExplanation) => unknown) => (item: Item | undefined) => (item?.kind === "explanation" ? run(item.past) : undefined);
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      services.shown.onDidChange((model) => void this.#add(model)),
      vscode.window.registerTreeDataProvider(viewId, this),
      vscode.commands.registerCommand(
        commandIds.historyOpen,
        onExplanation(({ request }) => vscode.commands.executeCommand(commandIds.explain, request)),
      ),
      vscode.commands.registerCommand(
        commandIds.historyPin,
        onExplanation(({ id }) => this.#update((history) => history.pin(id, true))),
      ),
      vscode.commands.registerCommand(
        commandIds.historyUnpin,
        onExplanation(({ id }) => this.#update((history) => history.pin(id, false))),
      ),
      vscode.commands.registerCommand(
        commandIds.historyCompare,
        onExplanation(async ({ request }) => (await this.panels()).compare(request)),
      ),
      vscode.commands.registerCommand(commandIds.historyDelete, (item: Item | undefined) => this.#delete(item)),
    );
    if (state.get(historyKey) !== undefined) void this.#tell();
  }

  /** Models, those with the newest explanation first; below each its explanations, pinned ones first. */
  async getChildren(item?: Item): Promise<Item[]> {
    const { entries } = await this.#history();
    if (item === undefined) return [...new Set(entries.map(({ request }) => request.model))].map((model) => ({ kind: "model", model }));
    if (item.kind === "explanation") return [];
    const own = entries.filter(({ request }) => request.model === item.model);
    return [...own.filter(({ pinned }) => pinned), ...own.filter(({ pinned }) => !pinned)].map((past) => ({ kind: "explanation", past }));
  }

  async getTreeItem(item: Item): Promise<vscode.TreeItem> {
    if (item.kind === "model") {
      const row = new vscode.TreeItem(`${basename(dirname(item.model))}/${basename(item.model)}`, vscode.TreeItemCollapsibleState.Expanded);
      row.contextValue = "model";
      row.tooltip = item.model;
      row.iconPath = new vscode.ThemeIcon("type-hierarchy-sub");
      return row;
    }
    const { request, answer, target, sample, row: number, time, pinned } = item.past;
    const row = new vscode.TreeItem(vscode.l10n.t("Row {0}: {1}", number, answer === "" ? target : answer));
    const { methodLabel } = await import("../../viewmodel/names.js");
    const method = methodLabel(request.method ?? "integratedGradients");
    row.description = [...(target === "" || answer.startsWith(target) ? [] : [target]), method].join(" · ");
    row.tooltip = [sample, ...(request.samples === undefined ? [] : [request.samples]), new Date(time).toLocaleString()].join("\n");
    row.contextValue = pinned ? "pinnedExplanation" : "explanation";
    row.iconPath = new vscode.ThemeIcon(pinned ? "pinned" : "lightbulb-sparkle");
    row.command = { command: commandIds.historyOpen, title: vscode.l10n.t("Explain again"), arguments: [item] };
    return row;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #add(model: string): Promise<void> {
    const shown = this.services.shown.get(model);
    if (shown !== undefined) await this.#update((history) => history.add(shown, Date.now()));
  }

  #delete(item: Item | undefined): Promise<void> {
    return this.#update((history) => {
      const { entries } = history;
      const gone =
        item === undefined
          ? entries.filter(({ pinned }) => !pinned)
          : item.kind === "model"
            ? entries.filter(({ request }) => request.model === item.model)
            : [item.past];
      return history.remove(gone.map(({ id }) => id));
    });
  }

  async #update(change: (history: ExplanationHistory) => Promise<void>): Promise<void> {
    await change(await this.#history());
    this.#changed.fire(undefined);
    await this.#tell();
  }

  async #tell(): Promise<void> {
    await vscode.commands.executeCommand("setContext", contextKey, (await this.#history()).entries.length > 0);
  }
}
