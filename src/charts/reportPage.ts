import { t } from "../protocol/words.js";
import { Markup, markup } from "./markup.js";
import { chartStyle } from "./style.js";
import { themeProperties, themes } from "./theme.js";

const style = `:root {
  color-scheme: light dark;
${themeProperties(themes.light)}
  --ep-good: #1a7f37;
  --ep-poor: #b42318;
}
@media (prefers-color-scheme: dark) { :root {
${themeProperties(themes.dark)}
  --ep-good: #4cb05a;
  --ep-poor: #f47067;
} }
@media (prefers-contrast: more) { :root {
${themeProperties(themes.hcLight)}
} }
@media (prefers-contrast: more) and (prefers-color-scheme: dark) { :root {
${themeProperties(themes.hcDark)}
} }
body { margin: 0 auto; padding: 20px; max-width: 1400px; background: var(--ep-background); color: var(--ep-text); font: 13px/1.45 var(--ep-font); }
footer { margin-top: 24px; color: var(--ep-muted); }
@media print { body { padding: 0; } .ep-section { break-inside: avoid; } }
${chartStyle()}`;

/** The editor says on a page's body which theme it has; a reader's preference may be another. */
const embeddedStyle = (
  [
    ["vscode-light", themes.light, "#1a7f37", "#b42318"],
    ["vscode-dark", themes.dark, "#4cb05a", "#f47067"],
    ["vscode-high-contrast", themes.hcDark, "#4cb05a", "#f47067"],
    ["vscode-high-contrast-light", themes.hcLight, "#1a7f37", "#b42318"],
  ] as const
)
  .map(([name, theme, good, poor]) => `body.${name} {\n${themeProperties(theme)}\n  --ep-good: ${good};\n  --ep-poor: ${poor};\n}`)
  .join("\n");

/** A page that stands alone: no script, nothing loaded from anywhere, the reader's own light, dark or high contrast; the editor's where it is `embedded` in a panel. */
export function reportPage(title: string, body: Markup, { embedded = false }: { readonly embedded?: boolean } = {}): string {
  return `<!doctype html>\n${
    markup`<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Markup(embedded ? `${style}${embeddedStyle}` : style)}</style></head><body><main>${body}</main><footer>${t("Made by Explain Prediction.")}</footer></body></html>`
      .text
  }\n`;
}
