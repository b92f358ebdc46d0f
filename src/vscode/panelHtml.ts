/** The addresses a page may load, as the webview wants them. */
export interface PanelAddresses {
  readonly script: string;
  readonly style: string;
  /** The webview's own origin for the policy. */
  readonly cspSource: string;
  /** Fresh for every page: only the script that carries it runs. */
  readonly nonce: string;
  /** The page's language, and its words: VS Code's bundle for it; none for English. */
  readonly language?: string;
  readonly words?: Readonly<Record<string, string>>;
}

/**
 * The panel's page: nothing but the script and the style of the extension. No inline code, no network, no frames; pictures only as data of the page itself.
 * Whatever the page shows comes later, as plain data in messages.
 */
export function panelHtml({ script, style, cspSource, nonce, language = "en", words }: PanelAddresses): string {
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${attributeText(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Explain Prediction</title>
</head>
<body>
<div id="root"${words === undefined ? "" : ` data-words="${attributeText(JSON.stringify(words))}"`}></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

const attributeText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
