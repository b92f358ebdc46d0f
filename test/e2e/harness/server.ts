import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { findWorkbench } from "../../../scripts/setup/workbench.mjs";

/** A running VS Code server with a user of its own: nothing is read from or written to the home folder. */
export interface Server {
  readonly address: string;
  /** Replaces the user's settings; an open window follows at once. */
  setSettings(settings: Readonly<Record<string, unknown>>): void;
  setKeybindings(keybindings: readonly Readonly<Record<string, unknown>>[]): void;
  /** Ends the server and everything it started. */
  stop(): Promise<void>;
}

const baseSettings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "explorer.compactFolders": false,
  "extensions.autoCheckUpdates": false,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "window.restoreWindows": "all",
};

/**
 * Installs a packaged extension into a fresh profile under `folder` and starts the workbench on a free port of this machine.
 * @param vsix undefined starts the workbench without it
 * @param others more packages to install
 */
export async function startServer(folder: string, vsix: string | undefined, others: readonly string[] = []): Promise<Server> {
  const workbench = findWorkbench();
  if (workbench === undefined) throw new Error("The VS Code workbench is not installed: run `node scripts/setup.mjs`.");
  const data = join(folder, "data");
  const user = join(data, "User");
  mkdirSync(user, { recursive: true });
  const setSettings = (settings: Readonly<Record<string, unknown>>): void => {
    writeFileSync(join(user, "settings.json"), JSON.stringify({ ...baseSettings, ...settings }, null, 2));
  };
  setSettings({});
  const profile = ["--user-data-dir", data, "--extensions-dir", join(folder, "extensions"), "--config", join(folder, "config.yaml")];
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, "xdg"), XDG_DATA_HOME: join(folder, "xdg"), XDG_CACHE_HOME: join(folder, "xdg") };
  for (const one of [...(vsix === undefined ? [] : [vsix]), ...others]) {
    const { status, stdout, stderr } = spawnSync(workbench.node, [workbench.entry, ...profile, "--install-extension", one], { encoding: "utf8", env });
    if (status !== 0) throw new Error(`The package was not installed: ${stdout}${stderr}`);
  }
  const port = await freePort();
  const flags = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const child = spawn(workbench.node, [workbench.entry, ...flags, ...profile], { detached: true, env, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(String(chunk)));
  const kill = (): void => killGroup(child, "SIGKILL");
  process.once("exit", kill);
  const address = `http://127.0.0.1:${port}`;
  try {
    await answers(`${address}/healthz`, child);
  } catch (error) {
    kill();
    throw new Error(`The workbench did not start: ${said.join("")}`, { cause: error });
  }
  return {
    address,
    setSettings,
    setKeybindings: (keybindings) => writeFileSync(join(user, "keybindings.json"), JSON.stringify(keybindings, null, 2)),
    stop: async () => {
      process.off("exit", kill);
      await stopChild(child);
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address === null || typeof address === "string" ? reject(new Error("no port")) : resolve(address.port)));
    });
  });
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not answer within 30 seconds");
}

/** The server forks: its whole process group goes. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => (child.exitCode === null && child.signalCode === null ? child.once("exit", () => resolve()) : resolve()));
  killGroup(child, "SIGTERM");
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
  killGroup(child, "SIGKILL");
}
