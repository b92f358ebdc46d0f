import { mkdirSync, readFileSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { build } from "esbuild";
import type { FromPanel } from "../../src/protocol/panelMessages.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { buildView, type ViewParts } from "../../src/viewmodel/build.js";
import { panelThemes } from "./panelThemes.js";

/** A panel in a bare browser: its own bundle and style sheet under the policy of the extension, without the extension. */
export interface PanelPage {
  readonly page: Page;
  /** What went wrong in the page: errors, policy violations. */
  readonly problems: string[];
  show(state: PanelState): Promise<void>;
  /** What the page sent since it was asked last, "ready" left out. */
  sent(): Promise<FromPanel[]>;
}

export const output = "test-output/panel";

export function fixture(name: "diabetes" | "review" | "digits" | "whatIf"): ViewParts {
  return JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8")) as ViewParts;
}

export function stateOf(parts: ViewParts, change: Partial<PanelState> = {}): PanelState {
  return { phase: "done", message: "", view: buildView(parts), error: null, ...change };
}

/** CHROMIUM, else where Debian puts it. */
export async function startBrowser(): Promise<Browser> {
  mkdirSync(output, { recursive: true });
  return await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
}

export async function bundleWebview(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ["webview/main.ts"],
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** Opens a page of the given width in one of VS Code's themes. */
export async function openPanel(browser: Browser, script: string, themeName: string, width: number): Promise<PanelPage> {
  const theme = panelThemes[themeName];
  if (theme === undefined) throw new Error(`no theme ${themeName}`);
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const variables = Object.entries(theme.variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  await page.setContent(
    `<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'nonce-n'; script-src 'nonce-n'"><title>Explain prediction</title><style nonce="n">:root { ${variables.join(" ")} }</style><style nonce="n">${readFileSync("media/panel.css", "utf8")}</style></head><body class="${theme.bodyClass}"><div id="root"></div><script nonce="n">window.sent = []; let kept; window.acquireVsCodeApi = () => ({ postMessage: (m) => window.sent.push(m), getState: () => kept, setState: (s) => { kept = s; } });</script><script nonce="n">${script.replaceAll("</script", "<\\/script")}</script></body></html>`,
  );
  return {
    page,
    problems,
    show: async (state) => {
      await page.evaluate(
        (message) => {
          window.postMessage(message, "*");
        },
        { kind: "state", state },
      );
      await page.waitForFunction((phase) => document.body.dataset["phase"] === phase, state.phase);
      await page.waitForTimeout(150);
    },
    sent: async () =>
      await page.evaluate(() => {
        const { sent } = window as unknown as { sent: FromPanel[] };
        return sent.splice(0).filter((message) => message.kind !== "ready");
      }),
  };
}

/** Runs in the page: what axe finds wrong, a line a rule. */
export async function violations(): Promise<string[]> {
  const { run } = (
    window as unknown as { axe: { run: (context: Document) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }
  ).axe;
  const found = await run(document);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`).join(" | ")}`);
}
