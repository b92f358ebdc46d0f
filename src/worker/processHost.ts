import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromWorker } from "../protocol/rpc.js";
import type { StartHost } from "./serviceHost.js";

/** A process that was asked to close and is inside the runtime gets this long, in milliseconds: unlike a thread it can be ended. */
const closingTime = 3000;
/** So much of what a dying process writes is kept, in characters: its last words say why. */
const keptWords = 2000;

/**
 * A process of its own with the thread inside (relay.ts). When native code crashes it, this process goes on. Messages are copied: values keep their types
 * (typed arrays, NaN), and the flag that stops a call is made over there.
 */
export const startProcess: StartHost = (file, receive, ended) => {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const child = fork(path, [], {
    serialization: "advanced",
    // The editor's own program is Electron, which is Node when told so. Its debugging options are not for this process.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let words = "";
  let failure: unknown;
  let over = false;
  const end = (code: number | null, signal: string | null): void => {
    if (over) return;
    over = true;
    const last = words.trim().split("\n").at(-1) ?? "";
    ended({ reason: failure ?? (last === "" ? undefined : new Error(last.slice(0, 300))), code, signal });
  };
  child.stderr?.on("data", (chunk) => (words = (words + String(chunk)).slice(-keptWords)));
  child.on("message", (message) => receive(message as FromWorker));
  child.on("error", (error) => {
    failure ??= error;
    // A process that could not be started never exits.
    if (child.pid === undefined) end(null, null);
  });
  child.on("close", end);
  const streams = child.stderr as { ref?(): void; unref?(): void } | null;
  return {
    post: (message) => {
      if (child.connected)
        child.send(
          message.kind === "call" ? { kind: "call", call: message.call, limits: message.limits } : message,
          (error) => (failure ??= error ?? undefined),
        );
      if (message.kind === "close") setTimeout(() => child.kill("SIGKILL"), closingTime).unref();
    },
    kill: () => void child.kill("SIGKILL"),
    ref: () => {
      child.ref();
      child.channel?.ref();
      streams?.ref?.();
    },
    unref: () => {
      child.unref();
      child.channel?.unref();
      streams?.unref?.();
    },
  };
};
