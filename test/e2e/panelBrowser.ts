import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { present } from "../../src/base/assert.js";
import { bundleWebview, openPanel, startBrowser, type PanelPage } from "./panelPage.js";

/** Widths that every theme is looked at in, one each: two columns, one, and the narrowest. */
export const themesAndWidths = [
  ["light", 1200],
  ["dark", 560],
  ["hcDark", 900],
  ["hcLight", 300],
] as const;

/** A browser for the tests of one file, closed after them: `openPanel` shows a panel in one of VS Code's themes, `newPage` anything else. */
export function panelBrowser(): {
  readonly openPanel: (theme: string, width: number) => Promise<PanelPage>;
  readonly newPage: (options: BrowserContextOptions) => Promise<Page>;
} {
  let browser: Browser | undefined;
  let script = "";
  beforeAll(async () => {
    [browser, script] = await Promise.all([startBrowser(), bundleWebview()]);
  });
  afterAll(() => browser?.close());
  const running = (): Browser => present(browser, "browser");
  return { openPanel: (theme, width) => openPanel(running(), script, theme, width), newPage: (options) => running().newPage(options) };
}
