import * as vscode from "vscode";
import { barChart } from "../../charts/barChart.js";
import { themes, type ThemeName } from "../../charts/theme.js";
import type { Bar } from "../../protocol/viewModel.js";
import { creditFormatter } from "../../viewmodel/format.js";
import { largestCredit } from "../../viewmodel/rank.js";

const width = 430;
const names: Readonly<Record<vscode.ColorThemeKind, ThemeName>> = {
  [vscode.ColorThemeKind.Light]: "light",
  [vscode.ColorThemeKind.Dark]: "dark",
  [vscode.ColorThemeKind.HighContrast]: "hcDark",
  [vscode.ColorThemeKind.HighContrastLight]: "hcLight",
};

/** Bars as a picture in Markdown, in the editor's theme; the numbers are its alternative text. */
export function hoverChart(bars: readonly Bar[]): string {
  const credit = creditFormatter(largestCredit(bars));
  const words = bars.map((bar) => `${bar.label}: ${credit(bar.credit)}`).join(", ");
  const svg = barChart(bars, { width, theme: themes[names[vscode.window.activeColorTheme.kind]], title: words });
  // What Markdown would read as its own has no place in alternative text.
  return `![${words.replaceAll(/[^\p{L}\p{N}\s.,:+−-]/gu, "")}](data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")})`;
}
