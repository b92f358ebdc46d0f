// npm run vscode: the real VS Code in the browser, with the extension and the examples; stays until interrupted.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { setUp } from "./setup.mjs";
import { findWorkbench } from "./setup/workbench.mjs";
import { thisTarget } from "./package/targets.mjs";

const missing = await setUp("everything");
const workbench = findWorkbench();
if (missing.packages !== undefined || workbench === undefined || thisTarget === undefined) {
  console.error(missing.packages ?? missing.workbench ?? `There is no ONNX Runtime binary for ${process.platform}-${process.arch}.`);
  process.exit(1);
}
const { buildAll } = await import("./build.mjs");
const { packageTarget } = await import("./package.mjs");
const problems = await buildAll();
const file = problems.length === 0 ? await packageTarget(thisTarget) : undefined;
if (file === undefined) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

const home = mkdtempSync(join(tmpdir(), "explain-prediction-"));
const data = join(home, "data");
const extensions = join(home, "extensions");
const examples = join(home, "examples");
mkdirSync(join(data, "User"), { recursive: true });
writeFileSync(
  join(data, "User/settings.json"),
  JSON.stringify({
    "security.workspace.trust.enabled": false,
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "telemetry.telemetryLevel": "off",
  }),
);
cpSync(join(root, "examples"), examples, { recursive: true });
const places = ["--user-data-dir", data, "--extensions-dir", extensions];
if ((await run(workbench.node, [workbench.entry, ...places, "--install-extension", file], { quiet: true })) !== 0) process.exit(1);

const port = await freePort();
const server = spawn(
  workbench.node,
  [
    workbench.entry,
    "--auth",
    "none",
    "--bind-addr",
    `127.0.0.1:${port}`,
    ...places,
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-workspace-trust",
  ],
  { stdio: "ignore" },
);
const stop = () => {
  server.kill();
  rmSync(home, { recursive: true, force: true });
};
process.on("SIGINT", () => {
  stop();
  process.exit(0);
});
process.on("SIGTERM", () => {
  stop();
  process.exit(0);
});
server.on("exit", () => process.exit(1));
console.log(
  `\nVS Code with Explain Prediction and the examples: http://127.0.0.1:${port}/?folder=${encodeURIComponent(examples)}\nPress F1, type "Explain prediction", Enter; or right-click model.onnx in the Explorer. Ctrl-C ends it.`,
);

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
