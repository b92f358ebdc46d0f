import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildAll } from "../../scripts/build.mjs";
import { buildInHostSuite, inHostResults } from "../../scripts/inHostSuite.mjs";
import { stage } from "../../scripts/package/stage.mjs";
import { thisTarget } from "../../scripts/package/targets.mjs";
import { startServer, type Server } from "./harness/server.js";
import { launchBrowser } from "./harness/workbench.js";
import type { CaseResult } from "./inhost/suite.js";

/** The suite that runs inside the extension host: what no click can reach. `npm run test:electron` runs the same one in a desktop VS Code. */

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "explain-inhost-"));
  cpSync("examples", join(folder, "examples"), { recursive: true });
  server = await startServer(folder, undefined);
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

it("every case inside the extension host passes", async () => {
  expect(await buildAll()).toEqual([]);
  const suite = await buildInHostSuite();
  const remote = (path: string): string => `vscode-remote://${new URL(server.address).host}${path}`;
  const payload = [
    ["extensionDevelopmentPath", remote(stage(thisTarget!))],
    ["extensionTestsPath", remote(suite)],
  ];
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}/?folder=${encodeURIComponent(join(folder, "examples"))}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    // A tool asks before it runs a model: yes.
    const yes = page.locator(".monaco-dialog-box .dialog-buttons .monaco-button").first();
    const settled = async (): Promise<boolean> => {
      if (await yes.isVisible().catch(() => false)) await yes.click({ timeout: 1000 }).catch(() => undefined);
      return existsSync(inHostResults);
    };
    await expect.poll(settled, { timeout: 280_000, interval: 200 }).toBe(true);
  } finally {
    await browser.close();
  }
  const results = JSON.parse(readFileSync(inHostResults, "utf8")) as CaseResult[];
  expect(results.length).toBeGreaterThan(0);
  expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
}, 300_000);
