import { basename } from "node:path";
import * as vscode from "vscode";
import { ExplainError } from "../../base/diagnostic.js";
import type { SamplePage } from "../../protocol/explanation.js";
import type { WorkerClient } from "../../worker/client.js";

interface RowItem extends vscode.QuickPickItem {
  readonly row: number;
}

const pageSize = 200;
const longestPreview = 160;
/** Typing settles before the file is searched. */
const pauseMilliseconds = 150;

/**
 * Which row of a sample file: a list that shows the rows' values and searches the whole file as the person types; a number jumps to that row.
 * No question for a file with one row. Rejects with the reader's diagnostics when the file or the model can't be read; undefined when the person left.
 */
export async function askRow(client: WorkerClient, model: string, samples: string, last: number | undefined): Promise<number | undefined> {
  const first = await client.samples([model, samples, { from: 0, count: pageSize }]);
  const failure = first.diagnostics.find(({ severity }) => severity === "error");
  if (failure !== undefined) {
    const { code, message, severity: _, ...details } = failure;
    throw new ExplainError(code, message, details);
  }
  if (first.total <= 1) return 0;

  const pick = vscode.window.createQuickPick<RowItem>();
  pick.title = vscode.l10n.t("Explain prediction: {0}", basename(model));
  pick.placeholder = vscode.l10n.t("Row of {0} ({1} rows): type to search, or a row's number", basename(samples), first.total);
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const show = (page: SamplePage): void => {
    pick.items = itemsOf(page);
  };
  show(first);
  const before = pick.items.find(({ row }) => row === last);
  if (before !== undefined) pick.activeItems = [before];

  let search = new AbortController();
  let pause: NodeJS.Timeout | undefined;
  const look = async (text: string): Promise<void> => {
    search.abort();
    const own = (search = new AbortController());
    pick.busy = true;
    try {
      const page = await searchRows(client, model, samples, text, first, own.signal);
      if (!own.signal.aborted) show(page);
    } catch {
      // A search that failed or was superseded leaves the list as it is; choosing a row reports what is wrong with the file.
    } finally {
      if (!own.signal.aborted) pick.busy = false;
    }
  };

  return new Promise((resolve) => {
    pick.onDidChangeValue((text) => {
      clearTimeout(pause);
      pause = setTimeout(() => void look(text.trim()), pauseMilliseconds);
    });
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen === undefined) return;
      resolve(chosen.row);
      pick.hide();
    });
    pick.onDidHide(() => {
      clearTimeout(pause);
      search.abort();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

/** Rows that hold the text, and before them the row of that number. */
async function searchRows(client: WorkerClient, model: string, samples: string, text: string, first: SamplePage, signal: AbortSignal): Promise<SamplePage> {
  if (text === "") return first;
  const row = /^\d+$/.test(text) ? Number(text) : undefined;
  const numbered = row === undefined || row >= first.total ? [] : (await client.samples([model, samples, { from: row, count: 1 }], { signal })).rows;
  const found = await client.samples([model, samples, { from: 0, count: pageSize, search: text }], { signal });
  return { ...found, rows: [...numbered, ...found.rows.filter((other) => other.row !== row)] };
}

function itemsOf({ columns, rows }: SamplePage): RowItem[] {
  return rows.map(({ row, cells, label }) => {
    const preview = cells.map((cell, i) => (columns.length > 1 ? `${columns[i] ?? ""} ${cell}` : cell)).join(", ");
    return {
      row,
      label: vscode.l10n.t("Row {0}", row),
      description: `${label === undefined ? "" : `${label} · `}${preview.length > longestPreview ? `${preview.slice(0, longestPreview)}…` : preview}`,
      // The search already decided what matches.
      alwaysShow: true,
    };
  });
}
