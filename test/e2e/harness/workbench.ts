import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Frame, type Locator, type Page } from "playwright-core";
import { findChromium } from "../../../scripts/setup/chromium.mjs";
import { startServer, type Server } from "./server.js";

/** The default themes of VS Code, by what they are for. */
export const themes = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  hcDark: "Default High Contrast",
  hcLight: "Default High Contrast Light",
} as const;
export type ThemeName = keyof typeof themes;

/** What the theme is called in the list of themes, and the class by which the workbench shows it. */
const themeChoices: Readonly<Record<ThemeName, { readonly label: string; readonly shown: string }>> = {
  dark: { label: "Dark Modern", shown: "vs-dark" },
  light: { label: "Light Modern", shown: "vs" },
  hcDark: { label: "Dark High Contrast", shown: "hc-black" },
  hcLight: { label: "Light High Contrast", shown: "hc-light" },
};

const screenshots = "test-output/screenshots";

/** The real VS Code with the packaged extension and a copy of the examples open, driven as a person would. */
export class Workbench {
  private constructor(
    private readonly folder: string,
    readonly server: Server,
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  /**
   * @param vsix the packaged extension to install
   * @param others more packages to install
   */
  static async start(vsix: string, theme: ThemeName = "dark", others: readonly string[] = []): Promise<Workbench> {
    mkdirSync(screenshots, { recursive: true });
    const folder = mkdtempSync(join(tmpdir(), "explain-workbench-"));
    cpSync("examples", join(folder, "examples"), { recursive: true });
    const server = await startServer(folder, vsix, others);
    server.setSettings({ "workbench.colorTheme": themes[theme] });
    const browser = await launchBrowser().catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const workbench = new Workbench(folder, server, browser, page);
    try {
      await page.goto(`${server.address}/?folder=${encodeURIComponent(workbench.examples)}`);
      await workbench.ready();
      return workbench;
    } catch (error) {
      await workbench.screenshot("failed-start");
      await workbench.dispose();
      throw error;
    }
  }

  /** The folder that is open: a copy that tests may change. */
  get examples(): string {
    return join(this.folder, "examples");
  }

  /** Waits for the Explorer's tree: then commands and menus are there. */
  async ready(): Promise<void> {
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
  }

  /** Runs a command of the palette by its title. The palette lists what is known when it opens, so it is opened anew until extensions were read. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input[type=text]");
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.page.keyboard.press("F1");
      await input.waitFor();
      await input.fill(`>${title}`);
      const listed = this.page.locator(".quick-input-list .monaco-list-row").first();
      await listed.waitFor();
      if (await this.itemRow(title).first().isVisible()) break;
      await this.page.keyboard.press("Escape");
      await this.page.waitForTimeout(500);
    }
    await this.pickItem(title);
  }

  /** Waits for a question of the command: a quick pick with this text in its title or its field. */
  async waitForQuickPick(placeholder: RegExp): Promise<void> {
    await this.page.locator(".quick-input-widget").getByPlaceholder(placeholder).waitFor();
  }

  /** The labels of the open quick pick, as far as they are scrolled into view. */
  quickPickLabels(): Promise<string[]> {
    return this.page.locator(".quick-input-list .monaco-list-row .label-name").allInnerTexts();
  }

  /** Chooses the item with this label; `description` tells those of the same label apart. */
  async pickItem(label: string, description = ""): Promise<void> {
    await this.itemRow(label).filter({ hasText: description }).first().click();
  }

  async closeEditors(): Promise<void> {
    // Whatever a test left open (a menu, a question) would keep the keys to itself.
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("Escape");
    await this.runCommand("View: Close All Editors");
    await this.page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
  }

  private itemRow(label: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row").filter({ has: this.page.locator(".label-name").getByText(label, { exact: true }) });
  }

  async typeInQuickPick(text: string): Promise<void> {
    await this.page.locator(".quick-input-widget input[type=text]").fill(text);
  }

  /** Chooses an item of a file's context menu in the Explorer; folders on the way are opened. */
  async explorerContext(file: string, item: string): Promise<void> {
    const row = await this.explorerRow(file);
    const entry = this.page.locator(".monaco-menu .action-label").getByText(item, { exact: true });
    await this.openMenu(row, entry);
    // A menu ignores a button that is released just after it opened.
    for (let attempt = 0; attempt < 10 && (await entry.isVisible()); attempt++) {
      await entry.click({ delay: 50, timeout: 5000 }).catch(() => undefined);
      await this.page.waitForTimeout(200);
    }
  }

  /** A menu offers what is known as it opens: what a window that was just opened is still looking for is in a later one. */
  private async openMenu(row: Locator, entry: Locator): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      await row.click({ button: "right" });
      const offered = await entry.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (offered) return;
      await this.page.keyboard.press("Escape");
    }
    throw new Error("the menu never offered it");
  }

  async explorerRow(file: string): Promise<Locator> {
    const parts = file.split("/");
    for (const [i] of parts.entries()) {
      const path = join(this.examples, ...parts.slice(0, i + 1));
      const row = this.page.locator(".explorer-folders-view .monaco-list-row").filter({ has: this.page.locator(`.monaco-icon-label[aria-label="${path}"]`) });
      await row.waitFor();
      if (i === parts.length - 1) return row;
      if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
    }
    throw new Error("no file was named");
  }

  /** The page inside the panel in sight, two frames below the workbench. */
  async panelFrame(): Promise<Frame> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        if (await hasInSight(frame, "body[data-phase] > #root")) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error("no panel is to be seen");
  }

  /** The page of a webview in sight that has an element of this selector. */
  async frameWith(selector: string): Promise<Frame> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        if (await hasInSight(frame, selector)) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`no page with ${selector} is to be seen`);
  }

  /** The page of the panel once it is in a phase ("done", "failed", "cancelled", …). */
  async panelIn(phase: string): Promise<Frame> {
    const frame = await this.panelFrame();
    await frame.locator(`body[data-phase="${phase}"]`).waitFor({ timeout: 60_000 });
    return frame;
  }

  /** Changes the theme as a person does: a settings file that is written from outside is not always noticed. */
  async setTheme(theme: ThemeName): Promise<void> {
    const { label, shown } = themeChoices[theme];
    await this.runCommand("Preferences: Color Theme");
    await this.waitForQuickPick(/Select Color Theme/);
    await this.typeInQuickPick(label);
    await this.pickItem(label);
    await this.page.locator(`.monaco-workbench.${shown}`).waitFor();
  }

  /** Keeps a picture of the whole workbench in test-output/screenshots. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** Reloads the window, as its own command does. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("domcontentloaded");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.ready();
  }

  /** Ends the browser and the server and removes the profile. */
  async dispose(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Chromium, quiet: it asks nobody on the network for anything. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("No Chromium was found: run `node scripts/setup.mjs`.");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

async function hasInSight(frame: Frame, selector: string): Promise<boolean> {
  try {
    const holder = frame.parentFrame();
    if (holder === null || (await frame.locator(selector).count()) === 0) return false;
    return await (await holder.frameElement()).isVisible();
  } catch {
    // The frame went away while it was looked at.
    return false;
  }
}
