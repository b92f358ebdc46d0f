import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { bundleForNode } from "../../../scripts/bundle.mjs";

/** The real worker, built, and how a process of its own uses it: what ends the process, or limits it, must not do so to the tests. */
export interface WorkerFiles {
  readonly folder: string;
  readonly worker: string;
  /** Runs a module's body in a new process; `worker`, `createWorkerClient` and `createCrashMemory` are known in it. */
  run(body: string, env?: Readonly<Record<string, string>>): SpawnSyncReturns<string>;
}

/** Builds them into a folder of the project, because what is built looks for ONNX Runtime from where it lies. */
export async function buildWorker(): Promise<WorkerFiles> {
  mkdirSync(".cache", { recursive: true });
  const folder = mkdtempSync(resolve(".cache/worker-"));
  const place = (name: string): string => join(basename(folder), name);
  const worker = await bundleForNode("src/worker/main.ts", place("worker.cjs"));
  const [client, crashes] = [await bundleForNode("src/worker/client.ts", place("client.mjs")), await bundleForNode("src/worker/crashMemory.ts", place("crashMemory.mjs"))]; // prettier-ignore
  return {
    folder,
    worker,
    run: (body, env = {}) => {
      const script = join(folder, "host.mjs");
      const head = `import { createWorkerClient } from ${JSON.stringify(client)}; import { createCrashMemory } from ${JSON.stringify(crashes)}; const worker = ${JSON.stringify(worker)};`;
      writeFileSync(script, `${head}\n${body}`);
      return spawnSync(process.execPath, [script], { encoding: "utf8", env: { ...process.env, ...env } });
    },
  };
}
