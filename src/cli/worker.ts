import { limitsHere } from "../base/limits.js";
import { createWorkerClient, type CallOptions, type WorkerClient } from "../worker/client.js";
import type { Io } from "./io.js";

/** Does something with the worker thread that owns ONNX Runtime (so that an interrupt is seen while a model runs), and lets the thread end. */
export async function withWorker<T>(io: Io, action: (worker: WorkerClient, options: CallOptions) => Promise<T>): Promise<T> {
  const worker = createWorkerClient(new URL("worker.cjs", import.meta.url), { limits: limitsHere });
  const progress: CallOptions["progress"] = ({ message, fraction }) =>
    io.status(`${message}${fraction === undefined ? "" : ` ${Math.round(100 * fraction)} %`}`);
  try {
    return await action(worker, { signal: io.signal, progress });
  } finally {
    io.status("");
    await worker.dispose();
  }
}
