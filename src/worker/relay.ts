import { Worker } from "node:worker_threads";
import { noTelemetry } from "../base/noTelemetry.js";
import type { Limits } from "../base/limits.js";
import type { FromWorker, ToWorker, WorkerCall } from "../protocol/rpc.js";

/** What comes from the other process: there is no shared memory between two, so a call has no flag. */
type FromParent = { readonly kind: "call"; readonly call: WorkerCall; readonly limits: Limits } | Exclude<ToWorker, { readonly kind: "call" }>;

/**
 * Runs in the forked process: passes messages on between the process that asked and a thread with the service, so that this process can hear a cancelling while
 * the thread is inside the runtime. Ends with the process that asked, and when the thread ends.
 * @param file the worker's built file, which is this process's own
 */
export function relay(file: string): void {
  const flags = new Map<number, Int32Array>();
  noTelemetry();
  const worker = new Worker(file);
  const stop = (id: number): void => {
    const flag = flags.get(id);
    if (flag !== undefined) Atomics.store(flag, 0, 1);
  };
  process.on("message", (message: FromParent) => {
    if (message.kind === "call") {
      const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      flags.set(message.call.id, new Int32Array(flag));
      worker.postMessage({ ...message, flag } satisfies ToWorker);
      return;
    }
    if (message.kind === "cancel") stop(message.id);
    else for (const id of flags.keys()) stop(id);
    worker.postMessage(message);
  });
  process.on("disconnect", () => process.exit());
  worker.on("message", (message: FromWorker) => {
    if (message.kind !== "progress") flags.delete(message.id);
    process.send?.(message);
  });
  worker.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  worker.on("exit", (code) => {
    process.exitCode ??= code;
    process.disconnect();
  });
}
