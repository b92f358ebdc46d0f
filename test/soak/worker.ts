import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BroadcastChannel, getEnvironmentData, parentPort } from "node:worker_threads";
import "../../src/worker/main.js";
import { deathKey, memoryChannel, memoryNow, processesKey } from "./memoryNow.js";

/** The real worker, which also tells its memory when asked on a channel of its own, and which dies in the midst of a call when it is told to. */
const channel = new BroadcastChannel(memoryChannel);
channel.onmessage = ({ data }) => {
  if (data === "ask") channel.postMessage(memoryNow());
};
// It must not keep the thread alive: whether that ends is what is looked at.
(channel as unknown as { unref(): void }).unref();

const death = getEnvironmentData(deathKey);
if (parentPort !== null && death instanceof SharedArrayBuffer) {
  const wanted = new Int32Array(death);
  const post = parentPort.postMessage.bind(parentPort);
  // A step reported is the only moment at which a call that never turns the event loop can be hit.
  parentPort.postMessage = (message: { readonly kind?: string }) => {
    if (message.kind === "progress" && Atomics.exchange(wanted, 0, 0) === 1) process.exit(3);
    post(message);
  };
}

// As a process of its own it leaves its number, so that it can be killed.
const folder = process.env[processesKey];
if (parentPort === null && folder !== undefined) writeFileSync(join(folder, String(process.pid)), "");
