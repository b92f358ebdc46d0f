import { Worker } from "node:worker_threads";
import { noTelemetry } from "../base/noTelemetry.js";
import type { StartHost } from "./serviceHost.js";

/** A thread: starts at once and shares memory, but what crashes ONNX Runtime ends the whole process. It is never terminated: that aborts the process, too. */
export const startThread: StartHost = (file, receive, ended) => {
  noTelemetry();
  const worker = new Worker(file);
  let reason: unknown;
  worker.on("message", receive);
  worker.on("error", (error) => (reason = error));
  worker.on("exit", (code) => ended({ reason, code, signal: null }));
  return {
    post: (message) => worker.postMessage(message),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
};
